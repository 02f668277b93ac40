"""`too-few-positives`: is there enough to learn from and to judge by?"""

from openoda.opportunities.checks.caution import Caution

CODE = "too-few-positives"
LEAST_TOTAL = 100
LEAST_TESTED = 40


def too_few_positives(total: int, tested: int) -> Caution | None:
    """Fires under 100 positives in all, or 40 among the cases that the orders are tried on.

    100 is the least that Collins, Ogundimu and Altman (Statistics in Medicine 35, 2016) advise for
    judging a model; 40 in the test is where a 95 % interval of a share is about 30 points wide.
    """
    if total >= LEAST_TOTAL and tested >= LEAST_TESTED:
        return None
    return Caution(
        CODE,
        f"There are {total:,} positives, {tested:,} of them to judge the orders by: too few for "
        "firm figures.",
        "Gather more outcomes, or choose an outcome that happens more often.",
        {"total": total, "tested": tested},
    )
