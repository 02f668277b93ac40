"""The twenty pairs of damaged extracts are what they say: rates, truth, and the same bytes each time."""

from collections import Counter
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.generative import extract_damage
from tests.generative.extract_clerk import Clerk
from tests.generative.extract_damage import (
    COLUMNS,
    NUMBERS,
    SETTINGS,
    Made,
    common_people,
    common_records,
    fingerprint,
    make_pair,
    realised_recall,
    settings,
)
from tests.generative.extract_draws import nhs_is_valid, nino_is_valid
from tests.generative.extract_slips import digit_slip, slip, spoilt_nhs, spoilt_nino, untidied

CLEAN, MOVERS, SAME_RECORDS, SAME_PEOPLE, TWICE, WRONG_NUMBERS, VERY_BAD = 1, 9, 11, 12, 18, 19, 20
QUICK = (CLEAN, SAME_RECORDS, SAME_PEOPLE, TWICE, VERY_BAD)
SETTINGS_OF_A_CLERK = {"within", "careless", "scanned", "duplicates", "harm"}
SIGMAS = 5.0


@cache
def made(number: int) -> Made:
    return extract_damage.make(number)


def values(table: pa.Table, column: str) -> list[str]:
    return [value or "" for value in table[column].to_pylist()]


def gaps(number: int, side: int, column: str) -> np.ndarray:
    """Whether the column lacks a value, one entry a record."""
    pair = made(number).pair
    return np.array([value == "" for value in values((pair.a, pair.b)[side], column)])


def leaves(table: dict, before: str = "") -> dict[str, float]:
    """Rates under dotted names, as a clerk marks them."""
    found: dict[str, float] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= leaves(value, f"{before}{key}.")
        elif not isinstance(value, list):
            found[before + key] = value
    return found


# -- which pairs there are ---------------------------------------------------------------------


def test_there_are_twenty_different_pairs():
    """Proves that there are twenty pairs, each with a name of its own and a description."""
    assert tuple(range(1, 21)) == NUMBERS
    assert len({pair["name"] for pair in SETTINGS["pair"]}) == 20
    assert all(len(pair["description"]) > 40 for pair in SETTINGS["pair"])


def test_pairs_range_from_clean_to_very_bad():
    """Proves that overlaps run from 20 % to 95 % and that every grade of damage is used."""
    overlaps = [settings(number)["overlap"] for number in NUMBERS]
    assert (min(overlaps), max(overlaps)) == (0.2, 0.95)
    assert len(set(overlaps)) >= 10
    used = {pair[side]["damage"] for pair in SETTINGS["pair"] for side in "ab"}
    assert used == set(SETTINGS["damage"])
    agencies = {pair[side]["agency"] for pair in SETTINGS["pair"] for side in "ab"}
    assert agencies == set(SETTINGS["agency"])


def test_damage_is_independent_between_most_sides_and_shared_in_some():
    """Proves that a few pairs, and only a few, share damage between their sides."""
    shared = [n for n in NUMBERS if settings(n).get("between", 0) or "upstream" in settings(n)]
    assert 3 <= len(shared) <= 7


@pytest.mark.parametrize("number", QUICK)
def test_tables_are_text_of_known_columns(number):
    """Proves that extracts have about 20,000 people, text columns only, and say they're synthetic."""
    for table in (made(number).pair.a, made(number).pair.b):
        assert 15_000 <= table.num_rows <= 25_000
        assert set(table.schema.types) == {pa.string()}
        assert set(table.column_names) <= set(COLUMNS)
        assert table.schema.metadata == {b"synthetic": b"true"}
        assert len(set(values(table, "record_id"))) == table.num_rows


# -- always the same ---------------------------------------------------------------------------


def test_a_pair_is_the_same_at_every_call():
    """Proves that a pair doesn't depend on what was drawn before it, and that pairs differ."""
    again = make_pair(CLEAN)
    assert fingerprint(again) == fingerprint(made(CLEAN).pair)
    assert fingerprint(made(SAME_RECORDS).pair) != fingerprint(made(SAME_PEOPLE).pair)


@pytest.mark.parametrize("number", QUICK)
def test_some_pairs_are_still_as_frozen(number):
    """Proves that a pair's bytes are those whose hash was written down when the sizes were frozen."""
    assert fingerprint(made(number).pair) == SETTINGS["made"]["fingerprints"][number - 1]


@pytest.mark.long
@pytest.mark.parametrize("number", NUMBERS)
def test_every_pair_is_as_frozen_and_as_planted(number):
    """Proves for each of the twenty what the quick tests prove for a few."""
    whole = extract_damage.make(number)
    assert fingerprint(whole.pair) == SETTINGS["made"]["fingerprints"][number - 1]
    check_truth(number, whole)
    for side, clerk in zip("ab", whole.clerks, strict=True):
        by_age = "young_trouble" in settings(number)
        check_rates(settings(number)[side]["rates"], clerk, least=0.97 if by_age else 0.0)


# -- truth -------------------------------------------------------------------------------------


def check_truth(number: int, whole: Made) -> None:
    """Truth holds every pair of records of one person, no other, and as many people as planned."""
    pair, (who_a, who_b) = whole.pair, whole.who
    person_a = dict(zip(values(pair.a, "record_id"), who_a.tolist(), strict=True))
    person_b = dict(zip(values(pair.b, "record_id"), who_b.tolist(), strict=True))
    rows = list(zip(pair.truth["a_id"].to_pylist(), pair.truth["b_id"].to_pylist(), strict=True))
    assert all(person_a[a] == person_b[b] for a, b in rows)
    in_a, in_b = Counter(who_a.tolist()), Counter(who_b.tolist())
    assert len(rows) == len(set(rows)) == sum(n * in_b[person] for person, n in in_a.items())
    assert len(in_a.keys() & in_b.keys()) == common_people(settings(number))
    assert (len(in_a), len(in_b)) == (settings(number)["size_a"], settings(number)["size_b"])


@pytest.mark.parametrize("number", QUICK)
def test_truth_is_every_pair_of_records_of_one_person(number):
    """Proves that the truth is complete, right, and of the planned size."""
    check_truth(number, made(number))


def test_neither_position_nor_record_id_gives_the_common_people_away():
    """Proves that common records are spread evenly over the file and over its record ids."""
    pair = made(SAME_RECORDS).pair
    common = np.isin(values(pair.a, "record_id"), pair.truth["a_id"].to_pylist())
    by_id = common[np.argsort(values(pair.a, "record_id"))]
    for order in (common, by_id):
        halves = order[: len(order) // 2].mean() - order[len(order) // 2 :].mean()
        assert abs(halves) < 0.03


# -- rates -------------------------------------------------------------------------------------


def check_rates(rates: dict, clerk: Clerk, least: float = 0.0) -> None:
    """Each kind of damage hit its share of first records, to within chance.

    `least` leaves out kinds that could hit fewer records: where trouble goes by age, and who could be
    hit goes by age too, the two don't meet at the planned rate.
    """
    wrong = {}
    for kind, rate in leaves(rates).items():
        if kind not in clerk.marks:
            continue
        could, struck = (mask & ~clerk.copies for mask in clerk.marks[kind])
        n = int(could.sum())
        if (
            n > least * clerk.n
            and abs(struck.sum() - rate * n) > SIGMAS * np.sqrt(rate * (1 - rate) * n) + 1
        ):
            wrong[kind] = (rate, struck.sum() / n, n)
    assert wrong == {}


@pytest.mark.parametrize("number", [CLEAN, SAME_RECORDS, TWICE])
@pytest.mark.parametrize("side", [0, 1])
def test_damage_hits_at_the_planted_rate(number, side):
    """Proves that each kind of damage hits the share of records that the file of sizes says."""
    check_rates(settings(number)["ab"[side]]["rates"], made(number).clerks[side])


@pytest.mark.parametrize(
    ("column", "kinds"),
    [
        ("nhs_number", ["invalid.nhs", "typo.nhs", "placeholder.nhs_number", "relative.nhs"]),
        ("date_of_birth", ["first_january", "day_month", "year_off_one", "year_off_ten",
                           "typo.date_of_birth", "placeholder.date_of_birth"]),
        ("last_name", ["typo.last", "untidy.last_name", "respelt.last", "swapped_names"]),
    ],
)  # fmt: skip
def test_the_extract_itself_differs_from_the_people_as_planned(column, kinds):
    """Proves on the table, not by the clerk's word, that mistakes are as common as planned.

    Mistakes may fall on one record together, and some kinds could hit only some: so the share that
    differs lies below the sum of the rates, but not far below.
    """
    whole, its = made(WRONG_NUMBERS), settings(WRONG_NUMBERS)["b"]
    people, who, first = whole.people, whole.who[1], ~whole.clerks[1].copies
    births = zip(people.year, people.month, people.day, strict=True)
    true = {
        "nhs_number": people.nhs,
        "date_of_birth": np.array([f"{y}-{m:02d}-{d:02d}" for y, m, d in births], dtype=object),
        "last_name": np.array([name.upper() for name in people.last], dtype=object),
    }[column][who]
    held = np.array(values(whole.pair.b, column), dtype=object)
    keep = first & (held != "")
    if column == "last_name":  # only where the agency's way of writing changes nothing
        same = np.array([name.isascii() and "-" not in name for name in people.last])
        keep &= (same & (people.last == people.earlier_last))[who]
    planned = sum(leaves(its["rates"])[kind] for kind in kinds)
    assert 0.6 * planned < (held[keep] != true[keep]).mean() < 1.02 * planned


@pytest.mark.parametrize("number", QUICK)
def test_no_rate_is_written_down_in_vain(number):
    """Proves that every rate reaches the records: none is misspelt, none is forgotten."""
    for side, clerk in zip("ab", made(number).clerks, strict=True):
        its = settings(number)[side]
        wanted = {kind for kind, rate in leaves(its["rates"]).items() if rate > 0}
        absent = set(COLUMNS) - set(its["agency"]["columns"])
        optional = {
            f"{way}.{column}" for way in ("missing", "placeholder", "untidy") for column in absent
        }
        assert wanted - set(clerk.marks) - SETTINGS_OF_A_CLERK - optional == set()


@pytest.mark.parametrize("number", QUICK)
def test_gaps_in_the_table_are_those_that_were_planted(number):
    """Proves that every cell marked as missing is empty, and every marked filler stands there."""
    pair = made(number).pair
    for table, clerk in zip((pair.a, pair.b), made(number).clerks, strict=True):
        for column in table.column_names:
            text = np.array(values(table, column), dtype=object)
            missing = clerk.marks.get(f"missing.{column}", (None, np.zeros(len(text), dtype=bool)))[
                1
            ]
            assert (text[missing] == "").all()
            filled = clerk.marks.get(f"placeholder.{column}", (None, np.zeros(0)))[1]
            if len(filled):
                fillers = set(text[filled & ~missing])
                assert len(fillers) <= len(SETTINGS["fillers"][column])


def test_gaps_are_null_or_empty_as_the_agency_writes():
    """Proves that an agency uses one way to write a gap, and that both ways occur."""
    ways = set()
    for number in QUICK:
        pair = made(number).pair
        for side, table in (("a", pair.a), ("b", pair.b)):
            null = sum(table[name].null_count for name in table.column_names)
            empty = sum(pc.sum(pc.equal(table[c], "")).as_py() or 0 for c in table.column_names)
            ways.add(settings(number)[side]["agency"]["gaps"])
            assert (null, empty).count(0) == 1
            assert (null > 0) == (settings(number)[side]["agency"]["gaps"] == "null")
    assert ways == {"null", "empty"}


# -- how damage goes together ------------------------------------------------------------------


def lift(one: np.ndarray, other: np.ndarray) -> float:
    """How many times more often both are true than if they were independent."""
    return float((one & other).mean() / (one.mean() * other.mean()))


def lift_between_sides(number: int, column: str) -> float:
    """The same for a gap in A and a gap in B of one common person."""
    people = len(made(number).people)
    gap = np.zeros((2, people), dtype=bool)
    for side in (0, 1):
        gap[side, made(number).who[side]] = gaps(number, side, column)
    both = np.intersect1d(*made(number).who)
    return lift(gap[0, both], gap[1, both])


def test_gaps_gather_in_the_same_records():
    """Proves that where gaps are said to go together, one makes another several times as likely."""
    for number in (SAME_RECORDS, SAME_PEOPLE):
        one, other = (gaps(number, 0, column) for column in ("date_of_birth", "postcode"))
        assert lift(one, other) > 2.5


def test_gaps_are_shared_between_the_sides_only_where_planted():
    """Proves that gaps of A and B are independent in one pair and of the same people in another."""
    assert lift_between_sides(SAME_RECORDS, "date_of_birth") == pytest.approx(1.0, abs=0.25)
    assert lift_between_sides(SAME_PEOPLE, "date_of_birth") > 1.8


def test_movers_have_another_postcode_on_the_other_side():
    """Proves that a pair about moving has many true pairs whose postcodes disagree."""
    pair = made(MOVERS).pair
    at_a = dict(zip(values(pair.a, "record_id"), values(pair.a, "postcode"), strict=True))
    at_b = dict(zip(values(pair.b, "record_id"), values(pair.b, "postcode"), strict=True))
    ids = zip(pair.truth["a_id"].to_pylist(), pair.truth["b_id"].to_pylist(), strict=True)
    same = [at_a[a].replace(" ", "") == at_b[b].replace(" ", "") for a, b in ids]
    assert 0.3 < np.mean(same) < 0.6


def test_second_records_are_worse_than_first_ones():
    """Proves that people who are in twice occur as often as said, their second record poorer."""
    clerk, its = made(TWICE).clerks[0], settings(TWICE)
    copies = clerk.copies
    planned = its["a"]["rates"]["duplicates"] * its["size_a"]
    assert copies.sum() == pytest.approx(planned, rel=0.1)
    no_postcode = gaps(TWICE, 0, "postcode")
    assert no_postcode[copies].mean() > 2 * no_postcode[~copies].mean()


# -- people ------------------------------------------------------------------------------------


def test_names_are_skewed_with_a_long_tail():
    """Proves that the commonest surnames are held by one in a hundred, and most by a handful."""
    counts = np.array(sorted(Counter(made(CLEAN).people.last).values(), reverse=True))
    share = counts / counts.sum()
    assert 0.008 < share[0] < 0.04
    assert share[:50].sum() > 0.25
    assert len(counts) > 1_000
    assert np.median(counts) < 10
    assert len(set(made(CLEAN).people.culture)) == 12


def test_relatives_share_what_relatives_share():
    """Proves that there are twins, juniors, shared telephones and surnames within households."""
    people = made(CLEAN).people
    twins = np.flatnonzero(people.twin >= 0)
    assert len(twins) > 50
    assert (people.twin[people.twin[twins]] == twins).all()
    for part in (people.year, people.month, people.day, people.household):
        assert (part[twins] == part[people.twin[twins]]).all()
    assert people.junior.sum() > 20
    relative = people.elder != np.arange(len(people))
    assert 0.5 < (people.last[relative] == people.last[people.elder[relative]]).mean() < 0.95
    assert (people.phone[relative] == people.phone[people.elder[relative]]).mean() > 0.1


def test_identifiers_are_valid_and_unique_before_damage():
    """Proves that each person begins with valid numbers of their own, children without a NINO."""
    people = made(CLEAN).people
    assert all(map(nhs_is_valid, people.nhs))
    assert len(set(people.nhs)) == len(people)
    held = people.nino[people.nino != ""]
    assert all(map(nino_is_valid, held))
    assert len(set(held)) == len(held)
    assert ((people.nino == "") == (people.age < 16)).all()


@pytest.mark.parametrize(
    ("check", "valid", "invalid"),
    [
        (nhs_is_valid, ["9434765919", "4010232137"], ["9434765918", "4010232138", "943476591"]),
        (nino_is_valid, ["AB123456C"], ["QQ123456A", "BG123456A", "AO123456A", "AB123456E"]),
    ],
)
def test_the_generators_own_checks_know_the_published_examples(check, valid, invalid):
    """Proves that the numbers called valid above follow the published rules."""
    assert all(map(check, valid))
    assert not any(map(check, invalid))


# -- single slips ------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Anna", "O'Brien", "12 High Street, Leeds", "Łukasz", "aa", "x"])
def test_a_slip_changes_the_text(text):
    """Proves that a mistake is a mistake: the text differs and isn't empty, whatever the draw."""
    rng = np.random.default_rng(1)
    for scanned in (0.0, 1.0):
        assert all(slip(rng, text, scanned) not in (text, "") for _ in range(300))


def test_slips_of_numbers_keep_or_spoil_what_they_say():
    """Proves that a digit slip keeps the length and that spoilt identifiers fail their check."""
    rng = np.random.default_rng(2)
    for _ in range(300):
        assert len(digit_slip(rng, "07700900123")) == 11
        assert digit_slip(rng, "07700900123") != "07700900123"
        assert not nhs_is_valid(spoilt_nhs(rng, "9434765919"))
        assert not nino_is_valid(spoilt_nino(rng, "AB123456C"))


def test_untidy_writing_changes_the_dress_only():
    """Proves that untidied text has the same letters and digits once tidied again."""
    rng = np.random.default_rng(3)
    for _ in range(300):
        found = untidied(rng, "Mary-Ann O'Neill, 7")
        assert found != "Mary-Ann O'Neill, 7"
        assert "".join(c for c in found.lower() if c.isalnum()) == "maryannoneill7"


# -- realised recall ---------------------------------------------------------------------------


def drawn_pair() -> extract_damage.Pair:
    """Persons 1 (twice in B), 2 (twice in A) and 3; record a5 has no partner."""
    a = pa.table({"record_id": ["a1", "a2", "a2b", "a3", "a5"]})
    b = pa.table({"record_id": ["b1", "b1b", "b2", "b3", "b9"]})
    truth = pa.table(
        {"a_id": ["a1", "a1", "a2", "a2b", "a3"], "b_id": ["b1", "b1b", "b2", "b2", "b3"]}
    )
    return extract_damage.Pair(a, b, truth, "drawn", "")


@pytest.mark.parametrize(
    ("linked", "recall"),
    [
        ([], 0.0),
        ([("a1", "b1")], 0.25),
        ([("a1", "b1"), ("a1", "b1b")], 0.25),
        ([("a2", "b2")], 0.25),
        ([("a2", "b2"), ("a2b", "b2"), ("a3", "b3")], 0.75),
        ([("a1", "b3"), ("a5", "b9")], 0.0),
        ([("a1", "b1b"), ("a2", "b2"), ("a2b", "b2"), ("a3", "b3"), ("a5", "b9")], 1.0),
    ],
)
def test_realised_recall_counts_common_records_of_a_once(linked, recall):
    """Proves the definition: records of A with a true link, of those whose person is in B."""
    assert common_records(drawn_pair()) == 4
    assert realised_recall(drawn_pair(), linked) == recall


def test_realised_recall_of_the_truth_is_one():
    """Proves that linking exactly the truth reaches full recall on a real pair."""
    pair = made(VERY_BAD).pair
    rows = zip(pair.truth["a_id"].to_pylist(), pair.truth["b_id"].to_pylist(), strict=True)
    assert realised_recall(pair, rows) == 1.0
