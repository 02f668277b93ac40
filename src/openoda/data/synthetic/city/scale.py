"""Sizes that every part of the city shares, and the day as at which it stands."""

from datetime import date

VERSION = "1.0.0"
"""The generator's version. Same version, people and seed: the same city, value for value."""

LABEL = "SYNTHETIC: made by OpenODA; nobody and no place in it exists"

BLOCK = 25_000
"""People in a block. A block is a postcode district; households, moves and agencies' records of its
people stay inside it, names of people, streets and towns don't."""

LEAST_PEOPLE, MOST_PEOPLE = 10_000, 10_000_000

EPOCH = date(1900, 1, 1)
"""Days are counted from here."""

AS_AT = (date(2026, 4, 1) - EPOCH).days
"""The day as at which every agency's extract was taken."""

YEAR = 365


def blocks_of(people: int) -> list[tuple[int, int]]:
    """Each block's number and how many people it has: full ones, then what is left."""
    full, rest = divmod(people, BLOCK)
    return [(number, BLOCK) for number in range(full)] + ([(full, rest)] if rest else [])
