"""The `oda` command: thin, and nothing here decides anything."""
