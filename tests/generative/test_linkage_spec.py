"""Specs written and read back, spoilt at random, and cut to the columns that a file has."""

import copy
import random
import tomllib
from enum import Enum
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from openoda.linkage.spec.checking import faults_of
from openoda.linkage.spec.conditions import (
    Alike,
    Condition,
    Every,
    Exact,
    Missing,
    Neither,
    Some,
    columns_in,
)
from openoda.linkage.spec.faults import SpecFaulty
from openoda.linkage.spec.keys import FORMS, LEVEL_KEYS, TABLES
from openoda.linkage.spec.matching import matched_columns
from openoda.linkage.spec.model import Column, Reads, Spec
from openoda.linkage.spec.reading import spec_from
from openoda.linkage.spec.reducing import Reduced, reduced, without
from openoda.linkage.spec.schema import spec_schema
from openoda.linkage.spec.shape import shaped
from openoda.linkage.spec.writing import declared, written
from openoda.vocabulary.refusals import Misused
from tests.generative.json_schema_subset import is_valid
from tests.generative.linkage_specs import DERIVATIONS, columns, conditions, specs

SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))
KEYS = sorted({*FORMS, *LEVEL_KEYS, *(name for keys in TABLES.values() for name in keys), "other",
               "at_least", "at_most"})  # fmt: skip
ODD: list[Any] = [0, 1, -1, 0.5, 2, True, False, "", "text", [], ["text"], [""], [1], {}, [{}],
                  "missing", "evidence", "date", "dedupe", {"exact": "a"}, [{"exact": "a"}],
                  {"column": "a"}, {"otherwise": True}]  # fmt: skip


@settings(SLOW, max_examples=200)
@given(specs())
def test_a_written_spec_reads_back_equal(spec: Spec) -> None:
    """Every spec without a fault has a text, of which the reading is the same spec to the last bit."""
    assert spec_from(written(spec), derivations=DERIVATIONS) == spec


@settings(SLOW, max_examples=100)
@given(specs())
def test_undeclared_columns_are_declared_by_how_they_are_measured(spec: Spec) -> None:
    """A spec made in Python needs no columns: written, it declares those that it uses."""
    bare = Spec(spec.name, spec.blocking, spec.comparisons)
    full = declared(bare)
    known = {each.name: each.reads for each in spec.columns}
    assert [each.name for each in full.columns] == list(bare.used())
    assert all(each.reads in (Reads.TEXT, known[each.name]) for each in full.columns)
    typed = [each for each in faults_of(full, ()) if "never equal" not in each.what]
    assert typed == []


@settings(SLOW, max_examples=100)
@given(specs(), st.data())
def test_every_planted_key_is_reported_on_its_line(spec: Spec, data: st.DataObject) -> None:
    """However many unknown keys are put in, each is reported on its own line, and nothing else."""
    rows = written(spec).split("\n")
    heads = [place for place, row in enumerate(rows) if row.startswith("[[")]
    levels = [place for place, row in enumerate(rows) if row.startswith("  { ")]
    chosen = data.draw(st.sets(st.sampled_from(heads + levels), min_size=1))
    for place in chosen:
        if place in levels:
            rows[place] = rows[place].replace("  { ", "  { zzzz = 1, ", 1)
    for place in sorted(chosen.intersection(heads), reverse=True):
        rows.insert(place + 1, "zzzz = 1")
    expected = [at for at, row in enumerate(rows, 1) if row.startswith(("zzzz", "  { zzzz"))]
    with pytest.raises(SpecFaulty) as refusal:
        spec_from("\n".join(rows), derivations=DERIVATIONS)
    faults = refusal.value.faults
    assert [fault.line for fault in faults] == expected
    assert all("zzzz" in fault.what and "zzzz" in fault.text for fault in faults)


def spoilt(content: Any, seed: int) -> Any:
    """The content with one to three keys or values changed, anywhere."""
    chance = random.Random(seed)
    content = copy.deepcopy(content)
    for _ in range(chance.randint(1, 3)):
        spots: list[Any] = [content]
        for spot in spots:
            inner = spot.values() if isinstance(spot, dict) else spot
            spots += [each for each in inner if isinstance(each, dict | list) and each]
        spot = chance.choice(spots)
        places = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
        if not places:
            continue
        place = chance.choice(places)
        act = chance.choice(["value", "value", "drop", "key", "add"])
        if act == "value" or isinstance(spot, list):
            spot[place] = copy.deepcopy(chance.choice(ODD))
        elif act == "drop":
            del spot[place]
        elif act == "key":
            spot[chance.choice(KEYS)] = spot.pop(place)
        else:
            spot[chance.choice(KEYS)] = copy.deepcopy(chance.choice(ODD))
    return content


@settings(SLOW, max_examples=150)
@given(specs(), st.integers(0, 2**32))
def test_the_schema_allows_what_reading_allows(spec: Spec, seed: int) -> None:
    """Of any document, sound or spoilt, JSON Schema and reader give the same verdict of its shape."""
    schema = spec_schema()
    content = tomllib.loads(written(spec))
    assert is_valid(content, schema, schema)
    assert shaped(content)[1] == []
    for turn in range(10):
        bad = spoilt(content, seed + turn)
        assert is_valid(bad, schema, schema) == (shaped(bad)[1] == [])


@settings(SLOW, max_examples=60)
@given(specs(), st.integers(0, 2**32))
def test_reading_spoilt_content_refuses_or_reads(spec: Spec, seed: int) -> None:
    """Whatever is wrong, the reader refuses with at least one fault; it never breaks."""
    content = tomllib.loads(written(spec))
    for turn in range(5):
        bad = spoilt(content, seed + turn)
        text = "\n".join(f"{name} = {toml(value)}" for name, value in bad.items())
        found = read_or_refused(text)
        if isinstance(found, Spec):
            assert spec_from(written(found), derivations=DERIVATIONS) == found
        else:
            assert found.faults
            assert all(1 <= fault.line <= text.count("\n") + 1 for fault in found.faults)


def read_or_refused(text: str) -> Spec | SpecFaulty:
    try:
        return spec_from(text, derivations=DERIVATIONS)
    except SpecFaulty as refusal:
        return refusal


def toml(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {toml(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(letter):08x}" for letter in value) + '"'
    return repr(value)


@settings(SLOW, max_examples=100)
@given(specs(), st.data())
def test_columns_are_found_under_any_of_their_names(spec: Spec, data: st.DataObject) -> None:
    """A file that calls each column by its name, an alias or another spelling, or hasn't it."""
    expected: dict[str, str] = {}
    for column in spec.columns:
        if not column.made_from and data.draw(st.booleans()):
            name = data.draw(st.sampled_from([column.name, *column.aliases]))
            expected[column.name] = f" {name}_" if data.draw(st.booleans()) else name
    names = data.draw(st.permutations([*expected.values(), "zz of nobody's"]))
    matched = matched_columns(spec, names)
    assert matched.columns == expected
    assert matched.recognised == {
        name: called for name, called in expected.items() if name != called
    }
    assert {*matched.absent} == {each.name for each in spec.columns if not each.made_from} - {
        *expected
    }
    assert matched.unused == ("zz of nobody's",)


@settings(SLOW, max_examples=200)
@given(specs(), st.data())
def test_a_spec_without_columns_names_none_of_them(spec: Spec, data: st.DataObject) -> None:
    """What is left never speaks of an absent column, has no fault, and loses only what needs it."""
    absent = data.draw(st.sets(st.sampled_from([each.name for each in spec.columns])))
    found = cut_or_refused(spec, absent)
    if isinstance(found, Misused):
        assert any(name in found.what for name in absent)
        return
    assert not absent.intersection(found.spec.used())
    assert not any(absent.intersection((each.name, *each.made_from)) for each in found.spec.columns)
    assert faults_of(found.spec, DERIVATIONS) == []
    assert absent or found.spec == spec
    assert all(each.because for each in found.left_out)
    kept = [each for each in spec.blocking if not absent.intersection(each.equal)]
    assert len(found.spec.blocking) <= len(kept)


def cut_or_refused(spec: Spec, absent: set[str]) -> Reduced | Misused:
    try:
        return without(spec, absent)
    except Misused as refusal:
        return refusal


TRUE, FALSE, UNKNOWN = True, False, None
Answers = dict[Condition, bool | None]


def answer(condition: Condition, known: Answers) -> bool | None:
    """What SQL says of a condition, given what it says of the single tests."""
    match condition:
        case Neither(of):
            inner = answer(of, known)
            return UNKNOWN if inner is UNKNOWN else not inner
        case Every(of) | Some(of):
            parts = [answer(each, known) for each in of]
            settles = isinstance(condition, Some)
            if settles in parts:
                return settles
            return UNKNOWN if UNKNOWN in parts else not settles
    return known[condition]


def singles(condition: Condition) -> list[Condition]:
    match condition:
        case Neither(of):
            return singles(of)
        case Every(of) | Some(of):
            return [each for part in of for each in singles(part)]
    return [condition]


def asks_or_missing(condition: Condition, gone: frozenset[str], inside: bool = False) -> bool:
    """Whether a missing test of an absent column stands alone or where any of several is enough."""
    match condition:
        case Missing(column):
            return inside and column in gone
        case Neither(of):
            return asks_or_missing(of, gone, True)
        case Every(of) | Some(of):
            deeper = inside or isinstance(condition, Some)
            return any(asks_or_missing(each, gone, deeper) for each in of)
    return False


@settings(SLOW, max_examples=500)
@given(columns().flatmap(lambda them: st.tuples(st.just(them), conditions(them))), st.data())
def test_a_cut_condition_says_what_it_would_of_empty_columns(
    both: tuple[tuple[Column, ...], Condition], data: st.DataObject
) -> None:
    """With the absent columns missing everywhere, whole and cut condition hold of the same pairs."""
    declared_columns, condition = both
    names = [each.name for each in declared_columns]
    gone = frozenset(data.draw(st.sets(st.sampled_from(names))))
    assume(not asks_or_missing(condition, gone))
    known: Answers = {}
    for test in singles(condition):
        empty = gone.intersection(name for pair in columns_in(test) for name in pair)
        if isinstance(test, Missing):
            known[test] = True if empty else data.draw(st.booleans())
        else:
            assert isinstance(test, Exact | Alike)
            known[test] = UNKNOWN if empty else data.draw(st.sampled_from([TRUE, FALSE, UNKNOWN]))
    left = reduced(condition, gone)
    whole = answer(condition, known) is True
    if isinstance(left, Enum):
        assert whole == (left.name == "SAYS_NOTHING")
    else:
        assert (answer(left, known) is True) == whole
