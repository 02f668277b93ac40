"""Comparing pairs of records: their values as entries, conditions asked of many pairs, measures."""
