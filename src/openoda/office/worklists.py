"""From a list of places to the worklist that officers read and fill in."""

from dataclasses import replace

from openoda.library.manifest import Package
from openoda.office.findings import notices, origin_of, plain_names
from openoda.opportunities.checks.caution import Caution
from openoda.opportunities.prioritise.analysis import Analysis
from openoda.opportunities.prioritise.plan import Plan
from openoda.opportunities.prioritise.worklist import Line, Listed
from openoda.opportunities.time_splits import as_date
from openoda.rendering import documents as pages
from openoda.vocabulary.datasets import Dataset
from openoda.vocabulary.labels import Label

LIVE_BASIS = "Ordered by what past visits found"


def past_cautions(listed: Listed) -> tuple[Caution, ...]:
    """Whether the list is of the past: about what was asked for, not about the data."""
    if not listed.back_test:
        return ()
    return (
        Caution(
            "back-test",
            "No case in the file waits for a visit, so this is the list as it would have been "
            "made on that day. It shows what a list looks like; it is not work to do.",
            "For work to do, give a file that also has cases without an outcome, dated after "
            "the last known outcome or not dated.",
        ),
    )


def list_cautions(listed: Listed) -> tuple[Caution, ...]:
    """Whether cases that may wait are not on the list."""
    if not listed.unsettled:
        return ()
    return (
        Caution(
            "unsettled-not-listed",
            f"{listed.unsettled:,} cases without an outcome are dated before the last known "
            "one. They are taken for visits that settled nothing, and are not listed.",
            "If they still wait for a visit, leave their date empty.",
            {"cases": listed.unsettled},
        ),
    )


def worklist_document(
    listed: Listed,
    analysis: Analysis,
    plan: Plan,
    package: Package,
    dataset: Dataset,
    run: str,
    links: tuple[pages.Link, ...],
    cautions: tuple[Caution, ...],
) -> pages.WorklistDocument:
    """The worklist's content: one row a place, in each queue's own order, and what to know of it."""
    terms, period = package["terms"], package["capacity"]["period"]
    made_on = as_date(listed.made_on)
    each = f" for each {terms['queue']}" if plan.per_queue else ""
    return pages.WorklistDocument(
        title=package["intervention"]["title"],
        action=package["intervention"]["action"],
        made_on=made_on,
        period=f"the {period} from {made_on.day} {made_on:%B %Y}",
        run_id=run,
        order_name=listed.order,
        order_plain=plain_names(analysis, package)[listed.order],
        origin=_origin(listed, package, dataset),
        capacity=f"{plan.visits} visits a {period}{each}",
        rows=tuple(_row(line, listed) for line in listed.lines),
        notices=notices(cautions),
        terms=pages.Terms(**terms),
        links=links,
    )


def _origin(listed: Listed, package: Package, dataset: Dataset) -> pages.Origin:
    """A list of waiting cases is work to do; only a list from the past is simulated."""
    origin = origin_of(package, dataset)
    if listed.back_test:
        return origin
    return replace(origin, label=Label.PROJECTED, basis=LIVE_BASIS)


def _row(line: Line, listed: Listed) -> pages.WorklistRow:
    cases = listed.cases
    return pages.WorklistRow(
        place=line.place,
        queue=line.queue,
        case=str(cases.case[line.row]),
        unit=str(cases.unit[line.row]),
        date_due=as_date(int(cases.day[line.row])),
        score=line.chance,
        route=pages.Route.LOTTERY if line.by_lottery else pages.Route.RANKED,
        inclusion_probability=line.probability,
        reasons=line.reasons,
    )
