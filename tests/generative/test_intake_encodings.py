"""Malformed files in other encodings: every byte of the file in one span, as a slow reader has it."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openoda.data.intake import Dialect, Limits, open_delivery
from tests.generative.slow_reader import Accepted, Quarantined, SlowReader

PIECES = [
    "a", "é", "€", '"', '""', '"x"', ",", ",", "\n", "\n", "\r\n", "\r", "\0", "1,2,3\n", "ß,2\n",
    'x,"é\nz",w\n', '"p, q",r,s\n', 'say "hi",t\n',
]  # fmt: skip
WIDE = ["😀", "\ud83d", "\ude00", "\u2028", "中,文\n"]
ENCODINGS = ["cp1252", "iso8859-1", "utf-16-le", "utf-16-be"]


def transcoded(data: bytes, encoding: str) -> tuple[bytes, list[int]]:
    """The file's text as UTF-8, and for each of its bytes and its end the place in the file.

    Character by character through Python's own codecs. What is no character becomes bytes that are
    no UTF-8: two for an undefined byte, three for an odd last one.
    """
    text, places, at = bytearray(), [], 0
    wide = encoding.startswith("utf-16")
    while at < len(data):
        size = 2 if wide else 1
        piece = b"\xff\x80\x80" if wide else b"\xff\x80"
        for length in (size, 2 * size) if wide else (size,):
            unit = data[at : at + length]
            try:
                piece = unit.decode(encoding).encode()
            except UnicodeDecodeError:
                if wide and len(unit) == 2:
                    piece = unit.decode(encoding, "surrogatepass").encode("utf-8", "surrogatepass")
                continue
            size = length
            break
        size = min(size, len(data) - at)
        text += piece
        places += [at] * len(piece)
        at += size
    return bytes(text), [*places, len(data)]


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, str, int, Limits]:
    encoding = draw(st.sampled_from(ENCODINGS))
    wide = encoding.startswith("utf-16")
    columns = draw(st.integers(1, 4))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    header = ",".join(f"c{place}" for place in range(columns)) + end
    mark = draw(st.sampled_from(["", "\ufeff"])) if wide else ""
    pieces = st.sampled_from([*PIECES, *(WIDE if wide else [])])
    body = draw(st.lists(pieces, max_size=40).map("".join))
    data = bytearray((mark + header).encode(encoding))
    start = len(data)
    data += body.encode(encoding, "surrogatepass" if wide else "ignore")
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(start, len(data)))
        data[at : at + draw(st.integers(0, 1))] = draw(st.binary(max_size=2))
    record = draw(st.sampled_from([24, 60, 1 << 20]))
    block = draw(st.one_of(st.integers(1, 50), st.just(1 << 16)))
    return bytes(data), encoding, columns, Limits(block=block, record=record, raw=12, columns=8)


def compare(data: bytes, encoding: str, columns: int, limits: Limits) -> None:
    text, places = transcoded(data, encoding)
    breaks = [at for at in (text.find(b"\r"), text.find(b"\n")) if at >= 0]
    start = min(breaks) + (2 if text[min(breaks) :][:2] == b"\r\n" else 1)
    expected = SlowReader(text, b",", columns, limits.record).records(start, 2)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "delivery.csv"
        path.write_bytes(data)
        told = Dialect(",", encoding=encoding)
        with open_delivery(path, dialect=told, limits=limits) as delivery:
            batches = list(delivery)
    accepted = [row for batch in batches for row in batch.accepted.to_pylist()]
    aside = [row for batch in batches for row in batch.quarantined.to_pylist()]
    sound = [each for each in expected if isinstance(each, Accepted)]
    assert [tuple(row.values()) for row in accepted] == [(e.line, *e.values) for e in sound]
    wrong = [each for each in expected if isinstance(each, Quarantined)]
    spans = [(row["first_line"], row["byte_start"], row["byte_end"]) for row in aside]
    assert spans == [(e.first_line, places[e.start], places[e.stop]) for e in wrong]
    for row in aside:
        span = data[row["byte_start"] : row["byte_end"]]
        assert row["raw"] == span[: limits.raw]
        assert row["raw_cut"] == (len(span) > limits.raw)
    assert [e.start for e in expected] == [start, *(e.stop for e in expected)][:-1]
    assert (expected[-1].stop if expected else start) == len(text)
    assert delivery.report.rows_in == len(expected)


@settings(max_examples=800, deadline=None)
@given(files())
def test_every_byte_of_the_file_lies_in_one_span(made: tuple[bytes, str, int, Limits]) -> None:
    """Proves rows, spans in the file's own bytes and kept bytes equal an independent reader's."""
    compare(*made)


@pytest.mark.long
@settings(max_examples=10_000, deadline=None)
@given(files())
def test_ten_thousand_malformed_files_in_other_encodings(
    made: tuple[bytes, str, int, Limits],
) -> None:
    """Proves the same over a larger corpus."""
    compare(*made)
