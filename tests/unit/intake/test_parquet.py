"""Parquet deliveries: own types kept, or held against a schema; damage refused."""

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openoda.data.intake import Limits
from openoda.vocabulary.refusals import FileUnreadable, SchemaInvalid
from tests.unit.intake.samples import load, schema, written


def stored(folder: Path, table: pa.Table, **options: object) -> Path:
    path = folder / "delivery.parquet"
    pq.write_table(table, path, **options)
    return path


def test_its_own_types_are_kept(tmp_path: Path) -> None:
    """Without a schema nothing is changed but dictionaries, and rows are numbered from one."""
    table = pa.table(
        {
            "n": pa.array([1, None], pa.int16()),
            "t": pa.array(["007", ""]).dictionary_encode(),
            "d": pa.array([date(2018, 3, 9), None]),
        }
    )
    found = load(stored(tmp_path, table))
    assert found.accepted == [
        {"source_line": 1, "n": 1, "t": "007", "d": date(2018, 3, 9)},
        {"source_line": 2, "n": None, "t": "", "d": None},
    ]
    assert (found.report.rows_in, found.report.header_lines) == (2, 0)


def test_values_are_held_against_a_schema(tmp_path: Path) -> None:
    """Numbers and moments that stay the same are taken over; others are flagged; text is typed by
    the rules of text."""
    table = pa.table(
        {
            "whole": [1.0, 2.5, None],
            "day": pa.array(
                [datetime(2018, 3, 9), datetime(2018, 3, 9, 10), None], pa.timestamp("ns")
            ),
            "text": ["5", "x", ""],
            "code": [7, 8, 9],
        }
    )
    wanted = schema(
        {"name": "whole", "type": "integer"},
        {"name": "day", "type": "date"},
        {"name": "text", "type": "integer", "constraints": {"maximum": 4}},
        {"name": "code", "constraints": {"enum": ["7", "8"]}},
    )
    found = load(stored(tmp_path, table), wanted)
    assert found.values == [
        (1, date(2018, 3, 9), None, "7"),
        (None, None, None, "8"),
        (None, None, None, None),
    ]
    assert [(line, column, reason) for line, column, _, reason in found.marked] == [
        (1, "text", "above the maximum"),
        (2, "whole", "not exactly a value of type int64"),
        (2, "day", "not exactly a value of type date32[day]"),
        (2, "text", "not an integer"),
        (3, "code", "not one of the values listed"),
    ]


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pa.array([[1]]), "list"),
        (pa.array([{"x": 1}]), "struct"),
        (pa.array([b"x"]), "binary"),
        (pa.array([b"x"], pa.large_binary()), "binary"),
        (pa.array([b"x"], pa.binary(1)), "binary"),
    ],
)
def test_columns_without_plain_values_are_refused(
    tmp_path: Path, column: pa.Array, kind: str
) -> None:
    """Nested and binary columns, by name and type."""
    with pytest.raises(SchemaInvalid, match=f"c .*{kind}"):
        load(stored(tmp_path, pa.table({"c": column})))


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    """Parquet's text may hold any bytes; rows of it can't be told apart, so the file is refused."""
    raw = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")]
    )
    with pytest.raises(FileUnreadable, match="sound Parquet"):
        load(stored(tmp_path, pa.table({"t": raw})))


@pytest.mark.parametrize("content", [b"", b"PAR1", b"a,b\n1,2\n", b"PAR1" + b"\0" * 50 + b"PAR1"])
def test_what_is_no_parquet_is_refused(tmp_path: Path, content: bytes) -> None:
    """Empty, cut short, or something else under that name."""
    with pytest.raises(FileUnreadable, match="sound Parquet"):
        load(written(tmp_path, content, "delivery.parquet"))


def test_a_flipped_bit_in_a_page_is_noticed(tmp_path: Path) -> None:
    """Where the writer left checksums, a damaged page refuses the file."""
    path = stored(tmp_path, pa.table({"n": list(range(5_000))}), write_page_checksum=True,
                  compression="none", use_dictionary=False)  # fmt: skip
    content = bytearray(path.read_bytes())
    content[2_000] ^= 1
    path.write_bytes(content)
    with pytest.raises(FileUnreadable):
        load(path)


def test_no_rows(tmp_path: Path) -> None:
    """An empty table is a sound delivery of no rows."""
    found = load(stored(tmp_path, pa.table({"a": pa.array([], pa.int64())})))
    assert (found.report.rows_in, found.report.sound) == (0, True)


def test_a_repeated_name_is_refused(tmp_path: Path) -> None:
    """As in text."""
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    with pytest.raises(SchemaInvalid, match="more than once"):
        load(stored(tmp_path, table))


@pytest.mark.parametrize("typed", [False, True])
def test_an_overlong_text_is_flagged(tmp_path: Path, typed: bool) -> None:
    """Proves that the limit on one value is the same as in every other format, with a schema and
    without."""
    table = pa.table({"t": pa.array(["short", None, "x" * 11, "y" * 10]), "n": [1, 2, 3, 4]})
    wanted = schema({"name": "t"}, {"name": "n", "type": "integer"}) if typed else None
    found = load(stored(tmp_path, table), wanted, limits=Limits(field=10))
    assert found.values == [("short", 1), (None, 2), (None, 3), ("y" * 10, 4)]
    assert found.marked == [(3, "t", "x" * 11, "longer than 10 bytes")]
