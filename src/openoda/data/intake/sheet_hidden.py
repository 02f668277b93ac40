"""What is said of the sheets that a spreadsheet program doesn't show."""

from openoda.data.intake.limits import Limits
from openoda.data.intake.sheet_rows import SheetRows
from openoda.data.intake.workbook import Sheet, Workbook
from openoda.vocabulary.refusals import FileUnreadable

_NAMED = 10


def hidden_beside(workbook: Workbook, sheet: Sheet) -> list[Sheet]:
    """The hidden sheets other than the one that is read."""
    return [each for each in workbook.sheets if each.hidden and each is not sheet]


def hidden_notes(hidden: list[Sheet]) -> list[str]:
    """That there are such sheets, by name, so that nobody takes the file for read whole."""
    return [f"hidden sheets, not read: {_names(hidden)}"] if hidden else []


def instead(workbook: Workbook, hidden: list[Sheet], limits: Limits) -> str:
    """What to do where the sheet that is read has no rows and a hidden one has; empty if none has."""
    filled = [each for each in hidden if _has_rows(workbook, each, limits)]
    return f"name a hidden sheet that has rows (option --table): {_names(filled)}" * bool(filled)


def _names(sheets: list[Sheet]) -> str:
    return ", ".join(each.name[:60] for each in sheets[:_NAMED])


def _has_rows(workbook: Workbook, sheet: Sheet, limits: Limits) -> bool:
    """Whether it holds a header and something below it: two rows with a value."""
    filled = 0
    try:
        for row in SheetRows(workbook, sheet, limits):
            filled += any(cell.value for cell in row.cells.values())
            if filled == 2:
                return True
    except FileUnreadable:  # it isn't read, so that its faults are nobody's concern yet
        return False
    return False
