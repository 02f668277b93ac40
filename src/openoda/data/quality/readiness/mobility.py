"""How much more often people of some ages move, and what that makes of a file's rate of moves.

Source: the model migration schedule with its fundamental parameters (Rogers and Castro, Model Migration
Schedules, International Institute for Applied Systems Analysis, RR-81-30, 1981; the parameters as R's
migest has them), a curve that fits countries alike: children move with their parents, people in their
twenties most, the old seldom. Who moves often also tells his address anew more often, so that the root
of the ratio is taken (our choice).
"""

from collections.abc import Mapping

import numpy as np

from openoda.data.quality.readiness.fields import Array

_YEARS_KEPT = 5
"""An address is taken to have been written down at some time in so many years."""
_OLDEST = 100
_STEP = 0.5


def intensity(age: Array) -> Array:
    """How often people of an age move, against one another."""
    child = 0.02 * np.exp(-0.1 * age)
    grown = 0.06 * np.exp(-0.1 * (age - 20) - np.exp(-0.4 * (age - 20)))
    return np.asarray(child + grown + 0.003)


def relative_moves(
    rows: Mapping[tuple[int, int] | None, int], year: int
) -> tuple[list[float], float]:
    """How many times as often people of each band have moved as the file's do, and the file as all do.

    `rows`: first and last year of birth of a band (None: not known), and its records. `year`: when the
    file was measured.
    """
    known = {years: many for years, many in rows.items() if years is not None}
    moves = {years: _of_band(years, year) for years in known}
    total = sum(known.values())
    file = sum(many * moves[years] for years, many in known.items()) / total if total else 1.0
    return [1.0 if years is None else moves[years] / file for years in rows], file


def _of_band(years: tuple[int, int], year: int) -> float:
    """Against all ages alike up to eighty."""
    first, last = max(years[0], year - _OLDEST), min(years[1], year)
    moves = _recent(year - last, max(year - first, year - last) + 1)
    return float(np.sqrt(moves / _recent(0, 80)))


def _recent(youngest: int, eldest: int) -> float:
    """The mean intensity over the years before, for people of these ages alike."""
    ages = np.arange(youngest, eldest, _STEP)[:, None]
    before = np.arange(0, _YEARS_KEPT, _STEP)[None, :]
    return float(intensity(np.maximum(ages - before, 0.0)).mean())
