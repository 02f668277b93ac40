"""What is wrong with a spec: each fault by its place, and all of them in one refusal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openoda.linkage.spec.locating import KeyPath, spots_of
from openoda.vocabulary.refusals import Misused

_LONGEST, _BEFORE = 100, 10


@dataclass(frozen=True)
class Fault:
    """One thing wrong. `path`: where in the spec's tables; `remedy`: what to do, as an order."""

    path: KeyPath
    what: str
    remedy: str


@dataclass(frozen=True)
class LineFault:
    """A fault on a line of a file. `line`, `column`: counted from 1; `text`: the line, or that part
    of a long one where the fault is."""

    line: int
    what: str
    remedy: str
    text: str = ""
    column: int = 1

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}. {self.remedy}."


class SpecFaulty(Misused):
    """A spec can't be used; `faults` says every reason, in the order of the lines."""

    def __init__(self, faults: Sequence[LineFault], where: str) -> None:
        count = "a fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(
            f"The spec has {count}: " + " ".join(_in_words(faults)).removesuffix("."),
            where=where,
            remedy="Correct the spec and run it again.",
        )
        self.faults = tuple(faults)


def _in_words(faults: Sequence[LineFault]) -> Iterator[str]:
    """Each fault with its line, which isn't shown twice."""
    before = ""
    for fault in faults:
        shown = f" `{fault.text}`" if fault.text and fault.text != before else ""
        before = fault.text
        yield f"line {fault.line}{shown}: {fault.what}. {fault.remedy}."


def on_lines(faults: Sequence[Fault], text: str) -> list[LineFault]:
    """The faults of a sound TOML text by line; one whose key isn't there stands at its table."""
    spots = spots_of(text)

    def located(fault: Fault) -> LineFault:
        path = fault.path
        while path and path not in spots:
            path = path[:-1]
        line, column = spots.get(path, (1, 1))
        return LineFault(line, fault.what, fault.remedy, shown_line(text, line, column), column)

    return sorted((located(fault) for fault in faults), key=lambda found: found.line)


def shown_line(text: str, line: int, column: int = 1) -> str:
    """A line of the text, or of a long one the part from a little before a column."""
    rows = text.split("\n")
    row = rows[line - 1].rstrip() if line <= len(rows) else ""
    if len(row) <= _LONGEST:
        return row.strip()
    start = max(0, min(column - 1 - _BEFORE, len(row) - _LONGEST))
    end = start + _LONGEST
    return ("…" if start else "") + row[start:end].strip() + ("…" if end < len(row) else "")
