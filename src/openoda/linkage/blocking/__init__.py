"""Which pairs of records are looked at: blocks of equal values, and what they cost."""
