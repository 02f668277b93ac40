"""The checks that sank real projects, run by themselves. One module a check.

Each looks at the structure of the data, never at a column's name, and answers a `Caution` or None.
"""
