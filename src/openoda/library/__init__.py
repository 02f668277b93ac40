"""Intervention packages: proven work as files that another council can read, trust and run."""
