"""Data that others publish: where it is, and how we know that it is what was published."""
