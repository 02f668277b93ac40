"""Estimators held against files whose errors were planted one by one."""

import numpy as np
import pytest

from openoda.data.quality.readiness.evidence import ANY, OTHER, SLIP, seen
from openoda.data.quality.readiness.forms import forms_of, from_new_year
from openoda.data.quality.readiness.gathering import Gathering, Level, gaps_of, gathering_of
from openoda.data.quality.readiness.homes import from_homes
from openoda.data.quality.readiness.pairing import alike
from openoda.data.quality.readiness.patterns import groups_of
from openoda.data.quality.readiness.persistence import persistence_of
from openoda.data.quality.readiness.rare_names import from_rare_names, suspects_of
from openoda.data.quality.readiness.same_person import (
    births_alike,
    forenames_alike,
    from_same_person,
)
from tests.unit.data.quality.readiness.samples import births, prepared, slipped, words

ROWS = 4_000


def of(evidence, field, part):
    """The evidence of one part of one field's errors."""
    return next(one for one in evidence if (one.field, one.part) == (field, part))


def test_slips_are_told_from_rare_names_near_common_ones():
    """Proves that 200 slips among 4,000 names are estimated within a quarter, and none as few."""
    random = np.random.default_rng(1)
    names = words(random, ROWS, 300)
    none = from_rare_names(suspects_of(prepared({"surname": list(names)})))
    assert none[0].errors is None
    for row in random.choice(ROWS, 200, replace=False):
        names[row] = slipped(random, names[row])
    found = from_rare_names(suspects_of(prepared({"surname": list(names)})))
    assert found[0].errors / found[0].trials == pytest.approx(0.05, rel=0.25)


def test_a_genuine_rare_name_near_a_common_one_is_discounted():
    """Proves the arithmetic: genuine rare names are near common ones as often as middling ones are."""
    common = ["DENFO"] * 400
    middling = [f"{letter}ELRUT" for letter in "BCDFGHJKLMNPQRSTVWZ" for _ in range(5)]
    middling += [f"GUL{a}{b}" for a in "AEIOU" for b in "BDFGK" for _ in range(4)]
    found = suspects_of(prepared({"surname": common + middling + ["DENFA", "SOBNOS"]}))["surname"]
    assert int(found.where.sum()) == 1
    assert found.near.chance == pytest.approx(1 / (2 + 19 + 25))
    assert found.by_chance == pytest.approx(2 / 46)
    assert found.trials == pytest.approx(400 * (0.85 - 1 / 46))


def twice_in(random, people, changes):
    """A file of people of whom the first `len(changes)` are in twice, the second time with a change."""
    columns = {
        "forename": words(random, people, 200),
        "surname": words(random, people, 2_000),
        "date_of_birth": births(random, people),
        "postcode": np.array([f"LS{n % 20 + 1} {n % 9 + 1}AB" for n in range(people)], object),
    }
    again = {name: list(values[: len(changes)]) for name, values in columns.items()}
    for place, change in enumerate(changes):
        for name, value in change.items():
            again[name][place] = value
    return prepared({name: [*values, *again[name]] for name, values in columns.items()})


def test_people_who_are_in_twice_show_what_changes():
    """Proves that of 200 pairs 40 that moved, 20 slips and 30 other births are all counted."""
    random = np.random.default_rng(2)
    changes = [{"postcode": "S1 2DE"} for _ in range(40)] + [{} for _ in range(110)]
    changes += [{"surname": "x"} for _ in range(20)] + [{"date_of_birth": "x"} for _ in range(30)]
    file = twice_in(random, 3_000, [{}] * 200)
    firsts = {name: file.values[name].to_pylist() for name in file.values}
    for place, change in enumerate(changes):
        if "surname" in change:
            change["surname"] = slipped(random, firsts["surname"][place])
        if "date_of_birth" in change:
            year, month, _ = firsts["date_of_birth"][place].split("-")
            change["date_of_birth"] = f"{year}-{month}-29"
    file = twice_in(np.random.default_rng(2), 3_000, changes)
    same = from_same_person(file, np.ones(file.rows))
    assert same.repeated == pytest.approx(200, abs=6)
    moved = of(same.evidence, "postcode", OTHER)
    assert moved.trials == pytest.approx(150, abs=5)
    assert moved.errors == 40
    assert of(same.evidence, "surname", SLIP).errors == 20
    assert of(same.evidence, "date_of_birth", ANY).errors == pytest.approx(30, abs=5)


def test_twins_and_a_shared_number_are_not_one_person():
    """Proves that neither twins nor a mother's number on her children's records count as changes."""
    twins = prepared({
        "forename": ["BADEN", "MIRLUN"] * 30,
        "surname": [f"KEL{n // 2:02d}".translate(str.maketrans("0123456789", "BCDFGHJKLM"))
                    for n in range(60)],
        "date_of_birth": [f"2001-0{n // 2 % 9 + 1}-1{n // 18}" for n in range(60)],
        "postcode": [f"LS{n // 2 % 20 + 1} 1A{'BDEFG'[n // 12]}" for n in range(60)],
    })  # fmt: skip
    assert from_same_person(twins, np.ones(60)).repeated == 0
    numbers = [f"AB{n:04d}00A" for n in range(15)]
    shared = prepared({
        "forename": ["BADEN"] * 15 + ["MIRLUN"] * 15,
        "surname": ["KELBA"] * 30,
        "date_of_birth": ["1970-02-03"] * 15 + ["2001-11-25"] * 15,
        "nino": numbers * 2,
    })  # fmt: skip
    same = from_same_person(shared, np.ones(30))
    assert same.repeated == 0
    assert [(one.field, one.errors, one.trials) for one in same.evidence] == [("nino", 15, 30)]


def test_who_may_be_one_person():
    """Proves, by hand, which forenames and births are alike."""
    assert forenames_alike("ELIZABETH", "LIZ")
    assert forenames_alike("DENFO", "DENFOO")
    assert forenames_alike("SAM", "SAMUEL")
    assert not forenames_alike("DENFO", "MIRLUN")
    assert births_alike("1980-03-04", "1980-04-03")
    assert births_alike("1980-03-04", "1980-03-14")
    assert births_alike("1980-03-04", "1990-03-04")
    assert not births_alike("1980-03-04", "1955-07-19")


def test_a_family_shows_slips_in_its_surname():
    """Proves that 30 spouses' slips among 300 homes are counted, and couples of two names are not."""
    random = np.random.default_rng(4)
    names = words(random, 300, 40)
    second = [slipped(random, name) if n < 30 else name for n, name in enumerate(names)]
    second[200:] = ["ZZZZZZ"] * 100
    uprns = [str(n + 1) for n in range(300)]
    file = prepared({"surname": [*names, *second], "uprn": uprns * 2})
    found = of(from_homes(file, np.ones(600)), "surname", SLIP)
    assert (found.trials, found.errors, found.each) == (200, 30, 2)


def test_births_made_up_as_new_year_are_counted():
    """Proves that 300 births on 1 January among 3,652 are 290 too many."""
    days = [f"19{50 + n % 50}-{n % 12 + 1:02d}-{n % 27 + 2:02d}" for n in range(3_352)]
    made_up = [f"19{50 + n % 50}-01-01" for n in range(300)]
    found = from_new_year(prepared({"date_of_birth": days + made_up}))
    assert (found[0].trials, found[0].errors) == (3_650, 290)
    assert from_new_year(prepared({"date_of_birth": days}))[0].errors is None


def test_a_narrow_field_is_seen_by_its_lengths():
    """Proves that names cut at six letters are noticed, and names that just end are not."""
    random = np.random.default_rng(5)
    whole = [name[: random.integers(4, 10)] for name in words(random, 500, 100)]
    assert forms_of(prepared({"surname": whole})).cut_at == {}
    cut = forms_of(prepared({"surname": [name[:6] for name in whole]}))
    assert cut.cut_at == {"surname": 6}
    assert cut.longer["surname"][5] == 0.0


def test_errors_gather_where_gaps_are():
    """Proves that slips planted only in records without a birth give those the higher rate."""
    random = np.random.default_rng(6)
    names, days = words(random, ROWS, 200), list(births(random, ROWS))
    for row in range(500):
        days[row] = None
        if row < 200:
            names[row] = slipped(random, names[row])
    file = prepared({"surname": list(names), "date_of_birth": days})
    found = gathering_of(file, suspects_of(file))
    assert gaps_of(file)[:500].tolist() == [1] * 500
    assert [level.gaps for level in found.levels] in ([0], [0, 1])
    other = Gathering(2, (Level(0, 3_000, 30), Level(1, 1_000, 70)), 0.0, 1.0)
    rates = other.relative()
    assert rates[1] / rates[0] == pytest.approx(
        (70 + 5) / (1_000 * 0.025 + 5) / ((30 + 5) / (3_000 * 0.025 + 5))
    )
    assert (rates[0] * 3_000 + rates[1] * 1_000) / 4_000 == pytest.approx(1)


def test_slips_that_both_records_have_last():
    """Proves that slips shared by a person's two records are told from slips of one of them."""
    random = np.random.default_rng(7)
    base = words(random, 4_000, 300)
    own = [slipped(random, name) for name in base[:40]]
    first = np.arange(40), np.arange(40, 80)
    lasting = prepared({"surname": [*own, *own, *base]})
    fresh = prepared({"surname": [*own, *base[:40], *base]})
    near = {"surname": suspects_of(fresh)["surname"].near}
    assert persistence_of(lasting, near, first) > 0.8
    assert persistence_of(fresh, near, first) < 0.1


def test_pairs_of_a_key_are_all_pairs_and_a_crowd_has_none():
    """Proves by hand which places share a key, and that a key held nine times is left out."""
    first, second = alike(np.array([5, -1, 5, 5, -1, 7]))
    assert sorted(zip(first.tolist(), second.tolist(), strict=True)) == [(0, 2), (0, 3), (2, 3)]
    assert len(alike(np.full(9, 3))[0]) == 0
    assert len(alike(np.array([], dtype=np.int64))[0]) == 0


def test_patterns_go_by_birth_and_rare_ones_are_put_together():
    """Proves the bands, the counts by pattern, and that a pattern of fewer than ten joins the rest."""
    days = ["1930-05-05"] * 20 + ["1980-05-05"] * 40 + [None] * 15
    codes = ["LS1 4AP"] * 20 + [None] * 30 + ["LS1 4AP"] * 10 + ["LS1 4AP"] * 15
    names = ["GUL"] * 70 + [None] * 5
    found = {
        group.band: group
        for group in groups_of(
            prepared({"date_of_birth": days, "postcode": codes, "surname": names})
        )
    }
    assert set(found) == {"before 1940", "1980 to 1989", "unknown"}
    assert sorted(rows for _, rows in found["1980 to 1989"].patterns) == [10, 30]
    assert [rows for _, rows in found["unknown"].patterns] == [10]
    assert found["unknown"].rest is None


def test_evidence_tells_no_small_count():
    """Proves that trials under ten give nothing, errors under ten are hidden, and others are rounded."""
    assert seen("surname", "k", SLIP, 9, 3, 1) == []
    assert seen("surname", "k", SLIP, 203, 9, 1)[0].errors is None
    assert (seen("surname", "k", SLIP, 203, 13, 1)[0].trials) == 205
    assert (seen("surname", "k", SLIP, 203, 13, 1)[0].errors) == 15
