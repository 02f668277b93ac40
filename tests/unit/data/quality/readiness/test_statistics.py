"""What is shared: beliefs that follow evidence, what limits, and files that hold nobody."""

import json
from dataclasses import replace

import numpy as np
import pytest

from openoda.data.quality.readiness.beliefs import MOVED, PRIORS, beliefs_of
from openoda.data.quality.readiness.disclosure import disclosed
from openoda.data.quality.readiness.evidence import ANY, OTHER, SLIP, Evidence
from openoda.data.quality.readiness.files import read_statistics, statistics_from
from openoda.data.quality.readiness.forecast import sides_of
from openoda.data.quality.readiness.gathering import by_birth
from openoda.data.quality.readiness.limits import ERRORS, GAPS, limits_of, unknowns_of
from openoda.data.quality.readiness.name_order import SWAPPED
from openoda.data.quality.readiness.patterns import BANDS, bands_of
from openoda.data.quality.readiness.rare_names import suspects_of
from openoda.data.quality.readiness.rules import Rule
from openoda.data.quality.readiness.same_person import KIND
from openoda.data.quality.readiness.statistics import statistics_of
from openoda.vocabulary.refusals import FileUnreadable, Misused
from tests.unit.data.quality.readiness.samples import births, prepared, slipped, statistics, words

NAME_AND_BIRTH = Rule(("forename", "surname", "date_of_birth"))


def party(rows=3_000, seed=1):
    """A drawn party, with gaps in its postcodes."""
    random = np.random.default_rng(seed)
    columns = {
        "forename": list(words(random, rows, 200)),
        "surname": list(words(random, rows, 500)),
        "date_of_birth": list(births(random, rows)),
        "postcode": [f"LS{n % 20 + 1} {n % 9 + 1}AB" if n % 4 else None for n in range(rows)],
    }
    return columns


def median(evidence, field, part="others", **more):
    """The middle of what is believed of one field."""
    found = beliefs_of(evidence, 400, np.random.default_rng(1), **more)
    return float(np.median(getattr(found, part)[field]))


def test_counts_under_ten_are_hidden_and_others_rounded():
    """Proves the rule of disclosure at its edges."""
    assert [disclosed(n) for n in (0, 9, 10, 12, 13, 1_002)] == [None, None, 10, 10, 15, 1_000]


def test_without_evidence_the_prior_speaks():
    """Proves that each field's rate is then about what is usual, and moves are more among movers."""
    for name, prior in PRIORS.items():
        assert median((), name) == pytest.approx(prior.other, rel=0.5), name
    assert median((), MOVED, moving=2.0) > 1.4 * median((), MOVED)


def test_evidence_moves_belief():
    """Proves that 200 of 1,000 pairs that differ give a tenth a record, and a hidden count little."""
    many = (Evidence("surname", KIND, OTHER, 1_000, 200, 2),)
    assert median(many, "surname") == pytest.approx(0.105, rel=0.2)
    hidden = (Evidence("surname", KIND, OTHER, 1_000, None, 2),)
    assert median(hidden, "surname") < 0.006
    slips = (Evidence("forename", KIND, SLIP, 1_000, 100, 2),)
    assert median(slips, "forename", "slips") == pytest.approx(0.05, rel=0.25)
    either = (Evidence("date_of_birth", KIND, ANY, 1_000, 100, 2),)
    found = beliefs_of(either, 400, np.random.default_rng(1)).errors["date_of_birth"]
    assert float(np.median(found)) == pytest.approx(0.05, rel=0.3)


def test_the_other_partys_evidence_tells_something():
    """Proves that a file without evidence is believed worse where the other's shows many moves."""
    theirs = (Evidence("postcode", KIND, OTHER, 1_000, 400, 2),)
    assert median((), MOVED, theirs=theirs) > 1.5 * median((), MOVED)


def test_swapped_names_are_believed():
    """Proves that the evidence of name order reaches its own rate and no field's."""
    seen = (Evidence(SWAPPED, "name-order", OTHER, 5_000, 250, 1),)
    assert median(seen, SWAPPED) == pytest.approx(0.05, rel=0.2)
    assert median(seen, "surname") == pytest.approx(median((), "surname"), rel=0.3)


def test_slips_go_by_birth():
    """Proves that a band with all the slips gets a higher rate than its gaps explain, others a lower."""
    random = np.random.default_rng(8)
    columns = party(6_000)
    young = np.array([day >= "1990" for day in columns["date_of_birth"]])
    for row in random.choice(np.flatnonzero(young), 250, replace=False):
        columns["surname"][row] = slipped(random, columns["surname"][row])
    file = prepared(columns)
    found = by_birth(suspects_of(file), bands_of(file), np.ones(file.rows))
    times = dict(zip(BANDS, found, strict=True))
    assert times["1990 to 1994"] > 1.8
    assert times["1955 to 1969"] < 0.6
    assert all(round(one, 1) == one for one in found)


def test_what_limits_is_what_was_broken():
    """Proves that filling the emptiest field wins most, by about its gaps, and whose it is."""
    poor = statistics({"forename": 1.0, "surname": 1.0, "date_of_birth": 0.6})
    good = statistics({"forename": 1.0, "surname": 1.0, "date_of_birth": 1.0})
    found = limits_of(*sides_of(poor, good, 500), [NAME_AND_BIRTH])
    assert (found[0].party, found[0].field, found[0].what) == (0, "date_of_birth", GAPS)
    assert found[0].won == pytest.approx(0.4, abs=0.06)
    assert {one.what for one in found} == {GAPS, ERRORS}
    assert [one.won for one in found] == sorted((one.won for one in found), reverse=True)
    assert all(one.field != MOVED for one in found)


def test_what_is_not_to_be_seen_is_said():
    """Proves that a party that shows no moves, and one without births, are named as such."""
    bare = statistics({"forename": 1.0, "surname": 1.0, "postcode": 1.0})
    side = sides_of(bare, bare, 500)[0]
    said = " ".join(unknowns_of(side, "housing"))
    assert "How many addresses of housing are out of date" in said
    assert "surname" in said
    nameless = replace(
        side, statistics=replace(bare, groups=(replace(bare.groups[0], band="unknown"),))
    )
    assert "no dates of birth" in " ".join(unknowns_of(nameless, "housing"))


def test_statistics_are_read_back_as_they_were():
    """Proves that what is shared is all that the forecast needs: written and read, it is the same."""
    found = statistics_of(prepared(party()))
    assert statistics_from(json.loads(json.dumps(found.as_json()))) == found


def test_statistics_hold_no_value_and_no_small_count():
    """Proves that a name, a birth and a postcode that only one record has are nowhere in them, nor any
    count from one to nine."""
    columns = party()
    columns["forename"][0], columns["surname"][0] = "XANTHIPPUS", "QUEZALCOATL"
    columns["date_of_birth"][0], columns["postcode"][0] = "1901-02-03", "ZE2 9XY"
    told = statistics_of(prepared(columns)).as_json()
    text = json.dumps(told).upper()
    for value in ("XANTHIP", "QUEZAL", "1901", "ZE2", "BADEN"):
        assert value not in text
    assert [count for count in counts_in(told) if 0 < count < 10] == []


def counts_in(told, key=""):
    """Every whole number that counts records or pairs, wherever it stands."""
    if isinstance(told, dict):
        return [one for name, part in told.items() for one in counts_in(part, name)]
    if isinstance(told, list):
        return [one for part in told for one in counts_in(part, key)]
    counts = isinstance(told, int) and key not in ("gaps", "each", "fields", "surname", "forename")
    return [told] if counts and key != "rounded_to" else []


@pytest.mark.parametrize(
    "change",
    [
        {"rows": -1}, {"rows": "many"}, {"rows": True}, {"fields": {"shoe": {}}}, {"born": [{}]},
        {"evidence": [{"field": "surname"}]}, {"lasting": 2}, {"year": None}, {"forms": 3},
        {"gathering": {"levels": []}}, {"repeated": 1e300}, {"lasting": float("nan")},
    ],
)  # fmt: skip
def test_what_cannot_be_so_is_refused(tmp_path, change):
    """Proves that a file with a part missing or impossible is refused, and named."""
    told = {**statistics_of(prepared(party(400))).as_json(), **change}
    file = tmp_path / "theirs.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(Misused) as refused:
        read_statistics(file)
    assert refused.value.where == "theirs.json"
    assert refused.value.remedy


@pytest.mark.parametrize("text", ["", "[1]", '{"format": "other"}', "\x00", "[" * 100_000])
def test_what_is_no_statistics_file_is_refused(tmp_path, text):
    """Proves that neither an empty file, other JSON nor deep nesting gets through."""
    file = tmp_path / "theirs.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises((Misused, FileUnreadable)):
        read_statistics(file)
    with pytest.raises(FileUnreadable):
        read_statistics(tmp_path / "none.json")


def test_a_file_too_large_is_not_read(tmp_path):
    """Proves the limit of five million bytes."""
    file = tmp_path / "theirs.json"
    file.write_bytes(b" " * 5_000_001)
    with pytest.raises(Misused, match="too large"):
        read_statistics(file)
