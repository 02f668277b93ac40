"""Columns standardised together: the same as the rule says of each value by itself."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openoda.data.standardise import address_kernel, contact_kernel, identifier_kernel, names
from openoda.data.standardise.columns import (
    ACCEPTED,
    Remembered,
    Standardised,
    as_text,
    by_distinct,
    by_kernel,
    pieces,
)
from openoda.data.standardise.kinds import parts_of, standardiser
from openoda.standards.uk import dates
from openoda.standards.uk.checked import Checked
from openoda.standards.uk.names import examine
from openoda.standards.uk.nicknames import formal_names
from openoda.standards.uk.registry import STANDARDS, standard_of
from tests.generative import uk_values as draws

SEEN = date(2026, 1, 1)
KINDS = [standard.kind for standard in STANDARDS]
COMPILED = {
    "uprn": identifier_kernel.uprns,
    "usrn": identifier_kernel.usrns,
    "nhs-number": identifier_kernel.nhs_numbers,
    "nino": identifier_kernel.ninos,
    "phone": contact_kernel.phones,
    "email": contact_kernel.emails,
    "address": address_kernel.addresses,
}


def by_rule(kind: str, text: str | None) -> Checked:
    if kind == "date-of-birth":
        return dates.check_birth(text or "", SEEN)
    return standard_of(kind).check(text or "")


def agrees(kind: str, values: list[str | None], done: Standardised) -> None:
    """Each value's canonical form and problem are those of the rule."""
    expected = [by_rule(kind, text) for text in values]
    assert done.values.to_pylist() == [checked.value for checked in expected]
    assert done.problems.to_pylist() == [checked.problem or None for checked in expected]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_columns_agree_with_the_rule(kind: str, data: st.DataObject) -> None:
    """Proves that a column gives for each value what the rule gives, sound or not, null or not."""
    values = data.draw(st.lists(draws.any_values(kind), max_size=12))
    agrees(kind, values, standardiser(kind, SEEN)(pa.array(values, pa.string())))


@settings(max_examples=100, deadline=None)
@given(st.lists(draws.any_values("name"), max_size=12))
def test_names_in_columns_are_taken_apart_as_one_by_one(values: list[str | None]) -> None:
    """Proves that every part of every name is the rule's, with the formal names beside."""
    done = names.whole_names()(pa.array(values, pa.string()))
    apart = [examine(text or "")[1] for text in values]
    for part in ("title", "forenames", "surname", "suffix", "known_as"):
        assert done.parts[part].to_pylist() == [getattr(name, part) or None for name in apart]
    formal = ["|".join(formal_names(name.forenames.split(" ")[0])) or None for name in apart]
    assert done.parts["formal"].to_pylist() == formal


@pytest.mark.parametrize("kind", sorted(COMPILED))
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_plain_sound_values_need_no_rule(kind: str, data: st.DataObject) -> None:
    """Proves that the loops settle sound values themselves, so that the column is quick."""
    pairs = data.draw(st.lists(draws.SOUND[kind](), min_size=1, max_size=8))
    plain = [(value, text) for value, text in pairs if not text.startswith("<")]
    column = pa.array([text for _, text in plain], pa.string())
    data_, offsets, valid = pieces(column)
    out = np.empty(len(data_) + 4 * len(column), np.uint8)
    states = np.zeros(len(column), np.uint8)
    COMPILED[kind](data_, offsets, valid, out, np.zeros(len(column) + 1, np.int32), states)
    assert (states == ACCEPTED).all()


def test_the_rule_is_asked_only_for_what_the_loop_leaves() -> None:
    """Proves that a loop's accepted values stand though the rule would say otherwise, and no other."""
    asked: list[str] = []

    def rule(text: str) -> Checked:
        asked.append(text)
        return Checked(None, "asked", "Asked.")

    column = pa.array(["9434765919", "943 476 5919", "9434765918", None])
    done = by_kernel(column, identifier_kernel.nhs_numbers, Remembered(rule))
    assert done.values.to_pylist() == ["9434765919", "9434765919", None, None]
    assert done.problems.to_pylist() == [None, None, "asked", "missing"]
    assert asked == ["9434765918"]


def test_a_rule_is_asked_once_a_value() -> None:
    """Proves that repeated values cost one question, in this batch and the next."""
    asked: list[str] = []

    def rule(text: str) -> Checked:
        asked.append(text)
        return Checked(text)

    remembered = Remembered(rule)
    for _ in range(2):
        by_distinct(pa.array(["a", "b", "a", None, "b"]), remembered)
    assert asked == ["a", "b"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_layout_of_a_column_gives_the_same(kind: str) -> None:
    """Proves that slices, chunks, dictionaries and long text are read as the plain column is."""
    texts: list[str | None] = [
        "AB123456C",
        None,
        "9434765919",
        "Ada Lovelace",
        "a@example.com",
        "1/2/90",
    ]
    plain = pa.array(texts)
    layouts = {
        "slice": pa.array(["x", *texts, "y"]).slice(1, len(texts)),
        "chunks": pa.chunked_array([plain.slice(0, 2), plain.slice(2)]),
        "dictionary": plain.dictionary_encode(),
        "long": plain.cast(pa.large_string()),
        "view": plain.cast(pa.string_view()),
    }
    run = standardiser(kind, SEEN)
    for layout in layouts.values():
        agrees(kind, texts, run(as_text(layout)))


@pytest.mark.parametrize("kind", KINDS)
def test_empty_columns(kind: str) -> None:
    """Proves that no rows, and only nulls, give as many results, with all parts."""
    for values in ([], [None, None]):
        done = standardiser(kind, SEEN)(pa.array(values, pa.string()))
        assert len(done.values) == len(done.problems) == len(values)
        assert set(done.parts) == set(parts_of(kind))
        assert all(len(part) == len(values) for part in done.parts.values())


def test_typed_columns_are_taken_as_their_text() -> None:
    """Proves that a column already typed as number or date is standardised as well."""
    numbers = standardiser("uprn")(as_text(pa.array([199356, None])))
    assert numbers.values.to_pylist() == ["199356", None]
    days = standardiser("date")(as_text(pa.array([date(1990, 2, 1)])))
    assert days.values.to_pylist() == ["1990-02-01"]
    moments = pa.array([0], pa.timestamp("us"))
    assert standardiser("date")(as_text(moments)).values.to_pylist() == ["1970-01-01"]
