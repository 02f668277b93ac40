"""Whether a file's names of columns look like its first record: what tells a file without a header.

Nothing is decided by it. Years and age bands are names that many a table has; a full date may be one.
"""

import re
from collections import Counter

from openoda.standards.uk import dates, email, nhs_number, nino, postcode

_NUMBER = re.compile(r"\s*[+-]?[£$€]?\s*[0-9][0-9,]*(\.[0-9]+)?%?\s*")
_YEAR = re.compile(r"\s*(19|20)[0-9]{2}\s*")
_PARTS = re.compile(r"[0-9]+[^0-9A-Za-z]+[0-9A-Za-z]+[^0-9A-Za-z]+[0-9]+")
_NO_NINO = ("missing", "wrong-shape")
_LONGEST = 80  # no date, number or code is longer


def data_like(names: list[str]) -> str:
    """What in the names looks like data, in words that repeat none of it; empty where nothing does.

    One full date, NINO, NHS number, postcode or e-mail address is enough; of plain numbers other than
    years it takes more than half of the names.
    """
    kinds = Counter(kind for kind in map(_kind_of, names) if kind)
    numbers = kinds.pop("number", 0)
    if 2 * numbers > len(names):
        kinds["number"] = numbers
    return ", ".join(f"{kind} × {count}" for kind, count in kinds.items())


def _kind_of(name: str) -> str:
    """What kind of value a name has the form of, empty for none."""
    if not name.strip() or len(name) > _LONGEST:
        return ""
    if nhs_number.check(name).sound:
        return "NHS number"
    if _NUMBER.fullmatch(name):
        return "" if _YEAR.fullmatch(name) else "number"
    if nino.check(name).problem not in _NO_NINO:
        return "NINO"
    if postcode.check(name).sound:
        return "postcode"
    if "@" in name and email.check(name).sound:
        return "e-mail address"
    return "date" if _PARTS.search(name) and dates.check(name).sound else ""
