"""Whether a record is a header, by what stands under it.

A name of letters over numbers or dates speaks for a header; so do years, dates and bands of ages over
values of another kind. A value of the same kind as those under it speaks against. That a name is given
twice or left out speaks neither way: such a header is wrong, but it is one.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_KINDS = (
    ("date", re.compile(r"\d{1,4}([/.-])\d{1,2}\1\d{1,4}([ T]\d.*)?\Z"
                        r"|\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4}\b")),
    ("time", re.compile(r"\d{1,2}:\d{2}(:\d{2})?\Z")),
    ("number", re.compile(r"\(?[+-]?[£$€]?[+-]?\d[\d.,]*%?\)?-?\Z")),
    ("range", re.compile(r"\d+ ?(?:[-–]|to) ?\d+\Z|\d+ ?\+\Z|[<>] ?\d+\Z")),
)  # fmt: skip
LIKE_DATA = re.compile(r"[£$€]?[+-]?\d[\d.,/:\-]*%?\Z")
_DATA = ("date", "time", "number", "range")
_ABSENT = frozenset(("", "-", "n/a", "na", "null", "none", "nil", "unknown", "."))
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_CELLS, _FEWEST, _MOST = 60_000, 5, 300
_MAJORITY = 0.8


@dataclass(frozen=True)
class Heading:
    """Whether a record is a header, and whether that must be looked at."""

    is_header: bool
    doubtful: bool = False


def judge_heading(names: Sequence[str], beneath: Sequence[Sequence[str]]) -> Heading:
    """Hold the cells of a record against those of the records under it."""
    most = min(max(_CELLS // max(len(names), 1), _FEWEST), _MOST)
    under = beneath[:: max(len(beneath) // most, 1)]
    years = _years(names)
    votes = [
        _vote(name.strip(), [row[place].strip() for row in under], place in years)
        for place, name in enumerate(names)
    ]
    speaking, against = votes.count(1), votes.count(-1)
    if speaking or against:
        return Heading(speaking >= against, bool(speaking and against and 4 * against >= speaking))
    words = 2 * sum(_kind(name.strip()) in _DATA for name in names) < max(len(names), 2)
    sound = not faults_of(names)
    return Heading(words and sound, words and not sound)


def faults_of(names: Sequence[str]) -> list[str]:
    """What makes a header unusable, in words that hold no name: columns without one, or alike."""
    blank = [str(place) for place, name in enumerate(names, 1) if not name]
    counts = Counter(name for name in names if name)
    double = [str(place) for place, name in enumerate(names, 1) if counts[name] > 1]
    return [
        f"{what}: columns {', '.join(places[:10])}{' and more' if len(places) > 10 else ''}"
        for what, places in (("no name", blank), ("the same name as another", double))
        if places
    ]


def _years(names: Sequence[str]) -> set[int]:
    """Places of names that are years in a row, each the same step from the one before."""
    found: set[int] = set()
    for place in range(len(names) - 1):
        first, second = names[place].strip(), names[place + 1].strip()
        if _YEAR.match(first) and _YEAR.match(second) and 1 <= abs(int(first) - int(second)) <= 10:
            found |= {place, place + 1}
    return found


def _vote(name: str, cells: list[str], in_years: bool) -> int:
    """1 for a header, -1 against, 0 where the column doesn't tell."""
    given = [cell for cell in cells if cell.lower() not in _ABSENT]
    if name.lower() in _ABSENT or not given:
        return 0
    kind, under = _kind(name), _commonest(given)
    if in_years and under == "number":
        return -1 if all(map(_YEAR.match, given)) else 1
    if kind == under:
        return 0 if kind == "words" and name not in given else -1
    if kind == "words":
        return int(under not in ("words", ""))
    if kind in ("date", "range"):
        return int(under in ("number", "words"))
    return int(kind not in _DATA and under == "number")


def _commonest(given: list[str]) -> str:
    """The kind that most of the cells have, else none."""
    kind, count = Counter(map(_kind, given)).most_common(1)[0]
    return kind if count >= _MAJORITY * len(given) else ""


def _kind(text: str) -> str:
    """What a text looks like; one of letters and digits by its very pattern of them."""
    for kind, pattern in _KINDS:
        if pattern.match(text):
            return kind
    if not re.search(r"\d", text):
        return "words"
    return re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", re.sub(r"\d", "9", text)))
