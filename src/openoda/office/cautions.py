"""Warnings that come from how the data arrived and what was made of it, beside the checks' own."""

from openoda.custody.snapshots import Snapshot
from openoda.library.manifest import Package
from openoda.office.request import Request, Snapshots
from openoda.opportunities.checks.caution import Caution
from openoda.opportunities.prioritise.analysis import Analysis
from openoda.opportunities.prioritise.plan import Plan


def soundness_cautions(snapshots: Snapshots, left_out: int) -> list[Caution]:
    """Whether rows or values of a file were not sound, and so aren't in the figures."""
    reports = [one.details["files"][0] for one in snapshots.values()]
    quarantined, flagged = (
        sum(r[key] for r in reports) for key in ("quarantined", "flagged_values")
    )
    return (
        [_not_sound(quarantined, flagged, left_out)] if quarantined or flagged or left_out else []
    )


def fit_cautions(wanted: Plan, used: Plan) -> list[Caution]:
    """Whether the package's dates lie outside the data, so that time was cut by itself."""
    if wanted.test_from == used.test_from:
        return []
    return [
        Caution(
            "dates-outside-data",
            f"The package learns until {wanted.train_until} and tries from {wanted.test_from}, and "
            "the file doesn't reach over both: the last quarter of the cases was tried on instead.",
            "Set your own dates in the [validation] of a copy of the package.",
        )
    ]


def class_cautions(package: Package, request: Request, snapshot: Snapshot) -> list[Caution]:
    """Whether the class of the data was assumed: about the telling, not about the data."""
    known = snapshot.details["files"][0]["sha256"] in package["data"]["known"]
    return [] if request.data_class or known else [_class_assumed(snapshot.dataset.data_class)]


def _class_assumed(data_class: str) -> Caution:
    return Caution(
        "class-assumed",
        f"Nobody said what class of data this file is, so the package's own was taken: {data_class}.",
        "Say it with --class. If the file is about people, that is --class personal.",
        {"class": data_class},
    )


def _not_sound(quarantined: int, flagged: int, left_out: int) -> Caution:
    return Caution(
        "rows-not-sound",
        f"{quarantined:,} rows were quarantined, {flagged:,} values were flagged, and "
        f"{left_out:,} rows had no case, unit or date: they are not in these figures.",
        "oda run names the reasons and their first lines: ask the file's owner to mend them.",
        {"quarantined": quarantined, "flagged_values": flagged, "rows_left_out": left_out},
    )


def result_cautions(analysis: Analysis, plan: Plan) -> list[Caution]:
    """Whether even the recommended order isn't surely better than working as before."""
    measure = plan.primary
    tried, today = analysis.orders[analysis.recommended], analysis.orders["actual"]
    low, high = tried.intervals[measure]
    before = today.measured.expected[measure]
    if low > before:
        return []
    return [
        Caution(
            "not-surely-better",
            "The recommended order is not surely better than the order in which visits were made: "
            f"its 95% interval is {low:.2f} to {high:.2f}, and theirs is {before:.2f}.",
            "Don't change how work is done for this list alone; try it beside today's order first.",
            {"measure": measure, "interval": [low, high], "actual": before},
        )
    ]
