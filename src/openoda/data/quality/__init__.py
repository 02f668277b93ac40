"""Profiling a dataset: what each column holds, what can't be right, and how good the whole is.

`profile` in `profiling` is the door. Everything here works on batches that somebody else has the
right to read, and answers with counts and places, never with a row.
"""
