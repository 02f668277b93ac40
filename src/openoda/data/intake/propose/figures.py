"""Numbers among a column's values, as far as no code is lost by reading them as numbers.

What a number can't hold of the text (a leading plus or zero, padding, spaces within, an exponent, more
digits than a float has) is a sign of a code: such a column stays text, and the evidence says why.
"""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.intake.propose.fitting import (
    ENOUGH,
    Found,
    as_text,
    share_holding,
    share_matching,
    share_of,
)

_ALIKE = r"\A[ \t\x{a0}]*[0-9][0-9 \t\x{a0}]*\z"
_LOST = (
    (r"\A[^0-9]*\+", "a leading plus"),
    (r"\A[^0-9.,]*0[0-9 ]", "leading zeros"),
    (r"[0-9][eE][+-]?[0-9]", "exponents"),
    (r"(?:[0-9][., ]?){16}", "over 15 digits"),
)
_SIGNED = r"\A[+-]?(?:[£$€] ?)?[+-]?[0-9][0-9., ]*(?: ?(?:%|£|€|GBP|EUR|USD))?\z"
_NUMERIC = r"\A[+-]?(?:[£$€] ?)?[+-]?[0-9.,][0-9., eE+-]*(?: ?(?:%|£|€|GBP|EUR|USD))?\z"
_UNSURE = "thousands or decimals? Every separator has three digits after it: say which"
_SPACED = "digits in groups of three: thousands or a code? Kept as text: say which"


def propose_codes(distinct: pa.StringArray) -> Iterator[Found]:
    """Digits of one length, six or more: a reference, which nobody adds up."""
    digits = pc.match_substring_regex(distinct, r"\A[0-9]{6,}\z")
    if digits.true_count < ENOUGH * len(distinct) or len(distinct) < 2:
        return
    lengths = pc.utf8_length(distinct.filter(digits))
    low, high = pc.min(lengths).as_py(), pc.max(lengths).as_py()
    if low == high or high > 15:
        size = f"{high} digits each" if low == high else f"up to {high} digits"
        yield as_text(f"{size}: a reference, kept as text")


def propose_figures(given: pa.StringArray, distinct: pa.StringArray) -> Iterator[Found]:
    """Whole or decimal numbers, or text where a number would lose something of how they are written."""
    if share_matching(distinct, r"\A[\s+.,£$€-]*[0-9]") < ENOUGH / 2:
        return
    for found in _numbers(given, distinct):
        yield _kept(found, distinct) or found
        return
    padded = pc.utf8_trim_whitespace(distinct)
    if share_matching(distinct, r"\A\s|\s\z") and share_matching(padded, _ALIKE) >= ENOUGH:
        yield as_text("digits with spaces before or after: kept as text")


def _kept(found: Found, distinct: pa.StringArray) -> Found | None:
    """Text in place of numbers that would come back written otherwise; None where all are kept."""
    if found.descriptor["type"] == "string":
        return None
    numeric = distinct.filter(pc.match_substring_regex(distinct, _NUMERIC))
    lost = [what for each, what in _LOST if len(numeric) and share_matching(numeric, each)]
    if lost:
        return as_text(f"{', '.join(lost)}: a number would lose them, kept as text")
    if found.descriptor.get("groupChar") == " " and not share_holding(distinct, ",")[","]:
        return as_text(_SPACED, doubtful=True)
    return None


def _numbers(given: pa.StringArray, distinct: pa.StringArray) -> Iterator[Found]:
    """Decimal numbers by point or comma, with or without thousands and a sign of currency."""
    whole = share_of(given, {"type": "integer"})
    if whole >= ENOUGH:
        yield Found({"type": "integer"}, whole)
    for bare in (True, False):
        if not bare and not _with_sign(distinct):
            return
        shares: dict[tuple[str, str], float] = {}
        for point, group in ((".", ""), (".", ","), (",", ""), (",", "."), (",", " ")):
            shares[point, group] = share_of(given, _number(point, group, bare))
        best = max(shares, key=lambda each: (shares[each], -len(each[1])))
        if shares[best] < ENOUGH or (bare and shares[best] < 1 and _with_sign(distinct)):
            continue
        rivals = [each for each in shares if shares[each] == shares[best] and each[0] != best[0]]
        held = share_holding(distinct, ",.")
        if rivals and any(held.values()):
            surer = _surer([best, *rivals], distinct)
            if surer is None:
                yield as_text(_UNSURE, doubtful=True)
                return
            best = surer
        note = "a currency or percent sign is left out" if not bare else ""
        descriptor = _number(*best, bare)
        if best[1] and not held["."] and shares[best] == share_of(given, _whole(best[1], bare)):
            descriptor = _whole(best[1], bare)
        yield Found(descriptor, shares[best], note)
        return


def _with_sign(distinct: pa.StringArray) -> bool:
    """Whether what stands about the digits is a currency or percent sign, and nothing else."""
    signs = share_matching(distinct, "[£$€%]|GBP|EUR|USD")
    return signs > 0 and share_matching(distinct, _SIGNED) >= ENOUGH


def _surer(readings: list[tuple[str, str]], distinct: pa.StringArray) -> tuple[str, str] | None:
    """The reading that takes more of what looks like a number, signs and all; None where none does.

    Whatever else stands in the column ("TBC") is no evidence for either reading.
    """
    numeric = distinct.filter(pc.match_substring_regex(distinct, _NUMERIC))
    if share_matching(numeric, r"\A[^0-9]*[0-9]{1,3}([.,][0-9]{3})?[^0-9]*\z") == 1:
        return None
    shares = {each: share_of(numeric, _number(*each, bare=False)) for each in readings}
    best = max(shares, key=lambda each: (shares[each], -len(each[1])))
    tied = [each for each in shares if shares[each] == shares[best] and each[0] != best[0]]
    return None if tied else best


def _number(point: str, group: str, bare: bool) -> dict[str, Any]:
    return {
        "type": "number",
        **({"decimalChar": point} if point != "." else {}),
        **({"groupChar": group} if group else {}),
        **({} if bare else {"bareNumber": False}),
    }


def _whole(group: str, bare: bool) -> dict[str, Any]:
    return {"type": "integer", "groupChar": group, **({} if bare else {"bareNumber": False})}
