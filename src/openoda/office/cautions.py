"""Warnings that come from how the data arrived and what was made of it, beside the checks' own."""

from openoda.custody.snapshots import Snapshot
from openoda.library.manifest import Package
from openoda.office.request import Request
from openoda.opportunities.checks.caution import Caution
from openoda.opportunities.prioritise.analysis import Analysis
from openoda.opportunities.prioritise.plan import Plan


def soundness_cautions(snapshot: Snapshot, left_out: int) -> list[Caution]:
    """Whether rows or values of the file were not sound, and so aren't in the figures."""
    report = snapshot.details["files"][0]
    if report["quarantined"] or report["flagged_values"] or left_out:
        return [_not_sound(report["quarantined"], report["flagged_values"], left_out)]
    return []


def class_cautions(package: Package, request: Request, snapshot: Snapshot) -> list[Caution]:
    """Whether the class of the data was assumed: about the telling, not about the data."""
    data_class = snapshot.dataset.data_class
    if request.data_class or snapshot.dataset.source == package["data"]["source"]:
        return []
    return [_class_assumed(data_class)]


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
        f"{quarantined:,} rows of the file were quarantined, {flagged:,} values were flagged, and "
        f"{left_out:,} rows had no case, unit or date: they are not in these figures.",
        "Look at the reasons with: oda intake FILE, and ask the file's owner to mend them.",
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
