"""What type each column most likely is, by how many of its values each type would take.

The types are tried by intake's own casting, so that a share here is the share that will fit there. A
code is told from a number by its leading zeros or by digits of one length; where two readings of the
same values stay open (day and month, thousands and decimals) the evidence says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.intake.casting import cast_for
from openoda.standards.table_schema import Field, TableSchema

ENOUGH = 0.95
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%d-%b-%Y",
          "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%Y/%m/%d", "%Y%m%d")  # fmt: skip
_TIMES = (" %H:%M:%S", " %H:%M", "T%H:%M:%S", "T%H:%M:%S.%f", " %H:%M:%S.%f")
_BOOLEANS = (("true", "false"), ("True", "False"), ("TRUE", "FALSE"), ("Yes", "No"), ("YES", "NO"),
             ("yes", "no"), ("Y", "N"), ("y", "n"), ("T", "F"))  # fmt: skip
_DATE_WORD = re.compile(r"date|dob|birth|born|commenc|expir|start|end(ed|s)?\b|from|until", re.I)
_SERIALS = (20_000, 60_000)  # October 1954 to April 2064
_EXAMPLES = 3
_DISTINCT = 100_000


@dataclass(frozen=True)
class ColumnEvidence:
    """What a column is proposed to be: its field, and the share of sampled values that fit it.

    `values` were looked at, `missing` were empty; `note` says what else speaks for it or stays open,
    `doubtful` that it must be looked at. `examples` are values of the column: not for any screen
    unless the data is open or synthetic, or they are asked for.
    """

    name: str
    descriptor: dict[str, Any]
    share: float
    values: int
    missing: int
    note: str = ""
    doubtful: bool = False
    examples: tuple[str, ...] = field(default=(), repr=False)

    def as_json(self, *, examples: bool) -> dict[str, Any]:
        """The evidence as plain values."""
        shown = {"examples": list(self.examples)} if examples else {}
        kept = {key: value for key, value in self.descriptor.items() if key != "name"}
        return {
            "name": self.name, **kept, "share": round(self.share, 4), "values": self.values,
            "missing": self.missing, "note": self.note, "doubtful": self.doubtful, **shown,
        }  # fmt: skip


@dataclass(frozen=True)
class _Found:
    descriptor: dict[str, Any]
    share: float
    note: str = ""
    doubtful: bool = False


def propose_column(name: str, text: pa.ChunkedArray) -> ColumnEvidence:
    """The likeliest type of one column of text."""
    given = pc.drop_null(text).combine_chunks()
    given = given.filter(pc.not_equal(pc.utf8_trim_whitespace(given), ""))
    distinct = given.unique()[:_DISTINCT]
    shown = tuple(distinct[:_EXAMPLES].to_pylist())
    missing = len(text) - len(given)
    found = _Found({"type": "string"}, 1.0, "no value in the sample", True)
    if len(given):
        found = next(_candidates(name, given, distinct), _Found({"type": "string"}, 1.0))
    return ColumnEvidence(
        name, {"name": name, **found.descriptor}, found.share, len(given), missing, found.note,
        found.doubtful, shown,
    )  # fmt: skip


def _candidates(name: str, given: pa.StringArray, distinct: pa.StringArray) -> Iterator[_Found]:
    """What the column may be, the surest first."""
    if pc.match_substring_regex(distinct, r"\A[+-]?0\d").to_numpy(zero_copy_only=False).any():
        dates = list(_moments(given, compact=False))
        numbers = pc.match_substring_regex(distinct, r"\A[0-9]+\z")
        if not dates and pc.mean(numbers.cast(pa.float64())).as_py() >= ENOUGH:
            yield _Found({"type": "string"}, 1.0, "leading zeros: a code, kept as text")
    yield from _booleans(given, distinct)
    yield from _moments(given, compact=True)
    yield from _codes(distinct)
    yield from _serials(name, given)
    yield from _whole_numbers(given)
    yield from _numbers(given, distinct)


def _share(given: pa.StringArray, descriptor: dict[str, Any]) -> float:
    """The share of values that intake would type so."""
    schema = TableSchema.from_descriptor({"fields": [{"name": "x", **descriptor}]})
    made: Field = schema.fields[0]
    values = cast_for(made, schema)(given).values
    return 1.0 - int(values.null_count) / len(given)


def _booleans(given: pa.StringArray, distinct: pa.StringArray) -> Iterator[_Found]:
    for true, false in _BOOLEANS:
        descriptor = {"type": "boolean", "trueValues": [true], "falseValues": [false]}
        if len(distinct) <= 20 and true in (held := distinct.to_pylist()) and false in held:
            share = _share(given, descriptor)
            if share >= ENOUGH:
                yield _Found(descriptor, share)


def _moments(given: pa.StringArray, *, compact: bool) -> Iterator[_Found]:
    """Dates, then dates with a time; where day and month can't be told apart, the evidence says so."""
    dates = [each for each in _DATES if compact or each != "%Y%m%d"]
    for kind, patterns in (
        ("date", dates),
        ("datetime", [date + time for date in dates[:8] for time in _TIMES]),
    ):
        shares = {}
        for pattern in patterns:
            share = _share(given, {"type": kind, "format": pattern})
            if share >= ENOUGH:
                shares[pattern] = share
        if shares:
            best = max(shares, key=lambda each: (shares[each], -patterns.index(each)))
            other = best.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")
            unsure = other != best and shares.get(other) == shares[best]
            note = "no day over 12 in the sample: the British order is assumed" if unsure else ""
            yield _Found({"type": kind, "format": best}, shares[best], note, unsure)
    share = _share(given, {"type": "datetime"}) if not compact or len(given) else 0.0
    if share >= ENOUGH:
        yield _Found({"type": "datetime"}, share)


def _codes(distinct: pa.StringArray) -> Iterator[_Found]:
    """Digits of one length, six or more: a reference, which nobody adds up."""
    digits = pc.match_substring_regex(distinct, r"\A[0-9]{6,}\z").to_numpy(zero_copy_only=False)
    if digits.mean() < ENOUGH or len(distinct) < 2:
        return
    lengths = pc.utf8_length(distinct.filter(pa.array(digits)))
    low, high = pc.min(lengths).as_py(), pc.max(lengths).as_py()
    if low == high or high > 15:
        size = f"{high} digits each" if low == high else f"up to {high} digits"
        yield _Found({"type": "string"}, 1.0, f"{size}: a reference, kept as text")


def _serials(name: str, given: pa.StringArray) -> Iterator[_Found]:
    """Five digits in the range of a spreadsheet's dates, under a name that speaks of one."""
    fits = pc.match_substring_regex(given, r"\A[0-9]{5}(\.[0-9]+)?\z").to_numpy(
        zero_copy_only=False
    )
    if fits.mean() < ENOUGH:
        return
    numbers = given.filter(pa.array(fits)).cast(pa.float64())
    low, high = pc.min(numbers).as_py(), pc.max(numbers).as_py()
    if not _SERIALS[0] <= low <= high <= _SERIALS[1]:
        return
    if not _DATE_WORD.search(name):
        yield _Found({"type": "integer"}, _share(given, {"type": "integer"}), _PERHAPS)
        return
    kind = "date" if pc.all(pc.equal(numbers, pc.floor(numbers))).as_py() else "datetime"
    descriptor = {"type": kind, "format": "excel"}
    note = "a spreadsheet's serial numbers by their range and the column's name"
    yield _Found(descriptor, _share(given, descriptor), note, True)


_PERHAPS = "if these are a spreadsheet's dates, give type date and format excel"


def _whole_numbers(given: pa.StringArray) -> Iterator[_Found]:
    share = _share(given, {"type": "integer"})
    if share >= ENOUGH:
        yield _Found({"type": "integer"}, share)


def _numbers(given: pa.StringArray, distinct: pa.StringArray) -> Iterator[_Found]:
    """Decimal numbers by point or comma, with or without thousands and a sign of currency."""
    for bare in (True, False):
        if not bare and not _with_sign(distinct):
            return
        shares: dict[tuple[str, str], float] = {}
        for point, group in ((".", ""), (".", ","), (",", ""), (",", "."), (",", " ")):
            shares[point, group] = _share(given, _number(point, group, bare))
        best = max(shares, key=lambda each: (shares[each], -len(each[1])))
        if shares[best] < ENOUGH:
            continue
        rivals = [each for each in shares if shares[each] == shares[best] and each[0] != best[0]]
        comma = pc.match_substring(distinct, ",").to_numpy(zero_copy_only=False).any()
        point = pc.match_substring(distinct, ".").to_numpy(zero_copy_only=False).any()
        if rivals and (comma or point) and _open_reading(distinct):
            yield _Found({"type": "string"}, 1.0, _UNSURE, True)
            return
        note = "a currency or percent sign is left out" if not bare else ""
        descriptor = _number(*best, bare)
        if best[1] and not point and shares[best] == _share(given, _whole(best[1], bare)):
            descriptor = _whole(best[1], bare)
        yield _Found(descriptor, shares[best], note)
        return


def _with_sign(distinct: pa.StringArray) -> bool:
    """Whether what stands about the digits is a currency or percent sign, and nothing else."""
    fits = pc.match_substring_regex(
        distinct, r"\A *[+-]? *[£$€]? *[+-]?[0-9][0-9., ]* *(?:%|£|€|GBP|EUR|USD)? *\z"
    )
    return bool(fits.to_numpy(zero_copy_only=False).mean() >= ENOUGH)


_UNSURE = "thousands or decimals? Every separator has three digits after it: say which"


def _open_reading(distinct: pa.StringArray) -> bool:
    """Whether every separator could be one of thousands, so that nothing shows which it is."""
    three = pc.match_substring_regex(distinct, r"\A[^0-9]*[0-9]{1,3}([.,][0-9]{3})?[^0-9]*\z")
    return bool(three.to_numpy(zero_copy_only=False).all())


def _number(point: str, group: str, bare: bool) -> dict[str, Any]:
    return {
        "type": "number",
        **({"decimalChar": point} if point != "." else {}),
        **({"groupChar": group} if group else {}),
        **({} if bare else {"bareNumber": False}),
    }


def _whole(group: str, bare: bool) -> dict[str, Any]:
    return {"type": "integer", "groupChar": group, **({} if bare else {"bareNumber": False})}
