r"""Numbers with something around them, such as £5 or 95%: what is taken off, and what isn't.

Source: Table Schema, "bareNumber": where it is false, "leading and/or trailing non-numeric characters"
are stripped, "percentages e.g. 95%" and "currencies e.g. €95 or EUR 95". What may change a number is
no such decoration: brackets and a minus behind mean below zero in accounts, CR and DR a side of them,
< and > a bound (small counts are published so), and A12 is a code. Those are named and not stripped.
"""

import re

import pyarrow as pa
import pyarrow.compute as pc

SIGN = "a number with a sign, bracket or bound that may change it"
CODE = "a number with letters that touch it, as in a code"
_DASHES = r"\x{2010}-\x{2015}\x{2212}\x{fe63}\x{ff0d}"
_BOUNDS = r"<>~=\x{2264}\x{2265}\x{2248}\x{00b1}"
_MAY_CHANGE = (
    rf"\A[^0-9]*[(\[{{{_DASHES}{_BOUNDS}][^0-9]*[0-9]"
    rf"|[0-9][^0-9]*[-+{_DASHES}{_BOUNDS}][^0-9]*\z"
    r"|[0-9][^0-9\pL]*(?i:cr|dr)[^0-9\pL]*\z"
)
_CODE = r"\A[^0-9]*\pL[.,]?[0-9]"
_CURRENCY = r"\A[^0-9\pL]*[A-Z]{3}[-+.,]*[0-9]"
_UNIT = r"[0-9]\pL"


def ambiguous(text: pa.StringArray, *, whole: bool) -> list[tuple[pa.BooleanArray, str]]:
    """Which texts may mean another number than the one they hold, for each reason.

    `whole`: of an integer no letter that touches it is taken off; of a number a unit behind is (5kg).
    """
    coded = pc.and_not(
        pc.match_substring_regex(text, _CODE), pc.match_substring_regex(text, _CURRENCY)
    )
    if whole:
        coded = pc.or_(coded, pc.match_substring_regex(text, _UNIT))
    changed = pc.match_substring_regex(text, _MAY_CHANGE)
    return [(pc.fill_null(changed, False), SIGN),
            (pc.fill_null(pc.and_not(coded, changed), False), CODE)]  # fmt: skip


def bared(text: pa.StringArray, point: str) -> pa.StringArray:
    """Without what stands before and after the number, such as £ or %; its sign is kept."""
    numeric = rf"0-9{re.escape(point)}"
    return pc.replace_substring_regex(
        text,
        pattern=rf"\A[^{numeric}+-]*([+-]?)[^{numeric}+-]*([{numeric}](?s:.*?))[^{numeric}]*\z",
        replacement=r"\1\2",
    )
