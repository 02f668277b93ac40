"""The document of a profile: what was found, in plain words, for rendering to lay out."""

from collections.abc import Sequence
from datetime import date

from openoda.data.quality import spread
from openoda.data.quality.dimensions import DEFINITIONS, Judged
from openoda.data.quality.drift import Change
from openoda.data.quality.fingerprints import Repeats
from openoda.data.quality.issues import Issue, Severity
from openoda.data.quality.rule_runs import RuleResult
from openoda.office.profile_column import block_of
from openoda.office.profile_findings import Examined
from openoda.office.profile_inputs import Inputs
from openoda.office.profile_json import delivery_facts
from openoda.rendering import profile_documents as pages
from openoda.rendering import wording
from openoda.rendering.documents import InputFile, Link, Origin, Section
from openoda.vocabulary.labels import Label

LINKS = (
    Link("The issues as a page to send to the data owner", "issues.html"),
    Link("The issues as a workbook", "issues.xlsx"),
    Link("The issues as CSV", "issues.csv"),
    Link("All figures as JSON", "profile.json"),
)
CHANGES = {
    "rows": "Number of rows", "column-gone": "Column gone", "column-new": "New column",
    "column-order": "Order of columns", "type": "What the column holds",
    "gaps": "Share of rows filled", "category-new": "New category",
    "category-gone": "Category gone", "category-share": "Share of a category",
    "range": "Range of values",
}  # fmt: skip


def profile_document(
    inputs: Inputs, examined: Examined, name: str, values: bool
) -> pages.ProfileDocument:
    """The document. Without `values` nothing in it is a value of the data."""
    found, dataset = examined.profile, inputs.now.snapshot.dataset
    origin = Origin(
        dataset.data_class, dataset.licence, dataset.source, Label.MEASURED,
        "Counted in the delivery itself",
    )  # fmt: skip
    return pages.ProfileDocument(
        title=dataset.name,
        made_on=date.fromisoformat(inputs.now.snapshot.taken_at[:10]),
        judged_as_at=inputs.as_at,
        origin=origin,
        run_id=name,
        verdict=_verdict(found.rows, examined.issues),
        summary=_summary(examined),
        rows=found.rows,
        set_aside=inputs.now.set_aside,
        dimensions=tuple(_dimension(one) for one in examined.dimensions),
        issues=tuple(_issue(one) for one in examined.issues),
        rules=tuple(_rule(one, values) for one in examined.results),
        columns=tuple(
            block_of(one, number, values) for number, one in enumerate(found.columns, start=1)
        ),
        changes=_changes(examined.changes, values),
        compared=_compared(inputs),
        keys=tuple(" with ".join(key) for key in found.keys),
        repeats=_repeats(found.exact, found.loose),
        method=_method(values),
        inputs=tuple(
            InputFile(one["file"], one["sha256"], one["accepted"])
            for one in delivery_facts(inputs.now)
        ),
        links=LINKS,
    )


def _verdict(rows: int, issues: Sequence[Issue]) -> str:
    if not rows and not issues:
        return "There are no rows to judge"
    must = sum(one.severity is Severity.MUST for one in issues)
    should = sum(one.severity is Severity.SHOULD for one in issues)
    if not must and not should:
        return "Nothing to put right was found"
    parts = [f"{must} {'issue' if must == 1 else 'issues'} to put right"] if must else []
    if should:
        what = "" if must else "issue " if should == 1 else "issues "
        parts.append(f"{should} {what}that {'weakens' if should == 1 else 'weaken'} the data")
    return " and ".join(parts)


def _summary(examined: Examined) -> tuple[str, ...]:
    worst = [one for one in examined.issues if one.to_mend][:1]
    said = [
        f"First: {_small(one.title)}{_in(one.columns)}, {wording.plural(one.rows, 'row', 'rows')}."
        for one in worst
    ]
    if examined.changes:
        count = len(examined.changes)
        said.append(f"{wording.plural(count, 'change', 'changes')} since the delivery before.")
    return tuple(said)


def _small(title: str) -> str:
    return title[:1].lower() + title[1:]


def _in(columns: Sequence[str]) -> str:
    return f" in {', '.join(columns)}" if columns else ""


def _dimension(one: Judged) -> pages.DimensionLine:
    parts = tuple(pages.PartLine(part.rule, part.checked, part.failed) for part in one.parts)
    return pages.DimensionLine(
        one.dimension.value, DEFINITIONS[one.dimension], one.share, one.words, parts
    )


def _issue(one: Issue) -> pages.IssueLine:
    return pages.IssueLine(
        one.code, one.title, one.severity.value, one.dimension.value, ", ".join(one.columns),
        one.rule, one.reason, one.remedy, one.rows, one.groups,
        tuple((place.file, place.line) for place in one.places),
    )  # fmt: skip


def _rule(one: RuleResult, values: bool) -> pages.RuleLine:
    measured = ""
    if values and one.measured:
        low, high = (_said(value) for value in one.measured)
        measured = f"measured {low}" if low == high else f"measured {low} to {high}"
    rows = one.issue.rows if one.issue else 0
    return pages.RuleLine(one.name, one.reason, one.asked, rows, one.groups, measured)


def _said(value: object) -> str:
    return f"{value:,}".replace("-", "−") if isinstance(value, int | float) else str(value)


def _changes(changes: Sequence[Change] | None, values: bool) -> tuple[pages.ChangeLine, ...] | None:
    if changes is None:
        return None
    return tuple(
        pages.ChangeLine(CHANGES[one.code], one.column, *_told(one, values)) for one in changes
    )


def _told(one: Change, values: bool) -> tuple[str, str]:
    hidden = not values and one.code.startswith(("category", "range"))
    return ("not shown", "not shown") if hidden else (one.before, one.now)


def _compared(inputs: Inputs) -> str:
    if inputs.before is None:
        return "There is no earlier delivery of this dataset to compare with."
    taken = date.fromisoformat(inputs.before.snapshot.taken_at[:10])
    files = ", ".join(one["file"] for one in delivery_facts(inputs.before))
    return f"Compared with the delivery taken in on {wording.day(taken)} ({files})."


def _repeats(exact: Repeats | None, loose: Repeats | None) -> tuple[str, ...]:
    if exact is None or loose is None:
        return ("The file is too long for its rows to be compared with one another.",)
    return (
        f"{_extra(exact)} an earlier row in every column.",
        f"{_extra(loose)} one once case, punctuation and spaces are set aside.",
    )


def _extra(found: Repeats) -> str:
    if not found.extra:
        return "No row repeats"
    return f"{wording.plural(found.extra, 'row repeats', 'rows repeat')}"


def _method(values: bool) -> tuple[Section, ...]:
    shown = (
        "Values are shown, because the data is open or made up."
        if values
        else "No values are shown, because the data is about people."
    )
    return (
        Section(
            "What counts as filled",
            (
                "A cell is filled unless it holds nothing, empty text or spaces, or a placeholder: "
                "a word such as N/A, a first or last day of a calendar met far too often, or a "
                "highest value of nines met more than once and more than double the next.",
            ),
        ),
        Section(
            "Text that reads as numbers or dates",
            (
                "Where at least 95% of a column's text reads as numbers, or as dates with the day "
                "first, its range is worked out as such, and the rest is an issue.",
            ),
        ),
        Section(
            "Values far from the others",
            (f"{spread.OUTLIER_RULE}. Source: {spread.OUTLIER_SOURCE}.",),
        ),
        Section(
            "Repeated rows",
            (
                "Rows are compared by a 64-bit fingerprint of all their values. Two different rows "
                "share one by chance about once in 10 billion billion pairs.",
            ),
        ),
        Section("What is shown", (shown, "The issues never show a value.")),
    )
