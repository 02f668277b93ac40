"""`staff-identity-dominates`: does the gain come from who visits rather than from what is visited?

A strict officer finds more. A list that learns this sends the strict officer first, and nobody is
safer. Chicago's food inspection forecast is the known case: most of its gain is the inspector's.
"""

import numpy as np

from openoda.opportunities.cases import Cases, Ints, Texts
from openoda.opportunities.checks.caution import Caution
from openoda.opportunities.checks.visits import share_changing
from openoda.opportunities.measures import Ladder, auc
from openoda.opportunities.scorers import LogisticScorer, RateScorer

CODE = "staff-identity-dominates"
MOST_STAFF = 200
LEAST_CHANGING = 0.05
LEAST_EDGE = 0.03
LEAST_SHARE = 0.25
TRAIN_SHARE = 0.7
PENALTY = 5.0


def staff_identity_dominates(cases: Cases) -> Caution | None:
    """Look at the queue, or without one at every text feature that changes between visits of a unit.

    On the last 30 % of the cases, by date, three scores fitted on the earlier 70 % are compared by
    AUC: who alone (past rates), what alone (the features, without any who-column), and both.
    Fires where knowing who lifts the AUC by at least 0.03 and makes up at least a quarter of what
    both reach above chance: that part of the gain vanishes when each officer keeps to their cases.
    """
    cases = cases.take(cases.known)
    staff = who_columns(cases)
    what = cases.with_features(
        tuple(
            name
            for name, column in cases.features.items()
            if name not in staff and not ("" in staff and np.array_equal(column, cases.queue))
        )
    )
    cut = int(TRAIN_SHARE * len(cases))
    rows = np.arange(len(cases))
    if not staff or cases.positives < 20 or not 0 < what.take(rows[:cut]).positives < cut:
        return None
    found = [_compare(_in_queue(what, who), rows[:cut], rows[cut:]) for who in staff.values()]
    name, (alone, without, both) = max(
        zip(staff, found, strict=True), key=lambda item: item[1][2] - item[1][1]
    )
    if both - without < max(LEAST_EDGE, LEAST_SHARE * (both - 0.5)):
        return None
    column = (
        f"{name} (which changes from visit to visit, as staff do)"
        if name
        else "whose queue a case is in"
    )
    return Caution(
        CODE,
        f"Much of the gain comes from who visits, not from what is visited: everything known about "
        f"the cases ranks them with an AUC of {without:.2f}, {column} alone with {alone:.2f}, both "
        f"with {both:.2f}. A list that uses it sends the strict officer first.",
        "Judge an order by its gain within each officer's own queue, and look at why officers differ.",
        {"column": name or "queue", "auc_who": alone, "auc_what": without, "auc_both": both},
    )


def who_columns(cases: Cases) -> dict[str, Texts]:
    """Columns that could say who visits: the queue (named ""); without one, text that changes."""
    if len(set(cases.queue.tolist())) > 1:
        return {"": cases.queue}
    columns: dict[str, Texts] = {}
    for name, column in cases.features.items():
        if column.dtype.kind == "f":
            continue
        levels = len(np.unique(column))
        if 2 <= levels <= MOST_STAFF and share_changing(cases.unit, column) >= LEAST_CHANGING:
            columns[name] = column
    return columns


def _in_queue(cases: Cases, who: Texts) -> Cases:
    return Cases(cases.case, cases.unit, cases.day, cases.outcome, who, cases.features)


def _compare(cases: Cases, train: Ints, test: Ints) -> tuple[float, float, float]:
    """AUC on the test of who alone, what alone, and both."""
    past, later = cases.take(train), cases.take(test)
    scorers = (
        RateScorer.fit(past),
        LogisticScorer.fit(past, penalty=PENALTY),
        LogisticScorer.fit(past, penalty=PENALTY, use_queue=True),
    )
    once = np.ones(len(later), dtype=np.int64)
    ranked = [Ladder.of(scorer.score(later), later, within_queue=False) for scorer in scorers]
    alone, without, both = (auc(ladder, later, once) for ladder in ranked)
    return alone, without, both
