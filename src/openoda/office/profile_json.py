"""A profile for machines: every figure with the rule behind it."""

from dataclasses import asdict
from typing import Any

from openoda.data.quality.columns import ColumnProfile, Spread
from openoda.data.quality.dimensions import DEFINITIONS, FRAMEWORK, Judged
from openoda.data.quality.fingerprints import Repeats
from openoda.data.quality.issues import Issue
from openoda.office.profile_findings import Examined
from openoda.office.profile_inputs import Delivered, Inputs

LINES_SHOWN = 5


def profile_json(inputs: Inputs, examined: Examined, name: str, values: bool) -> dict[str, Any]:
    """The answer of `oda profile --json`. Without `values` nothing in it is a value of the data."""
    found, dataset = examined.profile, inputs.now.snapshot.dataset
    return {
        "profile": name,
        "dataset": dataset.name,
        "class": dataset.data_class.value,
        "snapshot": inputs.now.snapshot.id,
        "compared_with": inputs.before.snapshot.id if inputs.before else None,
        "as_at": inputs.as_at.isoformat(),
        "rows": found.rows,
        "quarantined": inputs.now.set_aside,
        "flagged_values": inputs.now.snapshot.parts["flags"].rows,
        "columns": [_column(one, values) for one in found.columns],
        "keys": [list(key) for key in found.keys],
        "repeated_rows": _repeats(found.exact),
        "repeated_rows_loosely": _repeats(found.loose),
        "framework": FRAMEWORK,
        "dimensions": {one.dimension.value: _dimension(one) for one in examined.dimensions},
        "rules": {
            one.name: {
                "asked": one.asked,
                "rows": one.issue.rows if one.issue else 0,
                "groups": one.groups,
                "measured": list(one.measured) if values and one.measured else None,
                "lines": _lines(one.issue) if one.issue else [],
            }
            for one in examined.results
        },
        "issues": [_issue(one) for one in examined.issues],
        "drift": None
        if examined.changes is None
        else [_change(asdict(one), values) for one in examined.changes],
    }


def _column(one: ColumnProfile, values: bool) -> dict[str, Any]:
    held = one.completeness
    return {
        "name": one.name,
        "type": one.type.value,
        "reads_as": one.reads_as.value,
        "kind": one.kind or None,
        "filled": held.filled,
        "null": held.null,
        "unreadable": held.unreadable,
        "empty": held.empty,
        "placeholder": held.placeholder,
        "placeholders": [asdict(each) for each in held.placeholders] if values else [],
        "distinct": one.distinct,
        "exact": one.exact,
        "spread": _spread(one.spread) if values and one.spread else None,
        "outliers": _outliers(one, values),
        "shortest": one.shortest,
        "longest": one.longest,
        "shapes": [asdict(each) for each in one.shapes] if values else [],
        "shapes_of": one.shapes_of or None,
        "top": [asdict(each) for each in one.top] if values else [],
        "spellings": one.spellings,
    }


def _spread(found: Spread) -> dict[str, Any]:
    return {
        "lowest": found.lowest,
        "highest": found.highest,
        "quantiles": [{"share": share, "value": value} for share, value in found.quantiles.items()],
        "mean": found.mean,
        "deviation": found.deviation,
    }


def _outliers(one: ColumnProfile, values: bool) -> dict[str, Any] | None:
    if one.outliers is None:
        return None
    counts = {"below": one.outliers.below, "above": one.outliers.above}
    return {**counts, "low": one.outliers.low, "high": one.outliers.high} if values else counts


def _repeats(found: Repeats | None) -> dict[str, int] | None:
    if found is None:
        return None
    return {"groups": found.groups, "rows": found.rows, "extra": found.extra}


def _dimension(one: Judged) -> dict[str, Any]:
    return {
        "definition": DEFINITIONS[one.dimension],
        "share": one.share,
        "words": one.words,
        "parts": [asdict(part) for part in one.parts],
    }


def _issue(one: Issue) -> dict[str, Any]:
    return {
        "code": one.code,
        "title": one.title,
        "severity": one.severity.value,
        "dimension": one.dimension.value,
        "columns": list(one.columns),
        "rule": one.rule,
        "reason": one.reason,
        "remedy": one.remedy,
        "rows": one.rows,
        "groups": one.groups,
        "lines": _lines(one),
    }


def _lines(one: Issue) -> list[dict[str, Any]]:
    return [asdict(place) for place in one.places[:LINES_SHOWN]]


def _change(one: dict[str, str], values: bool) -> dict[str, str]:
    """A change; of categories and ranges without the values, where values may not be shown."""
    if values or not one["code"].startswith(("category", "range")):
        return one
    return {**one, "before": "", "now": ""}


def delivery_facts(delivered: Delivered) -> list[dict[str, Any]]:
    """The files of a delivery: name, rows accepted, SHA-256."""
    files: list[dict[str, Any]] = delivered.snapshot.details["files"]
    return [{key: file[key] for key in ("file", "accepted", "sha256")} for file in files]
