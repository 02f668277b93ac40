"""Reads a filled worklist back: what officers found, row by row.

The file has been through a spreadsheet, so columns may have moved, ids may have become numbers and
dates may have become serial numbers. Nothing is guessed: a row that can't be understood is a
problem with its row number and a remedy, and every row is either a record or a problem.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from openoda.data.filled_sheets import Cell, FilledSheet, read_sheet
from openoda.rendering import cells
from openoda.vocabulary.outcomes import Outcome

_WORDS = {outcome.value: outcome for outcome in Outcome}
_ALL_WORDS = ", ".join(_WORDS)
# Day before month, as in the United Kingdom; a day first that can't be one is a problem.
_DATE_FORMATS = (
    *("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"),
    *("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"),
    *("%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y"),
)
_UNREAD_DATE = (
    "The date of the visit can't be read; the outcome was taken without it",
    "Write it as year-month-day, for example 2026-09-02, and send the row again.",
)
_SERIAL_ZERO = date(1899, 12, 30)  # day 0 of Excel's 1900 calendar, from March 1900 on
_EXACT_DIGITS = 1e15  # a spreadsheet keeps 15 digits of a number
_SERIALS = range(20_000, 80_000)  # 1954 to 2119


@dataclass(frozen=True)
class OutcomeRecord:
    """What came of one row: `row` is its number in the file, the rest identifies it in its run.

    `is_blank` says that nobody wrote an outcome. `place` is None where the file no longer has it;
    `visited_on` where nobody wrote a date, or one that can't be read: then `unread` is its text.
    """

    row: int
    run: str
    queue: str
    place: int | None
    case: str
    outcome: Outcome
    is_blank: bool
    visited_on: date | None
    unread: str
    note: str


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a row: where, what, and what to do. Never the cell's text."""

    row: int
    what: str
    remedy: str


@dataclass(frozen=True)
class OutcomesRead:
    """All rows of a file: those accepted and those not. Wholly empty rows are no rows.

    A problem cost its row; a flag is a value that can't be read in a row that was accepted.
    """

    records: tuple[OutcomeRecord, ...]
    problems: tuple[RowProblem, ...]
    flags: tuple[RowProblem, ...]

    @property
    def rows(self) -> int:
        """Count the rows read: accepted and not."""
        return len(self.records) + len(self.problems)


class _Wrong(Exception):
    """A cell can't be understood: what is wrong, and the remedy."""


def read_outcomes(path: Path) -> OutcomesRead:
    """Read a filled worklist, CSV or XLSX.

    An empty outcome means not visited. Raises FileUnreadable when the file isn't such a file, and
    SchemaInvalid when it has no `case` and `outcome` columns.
    """
    sheet = read_sheet(path, required=(cells.CASE, cells.OUTCOME))
    records: list[OutcomeRecord] = []
    problems: list[RowProblem] = []
    for number, row in sheet.rows:
        try:
            records.append(_record(number, row, sheet))
        except _Wrong as wrong:
            problems.append(RowProblem(number, *wrong.args))
    records, repeated = _set_repeats_aside(records)
    flags = tuple(RowProblem(one.row, *_UNREAD_DATE) for one in records if one.unread)
    problems = sorted(problems + repeated, key=lambda p: p.row)
    return OutcomesRead(tuple(records), tuple(problems), flags)


def _record(number: int, row: Mapping[str, Cell], sheet: FilledSheet) -> OutcomeRecord:
    if sheet.is_too_long(number):
        raise _Wrong(
            "The row has more cells than the header",
            "Put quotation marks round a note that has commas, or fill in the XLSX file instead.",
        )
    read_id = _id_reader(row, sheet)
    case = read_id(cells.CASE)
    if not case:
        raise _Wrong("The case is empty", "Copy the case from the worklist as it was made.")
    outcome, visited_on, unread = _outcome_and_date(row)
    return OutcomeRecord(
        row=number,
        run=read_id(cells.RUN),
        queue=read_id(cells.QUEUE),
        place=_place(row.get(cells.PLACE)),
        case=case,
        outcome=outcome,
        is_blank=not _text(row.get(cells.OUTCOME)).strip(),
        visited_on=visited_on,
        unread=unread,
        note=cells.unguard(_text(row.get(cells.NOTE))),
    )


def _id_reader(row: Mapping[str, Cell], sheet: FilledSheet) -> Callable[[str], str]:
    def read(column: str) -> str:
        value = row.get(column)
        if _is_changed(value, sheet.is_csv):
            raise _Wrong(
                f"The spreadsheet has changed the column {column} into something else",
                "Copy that cell from the worklist as it was made, or fill in the XLSX file.",
            )
        text = _text(value)
        return cells.unguard(text) if sheet.is_guarded else text

    return read


def _is_changed(value: Cell, is_csv: bool) -> bool:
    """Say whether a spreadsheet made an id into a date, a yes or no, or a number that lost digits.

    Text such as 1.00023E+11 counts only in a CSV: in a workbook it is text that somebody meant.
    """
    if isinstance(value, str):
        return is_csv and cells.lost_digits(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return abs(value) >= _EXACT_DIGITS
    return value is not None


def _outcome_and_date(row: Mapping[str, Cell]) -> tuple[Outcome, date | None, str]:
    """Give the outcome, the date, and the date's text where it can't be read."""
    value = row.get(cells.VISITED_ON)
    written = cells.unguard(_text(value)).strip()
    visited_on = _date(value, written)
    outcome = _outcome(_text(row.get(cells.OUTCOME)))
    if outcome is Outcome.NOT_VISITED and written:
        raise _Wrong(
            "There is a date of visit, but the outcome says that nobody has been",
            "Write what the visit came to in the outcome, or clear the date.",
        )
    return outcome, visited_on, written if visited_on is None else ""


def _outcome(word: str) -> Outcome:
    plain = " ".join(word.replace("_", " ").replace("-", " ").casefold().split())
    if not plain:
        return Outcome.NOT_VISITED
    if plain not in _WORDS:
        raise _Wrong("The outcome is not one of the six words", f"Use one of: {_ALL_WORDS}.")
    return _WORDS[plain]


def _date(value: Cell, text: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if text.isdecimal() and int(text) in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=int(text))
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def _place(value: Cell) -> int | None:
    text = _text(value).strip()
    return int(text) if text.isdecimal() else None


def _text(value: Cell) -> str:
    """Give a cell's text; a whole number that a spreadsheet holds as 123.0 is 123 again."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _set_repeats_aside(
    records: Iterable[OutcomeRecord],
) -> tuple[list[OutcomeRecord], list[RowProblem]]:
    """Part the records from those whose case comes twice: which one is right can't be known."""
    by_case: dict[tuple[str, str, str], list[OutcomeRecord]] = defaultdict(list)
    for record in records:
        by_case[record.run, record.queue, record.case].append(record)
    single = [group[0] for group in by_case.values() if len(group) == 1]
    repeated = [
        RowProblem(
            record.row,
            f"The same case is on rows {', '.join(str(other.row) for other in group)}",
            "Keep the row that is right and delete the others.",
        )
        for group in by_case.values()
        if len(group) > 1
        for record in group
    ]
    return single, repeated
