"""What runs SQL over Arrow tables. Nothing else in the house talks to DuckDB."""
