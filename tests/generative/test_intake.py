"""Malformed files without number: the fast reader against a slow one, byte by byte."""

import random
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openoda.data.intake import Delivery, Dialect, Limits, open_delivery
from tests.generative.slow_reader import Accepted, Quarantined, SlowReader

PIECES = [
    b"a", b"bb", b'"', b'""', b'"x"', b",", b",", b"\n", b"\n", b"\r\n", b"\r", b";", b" ",
    b"\0", b"\xff", b"\xe2\x82", "é".encode(), "\ufeff".encode(), b'","', b',"', b'",', b'"\n',
    b"1,2,3\n", b"1,2\n", b'x,"y\nz",w\n', b"1,2,3,4,5\n", b'"p, q",r,s\n', b'say "hi",t\n', b'a"b"c',
]  # fmt: skip
REASONS = {
    "blank": "blank line",
    "nul": "NUL byte",
    "utf-8": "not UTF-8",
    "count": "wrong number of fields",
    "text": "text after a closing quote",
    "too long": "record over the size limit",
    "unclosed: text": "never closed: the next quote has text after it",
    "unclosed: stray": "never closed: a later line has a quote",
    "unclosed: count": "never closed: with later lines it has the wrong number of fields",
    "unclosed: end of file": "never closed: the file ends first",
    "unclosed: limit": "never closed: the size limit comes first",
    "unclosed: crossing": "never closed: over 64 fields run over line ends",
    "unclosed: records": "never closed: the lines after it are whole records",
}
DOUBTS = {
    "a quote inside an unquoted field, kept as it is": "stray",
    "a quoted value spans lines that look like records, kept as it is": "spans",
}


def sound_row(columns: int) -> st.SearchStrategy[bytes]:
    field = st.sampled_from(
        [b"", b"1", b"007", b"Null", b'"a, b"', b'"c\nd"', b'"say ""x"""', b'""']
    )
    return st.lists(field, min_size=columns, max_size=columns).map(
        lambda fields: b",".join(fields) + b"\n"
    )


@st.composite
def damaged_body(draw: st.DrawFn, columns: int) -> bytes:
    """Sound rows with a few bytes put in, taken out or changed."""
    body = bytearray(b"".join(draw(st.lists(sound_row(columns), max_size=12))))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(body)))
        piece = draw(st.sampled_from([*PIECES, b""]))
        body[at : at + draw(st.integers(0, 2))] = piece
    return bytes(body)


@st.composite
def swallowing_body(draw: st.DrawFn, columns: int) -> bytes:
    """A quote opened in one row and closed in another, with rows between that it swallows."""

    ends = st.sampled_from([b"\n", b"\r\n", b"\r"])
    cell = st.sampled_from([b"x", b"", b"m", b'""', b'x""y', b"p,q"])
    place = draw(st.integers(0, columns - 1))
    before, after = [b"v"] * place, [b"w"] * (columns - 1 - place)
    opening = b",".join([*before, b'"left open', *after]) + draw(ends)
    closing = b",".join([*before, b'shut"', *after]) + draw(ends)
    inner = b""
    for _ in range(draw(st.integers(0, 8))):
        width = draw(st.sampled_from([columns, columns, columns, columns + 1, 1]))
        inner += b",".join([draw(cell), *[b"m"] * (width - 1)]) + draw(ends)
    return opening + inner + closing + draw(sound_row(columns))


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, int, Limits]:
    """A file with a sound header and anything after it, and the limits to read it under."""
    columns = draw(st.integers(1, 7))
    header = draw(st.sampled_from([b"", "\ufeff".encode()]))
    header += b",".join(b"c%d" % place for place in range(columns))
    header += draw(st.sampled_from([b"\n", b"\r\n", b"\r"]))
    loose = st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join)
    body = draw(st.one_of(loose, damaged_body(columns), swallowing_body(columns)))
    record = draw(st.sampled_from([24, 60, 1 << 20]))
    block = draw(st.one_of(st.integers(1, 50), st.just(1 << 16)))
    limits = Limits(block=block, record=record, raw=min(record, 16), columns=8)
    return header + body, columns, limits


def load(data: bytes, limits: Limits) -> tuple[Delivery, list[dict], list[dict], list[dict]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "delivery.csv"
        path.write_bytes(data)
        with open_delivery(path, dialect=Dialect(","), limits=limits) as delivery:
            batches = list(delivery)
    return (
        delivery,
        [row for batch in batches for row in batch.accepted.to_pylist()],
        [row for batch in batches for row in batch.quarantined.to_pylist()],
        [row for batch in batches for row in batch.flags.to_pylist()],
    )


def compare(data: bytes, columns: int, limits: Limits) -> None:
    delivery, accepted, aside, flags = load(data, limits)
    header = min(at for at in (data.find(b"\r"), data.find(b"\n")) if at >= 0)
    start = header + (2 if data[header : header + 2] == b"\r\n" else 1)
    expected = SlowReader(data, b",", columns, limits.record).records(start, 2)

    sound = [each for each in expected if isinstance(each, Accepted)]
    assert [tuple(row.values()) for row in accepted] == [(e.line, *e.values) for e in sound]
    doubts = [(e.line, f"c{place}", kind) for e in sound for place, kind in e.doubts]
    assert [(r["source_line"], r["column"], DOUBTS[r["reason"]]) for r in flags] == doubts
    wrong = [each for each in expected if isinstance(each, Quarantined)]
    spans = [(r["first_line"], r["last_line"], r["byte_start"], r["byte_end"]) for r in aside]
    assert spans == [(e.first_line, e.last_line, e.start, e.stop) for e in wrong]
    for row, each in zip(aside, wrong, strict=True):
        assert REASONS[each.reason] in row["reason"]
        assert row["raw"] == data[each.start : each.stop][: limits.raw]
        assert row["raw_cut"] == (each.stop - each.start > limits.raw)

    covered = start
    for each in expected:
        assert each.start == covered
        covered = each.stop
    assert covered == len(data)
    report = delivery.report
    assert (report.rows_in, report.accepted) == (len(expected), len(sound))
    assert (report.quarantined, report.flagged_values) == (len(wrong), len(flags))
    assert sum(problem.count for problem in report.problems) == len(wrong) + len(flags)


@settings(max_examples=2_000, deadline=None)
@given(files())
def test_every_byte_lies_in_exactly_one_span_as_a_slow_reader_has_it(
    made: tuple[bytes, int, Limits],
) -> None:
    """Proves accepted rows, quarantined spans and reasons equal those of an independent reader, with
    block ends falling anywhere, and that no byte is left out or used twice."""
    compare(*made)


@pytest.mark.long
@settings(max_examples=20_000, deadline=None)
@given(files())
def test_twenty_thousand_malformed_files_lose_no_byte(made: tuple[bytes, int, Limits]) -> None:
    """Proves the same over a larger corpus."""
    compare(*made)


@settings(max_examples=300, deadline=None)
@given(files(), st.lists(st.integers(1, 60), min_size=2, max_size=2, unique=True))
def test_where_blocks_end_changes_nothing(
    made: tuple[bytes, int, Limits], blocks: list[int]
) -> None:
    """Proves that the three tables are the same whatever the size of the blocks read."""
    data, _, limits = made
    first, second = (
        load(data, Limits(block=b, record=limits.record, raw=limits.raw, columns=8))[1:]
        for b in blocks
    )
    assert first == second


@settings(max_examples=150, deadline=None)
@given(st.integers(2, 6), st.integers(0, 2**32), st.integers(0, 40))
def test_an_unclosed_quote_costs_only_its_own_line(columns: int, seed: int, rows: int) -> None:
    """Proves that of a file with one quote left open, every other row is accepted as written."""
    chance = random.Random(seed)
    written = [one_line_row(chance, columns) for _ in range(rows)]
    fields = [chance.choice(ONE_LINE_FIELDS) for _ in range(columns)]
    fields[chance.randrange(columns)] = b'"left open, as it were'
    broken = b",".join(fields) + b"\n"
    place = chance.randint(0, rows)
    header = b",".join(b"c%d" % n for n in range(columns)) + b"\n"
    _, accepted, aside, _ = load(
        header + b"".join(written[:place]) + broken + b"".join(written[place:]), Limits()
    )
    assert [row["raw"] for row in aside] == [broken]
    assert [row["source_line"] for row in accepted] == [
        line for line in range(2, rows + 3) if line != place + 2
    ]


ONE_LINE_FIELDS = [b"", b"1", b"007", b"Null", b'"a, b"', b'"say ""x"""', b'""', b'"1"']


def one_line_row(chance: random.Random, columns: int) -> bytes:
    return b",".join(chance.choice(ONE_LINE_FIELDS) for _ in range(columns)) + b"\n"


def test_arrow_versions_agree_on_columns() -> None:
    """Proves that a batch's columns are the announced schema's."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(b"a,b\n1,2\n")
        with open_delivery(path) as delivery:
            batch = next(iter(delivery))
    assert batch.accepted.schema == delivery.arrow_schema
    assert batch.accepted.schema.types == [pa.int64(), pa.string(), pa.string()]
