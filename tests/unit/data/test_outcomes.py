"""Reading a filled worklist back: every row is accepted or explained, and nothing is guessed."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from openoda.data.outcomes import OutcomesRead, read_outcomes
from openoda.rendering.documents import WorklistDocument
from openoda.rendering.worklist_files import worklist_csv
from openoda.rendering.worklist_xlsx import HEADER_ROW, worklist_xlsx
from openoda.vocabulary.outcomes import Outcome
from openoda.vocabulary.refusals import FileUnreadable, SchemaInvalid
from tests.unit.rendering import samples

HEADER = "run,place,queue,case,outcome,visited_on,note"
NASTY = st.text(
    alphabet=st.one_of(
        st.sampled_from("=+-@＝\t\r\n '\"0129.eE/|%,;_x"),
        # Surrogates and the two noncharacters can't be in XML, so no workbook holds them.
        st.characters(exclude_categories=("Cs",), exclude_characters="\ufffe\uffff"),
    ),
    min_size=1,
    max_size=15,
).filter(lambda text: text.strip() != "")


def _csv(tmp_path: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8-sig") -> Path:
    path = tmp_path / "filled.csv"
    path.write_bytes("\r\n".join((header, *rows, "")).encode(encoding))
    return path


def _only(read: OutcomesRead) -> Outcome:
    assert not read.problems
    return read.records[0].outcome


def _fill_csv(content: bytes, fills: list[dict[str, str]]) -> bytes:
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, reader.fieldnames or ())
    writer.writeheader()
    writer.writerows({**row, **fill} for row, fill in zip(reader, fills, strict=True))
    return text.getvalue().encode("utf-8-sig")


def _fill_xlsx(content: bytes, fills: list[dict[str, object]]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Worklist"]
    titles = {cell.value: cell.column for cell in sheet[HEADER_ROW + 1]}
    for number, fill in enumerate(fills, start=HEADER_ROW + 2):
        for title, value in fill.items():
            sheet.cell(number, titles[title]).value = value
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


FILLS = [
    {"outcome": "found", "visited_on": "2030-09-03", "note": "Blocked drain"},
    {"outcome": "Not Found ", "visited_on": "04/09/2030"},
    {"outcome": "NO_ACCESS", "visited_on": "5 September 2030"},
    {"outcome": "wrong-address", "visited_on": "06-Sep-30"},
    {"outcome": "already  known"},
    {},
]


def _check_filled(read: OutcomesRead, doc: WorklistDocument) -> None:
    assert read.problems == ()
    assert [record.outcome for record in read.records] == list(Outcome)
    assert [record.case for record in read.records] == [row.case for row in doc.rows]
    assert [record.queue for record in read.records] == [row.queue for row in doc.rows]
    assert [record.place for record in read.records] == [row.place for row in doc.rows]
    assert [record.visited_on for record in read.records] == [
        *(date(2030, 9, day) for day in (3, 4, 5, 6)),
        *(None, None),
    ]
    assert {record.run for record in read.records} == {doc.run_id}
    assert read.records[0].note == "Blocked drain"


def test_a_filled_csv_comes_back_as_it_was_filled(tmp_path: Path):
    """All six words in any dress, dates in several forms, ids with their zeros."""
    doc = samples.worklist(queues=1, each=6)
    path = tmp_path / "filled.csv"
    path.write_bytes(_fill_csv(worklist_csv(doc), FILLS))
    _check_filled(read_outcomes(path), doc)


def test_a_filled_workbook_comes_back_as_it_was_filled(tmp_path: Path):
    """The same through Excel's format, where dates are dates, serial numbers or texts."""
    doc = samples.worklist(queues=1, each=6)
    fills: list[dict[str, object]] = [dict(fill) for fill in FILLS]
    fills[0]["visited_on"] = datetime(2030, 9, 3)
    fills[1]["visited_on"] = date(2030, 9, 4)
    fills[2]["visited_on"] = (date(2030, 9, 5) - date(1899, 12, 30)).days
    path = tmp_path / "filled.xlsx"
    path.write_bytes(_fill_xlsx(worklist_xlsx(doc), fills))
    _check_filled(read_outcomes(path), doc)


@pytest.mark.parametrize(
    ("name", "write"), [("filled.csv", worklist_csv), ("filled.xlsx", worklist_xlsx)]
)
@given(ids=st.lists(NASTY, min_size=1, max_size=4, unique=True), queue=NASTY, unit=NASTY)
@example(ids=["_x000D_", "_x0041_", "\r\n.", "\x00a", "\x0b."], queue="_x005F_", unit="x")
@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_id_is_lost_whatever_it_is_made_of(
    tmp_path: Path,
    name: str,
    write: Callable[[WorklistDocument], bytes],
    ids: list[str],
    queue: str,
    unit: str,
):
    """Formulas, quotes, line ends, zeros and invisible characters survive both formats."""
    doc = samples.worklist(queues=1, each=1)
    rows = tuple(replace(doc.rows[0], case=case, queue=queue, unit=unit) for case in ids)
    path = tmp_path / name
    path.write_bytes(write(replace(doc, rows=rows)))
    read = read_outcomes(path)
    assert read.problems == ()
    assert [(record.case, record.queue) for record in read.records] == [(one, queue) for one in ids]


def test_a_workbook_saved_from_the_csv_loses_no_apostrophe_of_its_own(tmp_path: Path):
    """CSV opened in Excel and saved as XLSX still holds guards, and they are undone."""
    book = openpyxl.Workbook()
    for row in (["run", "case", "outcome"], ["r", "'007", "found"], ["r", "'=1", "found"]):
        book.active.append(row)
    path = tmp_path / "saved.xlsx"
    book.save(path)
    assert [record.case for record in read_outcomes(path).records] == ["007", "=1"]


def test_ids_that_became_numbers_are_ids_again(tmp_path: Path):
    """A case that Excel holds as the number 1234.0 is case 1234."""
    book = openpyxl.Workbook()
    for row in (["case", "outcome", "queue"], [1234, "found", 7.0]):
        book.active.append(row)
    path = tmp_path / "numbers.xlsx"
    book.save(path)
    record = read_outcomes(path).records[0]
    assert (record.case, record.queue) == ("1234", "7")


@pytest.mark.parametrize("value", [datetime(2024, 4, 3), True, 1.2345678901234567e17])
def test_an_id_that_became_something_else_is_a_problem(tmp_path: Path, value: object):
    """A date, a truth value or a number beyond 15 digits can't be turned back, so it isn't."""
    book = openpyxl.Workbook()
    for row in (["case", "outcome"], [value, "found"], ["fine", "found"]):
        book.active.append(row)
    path = tmp_path / "changed.xlsx"
    book.save(path)
    read = read_outcomes(path)
    assert [problem.row for problem in read.problems] == [2]
    assert [record.case for record in read.records] == ["fine"]


def test_an_id_that_lost_its_digits_in_a_csv_is_a_problem(tmp_path: Path):
    """1.00023E+11 is what is left of a UPRN; the remedy is to copy it again."""
    read = read_outcomes(_csv(tmp_path, "r,1,q,1.00023E+11,found,,"))
    assert read.problems[0].row == 2
    assert "Copy" in read.problems[0].remedy


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("", Outcome.NOT_VISITED),
        ("   ", Outcome.NOT_VISITED),
        ("FOUND", Outcome.FOUND),
        (" not  found", Outcome.NOT_FOUND),
        ("No-Access", Outcome.NO_ACCESS),
        ("already_known", Outcome.ALREADY_KNOWN),
    ],
)
def test_words_are_read_in_any_dress(tmp_path: Path, word: str, outcome: Outcome):
    """Capitals, spaces, hyphens and underscores don't matter."""
    assert _only(read_outcomes(_csv(tmp_path, f"r,1,q,c,{word},,x"))) is outcome


@pytest.mark.parametrize("word", ["fnd", "yes", "1", "found it", "notfound"])
def test_an_unknown_word_is_a_problem_and_never_guessed(tmp_path: Path, word: str):
    """The row is named and the six words are given; what was typed is not repeated."""
    read = read_outcomes(_csv(tmp_path, "r,1,q,a,found,,", f"r,2,q,b,{word},,"))
    assert [record.case for record in read.records] == ["a"]
    (problem,) = read.problems
    assert problem.row == 3
    assert all(outcome.value in problem.remedy for outcome in Outcome)
    assert word not in problem.what.split()


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("r,1,q,,found,,", "case is empty"),
        ("r,1,q,c,,2030-09-02,", "nobody has been"),
        ("r,1,q,c,not visited,2030-09-02,", "nobody has been"),
        ("r,1,q,c,found,,Drain, blocked", "more cells"),
    ],
)
def test_a_row_that_contradicts_itself_is_a_problem(tmp_path: Path, row: str, what: str):
    """A row without its case, a date without a visit, or a shifted row is put back to people."""
    read = read_outcomes(_csv(tmp_path, row))
    assert not read.records
    assert what in read.problems[0].what
    assert read.problems[0].remedy.endswith(".")


@pytest.mark.parametrize("written", ["31/02/2030", "09/13/2030", "yesterday"])
def test_a_date_that_cannot_be_read_never_costs_its_row(tmp_path: Path, written: str):
    """The outcome counts, the text is kept, and the row is flagged with what to do."""
    read = read_outcomes(_csv(tmp_path, f"r,1,q,c,found,{written},"))
    assert not read.problems
    assert (read.records[0].visited_on, read.records[0].unread) == (None, written)
    assert [flag.row for flag in read.flags] == [2]
    assert "2026-09-02" in read.flags[0].remedy


def test_a_case_reported_twice_is_a_problem_in_both_rows(tmp_path: Path):
    """Which report is right can't be known, so neither is taken; other queues don't clash."""
    rows = ("r,1,q,a,found,,", "r,2,q,b,found,,", "r,3,q,a,not found,,", "r,1,p,a,found,,")
    read = read_outcomes(_csv(tmp_path, *rows))
    assert [problem.row for problem in read.problems] == [2, 4]
    assert [(record.queue, record.case) for record in read.records] == [("q", "b"), ("p", "a")]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c", "", "7"]),
            st.sampled_from([*Outcome, "", "maybe", "FOUND"]),
            st.sampled_from(["", "2030-09-02", "soon"]),
        ),
        max_size=12,
    )
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_is_a_record_or_a_problem(tmp_path: Path, rows: list[tuple[str, str, str]]):
    """Rows in are rows accepted and rows explained, whatever people wrote."""
    path = _csv(tmp_path, *(f"r,1,q,{case},{word},{day}," for case, word, day in rows))
    read = read_outcomes(path)
    assert read.rows == len(rows)
    numbers = [record.row for record in read.records] + [one.row for one in read.problems]
    assert sorted(numbers) == list(range(2, len(rows) + 2))


def test_moved_and_added_columns_do_no_harm(tmp_path: Path):
    """Columns are found by name, in any order and dress, and others are left alone."""
    path = _csv(tmp_path, "hot,found,007,r", header=" Weather,OUTCOME,Case ,Run")
    record = read_outcomes(path).records[0]
    assert (record.case, record.run, record.place, record.outcome) == (
        *("007", "r", None),
        Outcome.FOUND,
    )


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("cp1252", ","), ("utf-8-sig", ";"), ("utf-16", "\t")],
)
def test_every_way_a_spreadsheet_saves_text_is_read(tmp_path: Path, encoding: str, delimiter: str):
    """Accents survive Windows-1252, UTF-16 and a semicolon country."""
    path = tmp_path / "saved.csv"
    rows = [["case", "outcome", "note"], ["c", "found", "Café, “closed”"]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    path.write_bytes(text.encode(encoding))
    record = read_outcomes(path).records[0]
    assert (record.case, record.note) == ("c", "Café, “closed”")


def test_empty_rows_are_no_rows_but_keep_the_count(tmp_path: Path):
    """Blank lines are passed over, and later rows keep the number a spreadsheet shows."""
    read = read_outcomes(_csv(tmp_path, ",,,,,,", "r,1,q,c,maybe,,"))
    assert (read.rows, read.problems[0].row) == (1, 3)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", SchemaInvalid),
        (b"place,queue\n1,q\n", SchemaInvalid),
        (b"case,outcome,Outcome\nc,found,found\n", SchemaInvalid),
        (b'case,outcome\nc,"found\nd,found\n', FileUnreadable),
        (b"PK\x03\x04 no workbook", FileUnreadable),
        (b"\xd0\xcf\x11\xe0 no workbook", FileUnreadable),
        (b"case,outcome\nc,\x81\x8d\n", FileUnreadable),
    ],
)
def test_what_is_no_filled_worklist_is_refused(
    tmp_path: Path, content: bytes, refusal: type[FileUnreadable | SchemaInvalid]
):
    """An unclosed quotation mark or a damaged file refuses as a whole, with a remedy."""
    path = tmp_path / "wrong"
    path.write_bytes(content)
    with pytest.raises(refusal) as refused:
        read_outcomes(path)
    assert refused.value.remedy
    assert refused.value.__cause__ is None or "Traceback" not in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path):
    """The name is given, not the whole path."""
    with pytest.raises(FileUnreadable, match=r"absent\.csv") as refused:
        read_outcomes(tmp_path / "absent.csv")
    assert str(tmp_path) not in str(refused.value)
