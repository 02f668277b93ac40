"""A party's statistics read back from the file it shared. Nothing in it is trusted until checked."""

import json
from pathlib import Path
from typing import Any

from openoda.data.quality.readiness.beliefs import KINDS
from openoda.data.quality.readiness.evidence import ANY, OTHER, SLIP, Evidence
from openoda.data.quality.readiness.fields import FIELDS
from openoda.data.quality.readiness.forms import LONGEST_TOLD, Forms
from openoda.data.quality.readiness.gathering import MOST_GAPS, Gathering, Level
from openoda.data.quality.readiness.name_order import SWAPPED
from openoda.data.quality.readiness.patterns import BANDS, Group
from openoda.data.quality.readiness.rules import mask_of
from openoda.data.quality.readiness.statistics import FORMAT, FieldFacts, Statistics
from openoda.vocabulary.refusals import FileUnreadable, Misused

_MOST_BYTES = 5_000_000
_MOST_COUNT = 10**10
_LATEST = 9999


class _Unsound(Exception):
    """A part of the file that can't be what it should."""


def read_statistics(path: Path) -> tuple[Statistics, dict[str, Any]]:
    """The statistics of a file, and the file as JSON.

    Refuses what can't be read (FileUnreadable) or isn't a statistics file of this version (Misused).
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise Misused(
                "This is too large for a statistics file",
                where=path.name,
                remedy="Give the file that oda readiness wrote with --out.",
            )
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise FileUnreadable(
            "The statistics can't be read",
            where=path.name,
            remedy="Give the JSON file that oda readiness wrote with --out.",
        ) from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Misused(
            f"This isn't a statistics file of the form {FORMAT}",
            where=path.name,
            remedy="Have it made again with oda readiness of the same version.",
        )
    try:
        return statistics_from(told), told
    except (_Unsound, KeyError, TypeError, ValueError, AttributeError) as error:
        raise Misused(
            "A part of the statistics is missing or can't be so",
            where=path.name,
            remedy="Have the party make and send the file again.",
        ) from error


def statistics_from(told: dict[str, Any]) -> Statistics:
    """Statistics from their JSON. Raises KeyError, TypeError, ValueError or _Unsound."""
    return Statistics(
        _count(told["rows"]) or _wrong("rows"),
        {_field(name): _facts(facts) for name, facts in told["fields"].items()},
        tuple(_group(group) for group in told["born"]),
        tuple(_evidence(one) for one in told["evidence"]),
        _gathering(told["gathering"]),
        _forms(told["forms"]),
        _count(told["repeated"]),
        _share(told["lasting"]),
        _whole(told["year"], _LATEST),
    )


def _facts(told: dict[str, Any]) -> FieldFacts:
    unusable = {str(code): _count(many) for code, many in told["unusable"].items()}
    chance = told["same_by_chance"]
    return FieldFacts(_count(told["usable"]), unusable, None if chance is None else _share(chance))


def _group(told: dict[str, Any]) -> Group:
    if told["born"] not in BANDS:
        _wrong("born")
    patterns = tuple(
        (mask_of([_field(name) for name in each["usable"]]), _count(each["rows"]) or 0)
        for each in told["patterns"]
    )
    usable = tuple(_count(told["rest_usable"][name]) for name in FIELDS)
    return Group(
        told["born"],
        _count(told["rows"]) or _wrong("rows"),
        patterns,
        _count(told["rest"]),
        usable,
        _count(told["short_forms"]),
        _count(told["compound"]),
        _number(told["slips"], 0, 1000),
    )


def _evidence(told: dict[str, Any]) -> Evidence:
    if told["kind"] not in KINDS or told["part"] not in (SLIP, OTHER, ANY):
        _wrong("evidence")
    if told["each"] not in (1, 2):
        _wrong("each")
    return Evidence(
        SWAPPED if told["field"] == SWAPPED else _field(told["field"]),
        told["kind"],
        told["part"],
        _count(told["trials"]) or _wrong("trials"),
        _count(told["errors"]),
        told["each"],
        _number(told["relative"], 0, 1000),
    )


def _gathering(told: dict[str, Any]) -> Gathering:
    levels = tuple(
        Level(
            _whole(each["gaps"], MOST_GAPS),
            _count(each["rows"]) or 0,
            _count(each["suspects"]) or 0,
        )
        for each in told["levels"]
    )
    together = _number(told["together"], 0, 1000)
    fields, by_chance = _whole(told["fields"], len(FIELDS)), _share(told["by_chance"])
    return Gathering(fields, levels, by_chance, together, _share(told["changes"]))


def _forms(told: dict[str, Any]) -> Forms:
    cut = {_field(name): _whole(at, LONGEST_TOLD) for name, at in told["cut_at"].items()}
    longer = {_field(n): tuple(_share(each) for each in told["longer"][n]) for n in told["longer"]}
    if any(len(shares) != LONGEST_TOLD for shares in longer.values()):
        _wrong("longer")
    return Forms(cut, longer)


def _field(name: Any) -> str:
    if name not in FIELDS:
        _wrong("field")
    return str(name)


def _count(value: Any) -> int | None:
    return None if value is None else _whole(value, _MOST_COUNT)


def _whole(value: Any, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        _wrong("count")
    return int(value)


def _share(value: Any) -> float:
    return _number(value, 0, 1)


def _number(value: Any, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        _wrong("number")
    return float(value)


def _wrong(part: str) -> Any:
    raise _Unsound(part)
