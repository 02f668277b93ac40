"""Prioritise work for impact: who should be visited first, and is the order worth anything?

`plan` says what is wanted, `analysis` tries every order on what came later, `choice` picks rule and
model on training folds only, `worklist` gives out the places.
"""
