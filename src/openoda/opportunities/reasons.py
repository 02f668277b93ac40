"""Why a case is where it is, in plain words, from the parts that add up to its score."""

from dataclasses import dataclass

import numpy as np

from openoda.opportunities.cases import Cases, Column, Floats
from openoda.opportunities.scorers import QUEUE

MOST = 3


@dataclass(frozen=True)
class Words:
    """How to speak of a feature: `plain` for its value or its presence, `absent` where it is 0."""

    plain: str
    absent: str = ""


def reasons(
    parts: dict[str, Floats], cases: Cases, words: dict[str, Words], most: int = MOST
) -> list[tuple[str, ...]]:
    """For each case the strongest parts that raise its score above the average case's.

    parts: feature to shape (n,). Parts are taken against their mean over `cases`. The strongest is
    always said, so that no case is without a reason; others where they raise the score by at least a
    tenth as much.
    """
    names = [name for name in parts if name != QUEUE]
    if not names:
        return [()] * len(cases)
    raised = np.column_stack([parts[name] - parts[name].mean() for name in names])
    order = np.argsort(-raised, axis=1, kind="stable")[:, :most]
    said = {name: _phrases(cases.features[name], words.get(name) or Words(name)) for name in names}
    return [
        tuple(
            said[names[at]][row]
            for rank, at in enumerate(order[row])
            if rank == 0 or raised[row, at] > max(1e-9, 0.1 * raised[row].max())
        )
        for row in range(len(cases))
    ]


def _phrases(column: Column, words: Words) -> list[str]:
    """The phrase for each case's value of one feature."""
    plain = words.plain
    if column.dtype.kind != "f":
        return [
            f"{plain}: {value.replace('_', ' ').lower()}" if value else f"{plain} not recorded"
            for value in column.tolist()
        ]
    known = column[~np.isnan(column)]
    if len(known) and np.isin(known, (0.0, 1.0)).all():
        absent = words.absent or f"Not: {plain[:1].lower()}{plain[1:]}"
        return [plain if value == 1 else absent for value in column.tolist()]
    ranked = np.sort(known)
    below = np.searchsorted(ranked, column, side="left") / max(len(known), 1)
    above = 1 - np.searchsorted(ranked, column, side="right") / max(len(known), 1)
    return [
        f"{plain} not recorded"
        if np.isnan(value)
        else f"{plain}: {_number(value)}{_rank(less, more)}"
        for value, less, more in zip(column.tolist(), below.tolist(), above.tolist(), strict=True)
    ]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) or abs(value) >= 100 else f"{value:,.1f}"


def _rank(below: float, above: float) -> str:
    """How the value stands among all, where that says something."""
    if below >= 0.5:
        return f" (more than {min(below, 0.99):.0%} of cases)"
    return f" (less than {min(above, 0.99):.0%} of cases)" if above >= 0.5 else ""
