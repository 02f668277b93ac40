"""The worklist as a workbook."""

import io
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from openoda.rendering.worklist_xlsx import HEADER_ROW, worklist_xlsx
from openoda.vocabulary.outcomes import Outcome
from tests.unit.rendering import samples


@pytest.fixture(scope="module")
def book() -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(worklist_xlsx(samples.worklist())))


def _letter(book: Workbook, title: str) -> str:
    header = next(book["Worklist"].iter_rows(HEADER_ROW + 1, HEADER_ROW + 1))
    return next(cell.column_letter for cell in header if cell.value == title)


def test_the_outcome_is_chosen_from_the_six_words(book: Workbook):
    """The drop-down covers every row's outcome and holds the vocabulary's words."""
    rules = book["Worklist"].data_validations.dataValidation
    rule = next(rule for rule in rules if rule.type == "list")
    assert rule.formula1 == '"' + ",".join(Outcome) + '"'
    column = _letter(book, "outcome")
    assert str(rule.sqref) == f"{column}5:{column}22"


def test_the_date_of_the_visit_is_checked(book: Workbook):
    """A date outside the year after the list was made brings a warning."""
    rules = book["Worklist"].data_validations.dataValidation
    rule = next(rule for rule in rules if rule.type == "date")
    assert str(rule.sqref).startswith(_letter(book, "visited_on"))
    assert rule.errorStyle == "warning"


def test_header_is_frozen_and_filterable(book: Workbook):
    """Scrolling keeps the titles and the place in sight, and every column filters."""
    sheet = book["Worklist"]
    assert sheet.freeze_panes == "F5"
    assert sheet.auto_filter.ref == "A4:N22"


def test_the_sheet_says_that_it_is_synthetic_and_simulated(book: Workbook):
    """Nobody can take the sheet for a real list of today."""
    label = book["Worklist"]["A2"].value
    assert "Synthetic" in label
    assert "Simulated" in label


def test_the_second_sheet_explains_each_outcome(book: Workbook):
    """Each word stands beside its meaning."""
    said = {row[0]: row[1] for row in book.worksheets[1].iter_rows(values_only=True)}
    assert {outcome.value: outcome.meaning for outcome in Outcome}.items() <= said.items()


def test_ids_are_text_with_their_zeros(book: Workbook):
    """A case id keeps its leading zeros and gains no apostrophe."""
    column = _letter(book, "case")
    cell = book["Worklist"][f"{column}5"]
    assert (cell.value, cell.data_type) == ("0000001", "s")


def test_no_text_becomes_a_formula_or_a_link():
    """Whatever data says, the workbook stores it as text."""
    doc = samples.worklist(queues=1, each=1)
    nasty = ("=1+1", "{=1}", "https://example.org", "mailto:a@example.org", "internal:A1", "12")
    rows = tuple(replace(doc.rows[0], case=text, unit=text, reasons=(text,)) for text in nasty)
    sheet = openpyxl.load_workbook(io.BytesIO(worklist_xlsx(replace(doc, rows=rows))))["Worklist"]
    read = list(sheet.iter_rows(HEADER_ROW + 2))
    assert [row[3].value for row in read] == list(nasty)
    assert {row[3].data_type for row in read} == {"s"}
    assert not any(cell.hyperlink for row in read for cell in row)


def test_the_same_list_gives_the_same_bytes():
    """A run can be reproduced by hash."""
    assert worklist_xlsx(samples.worklist()) == worklist_xlsx(samples.worklist())


def test_an_empty_list_is_still_a_sound_workbook():
    """A week without work doesn't break the file."""
    content = worklist_xlsx(samples.worklist(queues=0))
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames[0] == "Worklist"
