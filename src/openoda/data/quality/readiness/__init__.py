"""Linkage readiness: what two parties' files would link, told from each party's own statistics.

`gathering` makes a party's statistics from its own records; `forecast` holds two parties' statistics
against one another. Statistics hold counts of at least ten and rates, never a value of a record.
"""
