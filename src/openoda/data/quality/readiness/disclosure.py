"""What of a count may leave the party: nothing under ten, and the rest to the nearest five.

Rounding keeps a suppressed count from being worked out from the others. Source: the two steps that
NHS Digital uses for Hospital Episode Statistics (counts of 1 to 7 suppressed, others to the nearest
five), with our house's threshold of ten.
"""

FEWEST, STEP = 10, 5
MOST_HIDDEN = FEWEST - 1


def disclosed(count: int) -> int | None:
    """The count to the nearest five; None where fewer than ten, nought too."""
    return None if count < FEWEST else STEP * round(count / STEP)
