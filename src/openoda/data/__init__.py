"""Data as it arrives: intake turns a delivered file into checked Arrow tables."""
