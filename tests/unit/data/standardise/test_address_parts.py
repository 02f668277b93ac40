"""Parsing: nothing lost, nothing invented, whatever the text."""

from collections import Counter

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from openoda.data.standardise.addresses import PARTS, parse_addresses
from openoda.data.standardise.addresses.labelled import labelled
from openoda.data.standardise.addresses.place_kernel import OPEN
from openoda.data.standardise.addresses.tokens import tokenised
from openoda.data.standardise.addresses.vocabulary import Vocabulary

WORDS = """FLAT 2 12 12A 3-5 3/1 HIGH ST STREET RD THE GREEN OLD LEEDS LONDON LS1 4AB LS14AB ESSEX
UNIT F A GROUND FLOOR REAR OF NO TO LA N ROSE COTTAGE LTD & , ( . - / 1F2 GF1 BEDF0RD 5TREET CMI2
BASEMENT"""
shaped = st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join)
texts = st.one_of(st.text(max_size=60), shaped)


@settings(max_examples=400, deadline=None)
@given(st.lists(texts, max_size=6))
def test_every_token_has_exactly_one_part(rows: list[str]) -> None:
    """No text stops the parser, and each token it sees is given one of the nine parts."""
    vocabulary = Vocabulary()
    found = labelled(pa.array(rows, pa.string()), vocabulary)
    tokens = tokenised(pa.array(rows, pa.string()), vocabulary)
    assert len(found.labels) == len(tokens.ids) == found.rows[-1]
    assert (found.labels > OPEN).all()
    assert set(found.labels.tolist()) <= set(PARTS.values())


@settings(max_examples=300, deadline=None)
@given(texts)
def test_parts_hold_the_signs_of_the_tokens(text: str) -> None:
    """The columns written out hold the letters and digits of the tokens in full, no more, no fewer."""
    vocabulary = Vocabulary()
    found = labelled(pa.array([text]), vocabulary)
    full = Counter("".join(vocabulary.words[word] for word in found.ids))
    row = parse_addresses([pa.array([text])]).to_pylist()[0]
    written = Counter("".join(part or "" for part in row.values()))
    assert full == Counter({sign: n for sign, n in written.items() if sign not in " -/"})


@settings(max_examples=100, deadline=None)
@given(st.lists(texts, min_size=1, max_size=5), st.lists(texts, min_size=1, max_size=5))
def test_a_row_is_parsed_alone(rows: list[str], others: list[str]) -> None:
    """What an address becomes doesn't depend on its neighbours in the file."""
    alone = parse_addresses([pa.array(rows)]).to_pylist()
    among = parse_addresses([pa.array([*others, *rows])]).to_pylist()
    assert among[len(others) :] == alone


def test_null_and_nothing() -> None:
    """A null, an empty text and mere signs become empty parts; no rows become no rows."""
    rows = parse_addresses([pa.array([None, "", " ,;- "], pa.string())]).to_pylist()
    assert all(value is None for row in rows for value in row.values())
    assert parse_addresses([pa.array([], pa.string())]).num_rows == 0


def test_parsing_again_changes_nothing() -> None:
    """Parts joined again and parsed give themselves: the normal form is stable."""
    first = parse_addresses([pa.array(["Flt 2, 12-14 Old St Mary's Rd, Leeds LS1 4AB"])])
    row = first.to_pylist()[0]
    again = ", ".join(row[name] for name in PARTS if row[name])
    assert parse_addresses([pa.array([again])]).to_pylist()[0] == row


def test_columns_are_read_as_one_address() -> None:
    """Lines, town and postcode in columns of their own parse as the same text with commas would."""
    columns = [
        pa.array(["Flat 2"]), pa.array([""]), pa.array(["12 High St"]), pa.array([None], pa.string()),
        pa.array(["Leeds"]), pa.array(["ls14ab"]),
    ]  # fmt: skip
    assert (
        parse_addresses(columns).to_pylist()
        == parse_addresses([pa.array(["Flat 2, 12 High Street, Leeds, LS1 4AB"])]).to_pylist()
    )
