"""The six opportunity types, and what they share.

Shared: `cases` (what is ranked), `measures` and `resampling` (what an order is worth), `scorers`
(what puts cases in order), `time_splits`, `checks`, `lottery`, `reasons`.
One package a type: `prioritise` so far. Types never import one another.
"""
