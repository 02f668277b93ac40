"""What each condition is called in SQL: Splink's own words for DuckDB, written and read from one table.

The words are those of Splink 5's comparison library, so that a measure of ours and a level of theirs
are one and the same (Linacre and others, "Splink", IJPDS 7(3), 2022).
"""

from dataclasses import dataclass

from openoda.linkage.spec.conditions import Measure
from openoda.linkage.spec.model import Reads

SECONDS_A_DAY = 86_400
POINT = "sql-point"
"""The derivation of a point from a column of latitudes and one of longitudes."""
_DIGITS = 15


@dataclass(frozen=True)
class Form:
    """One way to say a measure; `scale`: how many of its units make one of the measure's."""

    sql: str
    scale: int = 1


_COSINE = """
    sin( radians({left_latitude}) ) * sin( radians({right_latitude}) ) +
    cos( radians({left_latitude}) ) * cos( radians({right_latitude}) )
        * cos( radians({right_longitude} - {left_longitude}) )"""
_CLIPPED = f"""case
    when ({_COSINE}
    ) > 1 then 1
    when ({_COSINE}
    ) < -1 then -1
    else ({_COSINE}
    )
end"""

GUARDED_MEMBERS = (
    "CASE WHEN {right} IS NOT NULL THEN array_length(list_intersect({left}, {right})) END"
)
"""DuckDB says that a list shares nothing with a missing one, where all else it says of null is null."""

FORMS: dict[Measure, tuple[Form, ...]] = {
    Measure.JARO: (Form("jaro_similarity({left}, {right})"),),
    Measure.JARO_WINKLER: (Form("jaro_winkler_similarity({left}, {right})"),),
    Measure.LEVENSHTEIN: (
        Form("levenshtein({left}, {right})"),
        Form("editdist3({left}, {right})"),
    ),
    Measure.DAMERAU: (Form("damerau_levenshtein({left}, {right})"),),
    Measure.DAYS: (
        Form("ABS(EPOCH({left}) - EPOCH({right}))", SECONDS_A_DAY),
        Form("ABS(DATE_DIFF('day', {left}, {right}))"),
    ),
    Measure.NUMBER: (Form("ABS({left} - {right})"),),
    Measure.SHARE: (
        Form("(ABS({left} - {right}) / "
             "(CASE WHEN {right} > {left} THEN {right} ELSE {left} END))"),
    ),
    Measure.KILOMETRES: (
        Form(f"cast(acos({_CLIPPED}) * 6371 as float)"),
        Form(f"acos({_CLIPPED}) * 6371"),
    ),
    Measure.MEMBERS: (
        Form("array_length(list_intersect({left}, {right}))"),
        Form("array_length(array_intersect({left}, {right}))"),
        Form("len(list_intersect({left}, {right}))"),
        Form("len(array_intersect({left}, {right}))"),
        Form(GUARDED_MEMBERS),
    ),
}  # fmt: skip
"""Every form that is understood; the first of a measure is the one written."""

READS: dict[Measure, Reads] = {
    Measure.DAYS: Reads.DATE,
    Measure.NUMBER: Reads.NUMBER,
    Measure.SHARE: Reads.NUMBER,
    Measure.KILOMETRES: Reads.POINT,
    Measure.MEMBERS: Reads.LIST,
}
"""What a measure's column is read as, where that isn't text."""


@dataclass(frozen=True)
class Derivation:
    """A column worked out from another; `sql`: ways to say it, `{of}` being its source."""

    sql: tuple[str, ...]
    reads: Reads = Reads.TEXT


PATTERNS = {
    "sql-postcode-sector": "^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? [0-9]",
    "sql-postcode-district": "^[A-Za-z]{1,2}[0-9][A-Za-z0-9]?",
    "sql-postcode-area": "^[A-Za-z]{1,2}",
    "sql-email-name": "^[^@]+",
}
"""What Splink's own comparisons of postcodes and e-mails look for."""


def _found(pattern: str) -> str:
    escaped = pattern.replace("{", "{{").replace("}", "}}")
    return f"NULLIF(regexp_extract({{of}}, '{escaped}', 0), '')"


DERIVATIONS: dict[str, Derivation] = {
    "sql-date": Derivation(
        ("try_strptime({of}, '%Y-%m-%d')",),
        Reads.DATE,
    ),
    "sql-text": Derivation(("CAST({of} AS TEXT)",)),
    "sql-lower": Derivation(("LOWER({of})",)),
    "sql-upper": Derivation(("UPPER({of})",)),
    **{name: Derivation((_found(pattern),)) for name, pattern in PATTERNS.items()},
    **{
        f"sql-first-{count}": Derivation(
            (f"SUBSTRING({{of}}, 1, {count})", f"LEFT({{of}}, {count})")
        )
        for count in range(1, 10)
    },
}  # fmt: skip
"""Derived columns that SQL can say, by the name of the derivation; the first way is the one written.

Each is what DuckDB makes of it, whatever a standard of ours would: hence their names' beginning.
"""


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def of_level(name: str, side: str) -> str:
    """A column as a comparison level names it: `"surname_l"`."""
    return quoted(f"{name}_{side}")


def of_rule(name: str, side: str) -> str:
    """A column as a blocking rule names it: `l."surname"`."""
    return f"{side}.{quoted(name)}"


def figure(value: float) -> str:
    """A number in SQL: as short as can be, and read back as the same double."""
    if value == int(value) and abs(value) < 10**_DIGITS:
        return str(int(value))
    return repr(float(value))
