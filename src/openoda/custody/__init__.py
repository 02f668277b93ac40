"""Everything that is kept: the workspace, the vault of immutable files, the audit chain."""
