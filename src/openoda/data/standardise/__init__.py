"""Standardising: the rules of `standards.uk` over Arrow columns, the original always kept beside."""
