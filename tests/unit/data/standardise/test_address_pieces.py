"""The matcher's pieces: slips, near words, levels of agreement, the model, the threshold."""

from bisect import bisect_left

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoda.data.standardise.addresses import compare_kernel as kernel
from openoda.data.standardise.addresses import deciding, evidence_model
from openoda.data.standardise.addresses.chance import chance_levels
from openoda.data.standardise.addresses.compare_kernel import flat_level, number_level
from openoda.data.standardise.addresses.counties import COUNTIES
from openoda.data.standardise.addresses.index import nothing_near
from openoda.data.standardise.addresses.labelled import hashed, labelled
from openoda.data.standardise.addresses.near_words import near_words
from openoda.data.standardise.addresses.post_towns import POST_TOWNS
from openoda.data.standardise.addresses.record_kernel import KIND, ROAD
from openoda.data.standardise.addresses.records import Records, summarised
from openoda.data.standardise.addresses.slip_kernel import slips
from openoda.data.standardise.addresses.spelling import one_slip
from openoda.data.standardise.addresses.vocabulary import Vocabulary

letters = st.text("ABC", min_size=1, max_size=7)


def distance(first: str, second: str) -> int:
    """Levenshtein's distance, by the definition."""
    if not first or not second:
        return len(first) + len(second)
    return min(
        distance(first[1:], second[1:]) + (first[0] != second[0]),
        distance(first[1:], second) + 1,
        distance(first, second[1:]) + 1,
    )


@given(letters, letters, st.text("ABC", max_size=2))
def test_slips_is_the_edit_distance(word: str, other: str, more: str) -> None:
    """The compiled distance, to one word or two run together, is the defined one."""
    data = np.frombuffer((word + other + more).encode(), np.uint8)
    a, b = len(word), len(word) + len(other)
    room = np.empty(42, np.int32)
    assert slips((0, a), (a, b, b, b + len(more)), data, room) == distance(word, other + more)


@given(letters, letters)
def test_one_slip_is_one_edit_or_a_swap(word: str, other: str) -> None:
    """True exactly where at most one edit, or a swap of neighbours, makes the words alike."""
    swaps = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    assert one_slip(word, other) == (distance(word, other) <= 1 or other in swaps)


@pytest.mark.parametrize(
    ("given_word", "listed", "near"),
    [
        ("BILERICAY", "BILLERICAY", True),
        ("BILLER", "BILLERICAY", True),
        ("WHITEHORSE", "WHITE", True),
        ("WHITEHORSE", "HORSE", True),
        ("DOCK", "DECK", True),
        ("VRES", "CRESCENT", True),
        ("RDD", "ROAD", True),
        ("R", "ROAD", True),
        ("RDD", "CRESCENT", False),
        ("CASTLE", "MILL", False),
    ],
)
def test_near_words(given_word: str, listed: str, near: bool) -> None:
    """A misspelt, cut or run-together word finds what it stands for, and not what it doesn't."""
    vocabulary = Vocabulary()
    known = vocabulary.ids(["BILLERICAY", "WHITE", "HORSE", "DECK", "MILL", "CRESCENT", "ROAD"])
    starts, words = near_words(vocabulary.ids([given_word]), known, vocabulary)
    place = vocabulary.id(given_word)
    found = [vocabulary.words[at] for at in words[starts[place] : starts[place + 1]]]
    assert (listed in found) is near


def test_a_word_the_gazetteer_has_is_left_alone() -> None:
    """DOCK isn't taken for DECK where DOCK is listed too."""
    vocabulary = Vocabulary()
    known = vocabulary.ids(["DOCK", "DECK"])
    starts, _ = near_words(known[:1], known, vocabulary)
    assert starts[-1] == 0


def records(*lines: str) -> Records:
    """The records of the lines."""
    vocabulary = Vocabulary()
    return summarised(labelled(pa.array(lines), vocabulary), vocabulary)


@pytest.mark.parametrize(
    ("mine", "theirs", "number", "flat"),
    [
        ("12 A RD", "12 A RD", kernel.SAME_NUMBER, kernel.NEITHER_FLAT),
        ("FLAT 2 12 DOCK RD", "UNIT 2 12 DOCK RD", kernel.SAME_NUMBER, kernel.SAME_FLAT),
        ("FLAT 2 12 DOCK RD", "FLAT 3 12 DOCK RD", kernel.SAME_NUMBER, kernel.OTHER_FLAT),
        ("FLAT 1A 12 DOCK RD", "FLAT 1B 12 DOCK RD", kernel.SAME_NUMBER, kernel.OTHER_FLAT),
        ("12 DOCK RD", "FLAT 3 12 DOCK RD", kernel.SAME_NUMBER, kernel.FLAT_NOT_GIVEN),
        ("FLAT 3 12 DOCK RD", "12 DOCK RD", kernel.SAME_NUMBER, kernel.FLAT_NOT_LISTED),
        ("FLAT A 12 DOCK RD", "12A DOCK RD", kernel.SAME_NUMBER, kernel.MOVED_FLAT),
        ("REAR OF 12 DOCK RD", "12 DOCK RD", kernel.SAME_NUMBER, kernel.ONLY_FLOOR),
        ("FLAT 2 12 DOCK RD", "FLAT 12 2 DOCK RD", kernel.MOVED, kernel.MOVED_FLAT),
        ("12 DOCK RD", "12A DOCK RD", kernel.OTHER_LETTER, kernel.NEITHER_FLAT),
        ("12B DOCK RD", "12A DOCK RD", kernel.OTHER_NUMBER, kernel.NEITHER_FLAT),
        ("12 DOCK RD", "12-14 DOCK RD", kernel.RANGE_BEGINS, kernel.NEITHER_FLAT),
        ("13 DOCK RD", "12-14 DOCK RD", kernel.IN_RANGE, kernel.NEITHER_FLAT),
        ("13 DOCK RD", "12 DOCK RD", kernel.OTHER_NUMBER, kernel.NEITHER_FLAT),
        ("DOCK RD", "12 DOCK RD", kernel.NOT_GIVEN, kernel.NEITHER_FLAT),
        ("12 DOCK RD", "DOCK RD", kernel.NOT_LISTED, kernel.NEITHER_FLAT),
        ("2 DOCK RD", "FLAT 2 101 DOCK RD", kernel.OTHER_NUMBER, kernel.FLAT_NOT_GIVEN),
        ("3/18 DOCK RD", "FLAT 3 18 DOCK RD", kernel.FLAT_FIRST, kernel.MOVED_FLAT),
        ("18/3 DOCK RD", "FLAT 3 18 DOCK RD", kernel.HOUSE_FIRST, kernel.SAME_FLAT),
        ("2/18 DOCK RD", "FLAT B 18 DOCK RD", kernel.FLAT_FIRST, kernel.IN_ORDER),
        ("2/18 DOCK RD", "FLAT C 18 DOCK RD", kernel.OTHER_NUMBER, kernel.OTHER_FLAT),
        ("2/18 DOCK RD", "FIRST FLOOR FLAT 18 DOCK RD", kernel.FLAT_FIRST, kernel.IN_ORDER),
        ("FLAT 1 18 DOCK RD", "FLAT A 18 DOCK RD", kernel.SAME_NUMBER, kernel.IN_ORDER),
        ("FLAT 1 18 DOCK RD", "FIRST FLOOR FLAT 18 DOCK RD", kernel.SAME_NUMBER, kernel.OTHER_FLAT),
        ("466 DOCK RD", "46 DOCK RD", kernel.DOUBLED, kernel.NEITHER_FLAT),
        ("446 DOCK RD", "46 DOCK RD", kernel.DOUBLED, kernel.NEITHER_FLAT),
        ("22 DOCK RD", "2 DOCK RD", kernel.OTHER_NUMBER, kernel.NEITHER_FLAT),
        ("46 DOCK RD", "466 DOCK RD", kernel.OTHER_NUMBER, kernel.NEITHER_FLAT),
    ],
)
def test_levels_of_number_and_flat(mine: str, theirs: str, number: int, flat: int) -> None:
    """Number and flat are told apart as people tell them apart."""
    both = records(mine, theirs)
    assert number_level(both.arrays, 0, both.arrays, 1) == number
    assert flat_level(both.arrays, 0, both.arrays, 1) == flat


@pytest.mark.parametrize(
    ("first", "second", "level"),
    [
        ("LS1 4AB", "LS14AB", kernel.SAME_POSTCODE),
        ("LS1 4AB", "LS1 4AX", kernel.ONE_SIGN_OFF),
        ("LS1 4AB", "LS2 4AB", kernel.ONE_SIGN_OFF),
        ("LS1 4AB", "LSI 4AB", kernel.SAME_POSTCODE),
        ("LS1 4AB", "LS1 4BA", kernel.ONE_SIGN_OFF),
        ("LS1 4AB", "LS1 4XY", kernel.SAME_SECTOR),
        ("LS1 4AB", "LS1 9XY", kernel.SAME_DISTRICT),
        ("LS1 4AB", "YO1 9XY", kernel.OTHER_POSTCODE),
        ("LS1 4AB", "", kernel.NO_POSTCODE),
    ],
)
def test_levels_of_postcodes(first: str, second: str, level: int) -> None:
    """Postcodes are compared sign by sign, with 1 and 0 typed as letters read as digits."""
    codes = records(f"9 DOCK RD {first}", f"9 DOCK RD {second}").codes[1]
    assert kernel.postcode_level(codes[0], codes[1], nothing_near(0, 2), 0) == level
    assert kernel.postcode_level(codes[1], codes[0], nothing_near(0, 2), 1) == level


def test_only_a_streets_last_word_is_its_kind() -> None:
    """GREEN names the road in GREEN LANE and the kind in MILL GREEN, so neither street is nameless."""
    both = records("9 GREEN LANE", "9 MILL GREEN")
    assert both.roles.tolist() == [ROAD, KIND, ROAD, KIND]


def test_part_of_a_postcode_still_gives_its_district() -> None:
    """A postcode cut short agrees by its district."""
    codes = records("9 DOCK RD LS1 4A", "9 DOCK RD LS1 4AB").codes[1]
    near = nothing_near(0, 2)
    assert kernel.postcode_level(codes[0], codes[1], near, 0) == kernel.SAME_DISTRICT


def evidence_of(rows: list[dict[int, int]]) -> np.ndarray:  # type: ignore[type-arg]
    """Evidence of pairs in which the street is found, changed as each row says."""
    base = {kernel.WEIGHT + 1: 4000, kernel.FOUND + 1: 1, kernel.FLAT: kernel.NEITHER_FLAT,
            kernel.POSTCODE: kernel.NO_POSTCODE}  # fmt: skip
    made = np.zeros((len(rows), kernel.WIDTH), np.int32)
    for at, row in enumerate(rows):
        for column, value in {**base, **row}.items():
            made[at, column] = value
    return made


def test_probabilities_of_an_address_add_up() -> None:
    """Candidates and absence make one; another number all but rules a pair out."""
    lines = records(*(f"{number} DOCK RD" for number in range(1, 60)))
    model = evidence_model.first_model(chance_levels(lines, lines))
    evidence = evidence_of(
        [{kernel.NUMBER: kernel.SAME_NUMBER}, {kernel.NUMBER: kernel.OTHER_NUMBER},
         {kernel.NUMBER: kernel.OTHER_NUMBER}]
    )  # fmt: skip
    found = evidence_model.posterior(model, evidence, np.array([0, 2]))
    assert found.pair[:2].sum() + found.absent[0] == pytest.approx(1)
    assert found.pair[0] > 0.9
    assert found.pair[1] < 0.001
    assert found.pair[2] < 0.1
    assert found.absent[1] > 0.9


def test_learning_finds_how_often_addresses_are_listed() -> None:
    """Of 100 addresses 60 agree with a row and 40 with a neighbour only: about 0.6 are listed."""
    lines = records(*(f"{number} DOCK RD" for number in range(1, 60)))
    kinds = [kernel.SAME_NUMBER] * 600 + [kernel.OTHER_NUMBER] * 400
    evidence = evidence_of([{kernel.NUMBER: kind} for kind in kinds])
    model = evidence_model.learned(evidence, np.arange(1000), chance_levels(lines, lines))
    assert model.listed == pytest.approx(0.6, abs=0.03)


def best_of(probabilities: list[float]) -> deciding.Best:
    """Addresses whose likeliest row has these probabilities, and no other candidate."""
    best = deciding.empty_best(len(probabilities))
    best.row[:] = 0
    best.probability[:] = best.probabilities[:, 0] = best.listed[:] = probabilities
    return best


def test_the_threshold_balances_and_says_what_it_expects() -> None:
    """It takes the sure ones and leaves the unsure, and its expected precision is their mean."""
    threshold = deciding.chosen_threshold(best_of([0.99] * 90 + [0.05] * 10))
    assert threshold.probability == pytest.approx(0.99)
    assert threshold.expected_precision == pytest.approx(0.99)
    assert threshold.expected_recall == pytest.approx(90 * 0.99 / (90 * 0.99 + 0.5))


def test_the_threshold_reaches_the_precision_asked_for() -> None:
    """Where the best balance would be less precise than asked, a stricter threshold is chosen."""
    best = best_of([0.99] * 50 + [0.7] * 50)
    assert deciding.chosen_threshold(best, 0.5).probability == pytest.approx(0.7)
    assert deciding.chosen_threshold(best, 0.95).probability == pytest.approx(0.99)


def test_no_candidates_at_all() -> None:
    """Without a candidate nothing is matched, and nothing fails."""
    best = deciding.empty_best(3)
    threshold = deciding.chosen_threshold(best)
    assert (deciding.statuses(best, threshold) == deciding.NOT_FOUND).all()


@pytest.mark.parametrize("phrases", [COUNTIES, POST_TOWNS])
def test_phrases_are_well_formed(phrases: tuple[str, ...]) -> None:
    """Each is in capitals, of at most five words without signs, and found by its hash."""
    assert all(phrase == " ".join(phrase.upper().split()) for phrase in phrases)
    assert all(len(phrase.split()) <= 5 and phrase.replace(" ", "").isalpha() for phrase in phrases)
    vocabulary = Vocabulary()
    hashes = hashed(phrases, vocabulary).tolist()
    assert hashes == sorted(set(hashes))
    one = hashed((phrases[0],), vocabulary).tolist()[0]
    assert hashes[bisect_left(hashes, one)] == one
