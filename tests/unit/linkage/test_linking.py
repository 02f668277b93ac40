"""The whole linkage on made-up tables: the shipped spec for residents, with columns missing."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pyarrow as pa
import pytest

from openoda.linkage.choosing import expected_at
from openoda.linkage.comparing.encoding import Codes
from openoda.linkage.linking import Linked, link
from openoda.linkage.shipped import shipped_spec
from openoda.linkage.spec.conditions import Alike, Exact, Measure, Otherwise
from openoda.linkage.spec.model import (
    BlockingRule,
    Column,
    Comparison,
    Level,
    LinkType,
    Reads,
    Spec,
)
from openoda.linkage.spec.reducing import without
from openoda.vocabulary.progress import Step
from openoda.vocabulary.refusals import Misused

PEOPLE, ROWS = 900, 2_000
NAMES = ("given_name", "family_name")
DATED = (*NAMES, "date_of_birth")
PLACED = (*DATED, "postcode", "sex", "email")


@cache
def people() -> tuple[pa.Table, Codes]:
    """Two thousand rows of nine hundred people whose names are letters put together; each one's person.

    A value in ten is missing, and one in fourteen has a letter changed.
    """
    draw = np.random.default_rng(11)
    syllables = ["".join(each) for each in draw.choice(list("bdfgklmnprst"), (60, 2))]
    syllables = [f"{one[0]}{vowel}{one[1]}" for one in syllables for vowel in "aeiou"]
    firsts, lasts = (
        ["".join(draw.choice(syllables, 2)) for _ in range(count)] for count in (150, 500)
    )
    days = np.datetime64("1930-01-01") + draw.integers(0, 30_000, PEOPLE)
    own = {
        "given_name": draw.choice(firsts, PEOPLE),
        "family_name": draw.choice(lasts, PEOPLE),
        "date_of_birth": days.astype(str),
        "postcode": np.array([f"NW{draw.integers(1, 9)} {draw.integers(1, 9)}{a}{b}"
                              for a, b in draw.choice(list("ABDEFGHJLN"), (PEOPLE, 2))]),
        "sex": draw.choice(["F", "M"], PEOPLE),
        "email": np.array([f"r{each}@example.org" for each in range(PEOPLE)]),
    }  # fmt: skip
    person = np.append(np.arange(PEOPLE), draw.integers(0, PEOPLE, ROWS - PEOPLE)).astype(np.int32)
    person = draw.permutation(person)
    columns = {name: [_slipped(str(each), draw) for each in values[person]]
               for name, values in own.items()}  # fmt: skip
    return pa.table(columns), person


def _slipped(text: str, draw: np.random.Generator) -> str | None:
    if draw.random() < 0.1:
        return None
    if draw.random() < 0.07:
        at = int(draw.integers(len(text)))
        return text[:at] + ("1" if text[at].isdigit() else "x") + text[at + 1 :]
    return text


def residents(given: Sequence[str], link_type: LinkType = LinkType.DEDUPE) -> Spec:
    """The shipped spec for a file with these columns."""
    whole = shipped_spec("residents")
    absent = [each.name for each in whole.columns if not each.made_from and each.name not in given]
    reduced = without(whole, absent).spec
    return Spec(reduced.name, reduced.blocking, reduced.comparisons, link_type,
                certain=reduced.certain, columns=reduced.columns)  # fmt: skip


@cache
def linked(given: tuple[str, ...], link_type: LinkType = LinkType.DEDUPE, count: int = 0) -> Linked:
    """The made-up people linked by these columns; `count` of sources, one stretch of rows each."""
    table, _ = people()
    sources = (np.arange(ROWS) * count // ROWS).astype(np.int32) if count else None
    return link(table.select(given), residents(given, link_type), sources)


def precision_and_recall(lefts: Codes, rights: Codes, matches: int) -> tuple[float, float]:
    """Of pairs of rows, against whose they are."""
    _, person = people()
    right = int((person[lefts] == person[rights]).sum())
    return right / max(1, len(lefts)), right / matches


def matches_in_all(sources: Codes | None = None) -> int:
    """How many pairs of rows are of one person, of different sources if they are given."""
    person = people()[1]

    def pairs(rows: Codes) -> int:
        sizes = np.bincount(rows, minlength=PEOPLE)
        return int((sizes * (sizes - 1) // 2).sum())

    within = 0 if sources is None else sum(pairs(person[sources == one]) for one in set(sources))
    return pairs(person) - within


@pytest.mark.parametrize(
    ("given", "precision", "recall"), [(PLACED, 0.97, 0.9), (DATED, 0.95, 0.7), (NAMES, 0.9, 0.4)]
)
def test_residents_are_linked_by_the_columns_that_there_are(
    given: tuple[str, ...], precision: float, recall: float
) -> None:
    """Proves that absent columns are passed over, and pairs are as good as the columns allow."""
    found = linked(given)
    got = precision_and_recall(found.taken.lefts, found.taken.rights, matches_in_all())
    assert got[0] >= precision
    assert got[1] >= recall
    assert np.isfinite(found.weights).all()
    assert found.training is not None
    assert found.spec.prior is not None
    assert len(found.clusters) == ROWS


def test_what_it_expects_of_itself_is_near_the_truth() -> None:
    """Proves the expected precision and F1 of the chosen threshold, without the truth, to 4 points."""
    found = linked(PLACED)
    precision, recall = precision_and_recall(
        found.taken.lefts, found.taken.rights, matches_in_all()
    )
    assert found.chosen.precision == pytest.approx(precision, abs=0.04)
    assert found.chosen.f1 == pytest.approx(
        2 * precision * recall / (precision + recall), abs=0.04
    )  # fmt: skip


def test_clusters_are_as_good_as_pairs() -> None:
    """Proves that records put together are of one person: nearly all pairs that clusters imply."""
    clusters = linked(PLACED).clusters
    implied = [(one, other) for cluster in set(clusters.tolist())
               for at, one in enumerate(np.flatnonzero(clusters == cluster))
               for other in np.flatnonzero(clusters == cluster)[at + 1 :]]  # fmt: skip
    lefts, rights = (np.array([each[side] for each in implied], np.int32) for side in (0, 1))
    precision, recall = precision_and_recall(lefts, rights, matches_in_all())
    assert precision > 0.95
    assert recall > 0.9


@pytest.mark.parametrize("link_type", [LinkType.LINK, LinkType.BOTH])
def test_several_sources_are_linked(link_type: LinkType) -> None:
    """Proves that linking pairs only across three sources, both also within; left is the earlier."""
    found = linked(PLACED, link_type, 3)
    sources = (np.arange(ROWS) * 3 // ROWS).astype(np.int32)
    same = sources[found.pairs.lefts] == sources[found.pairs.rights]
    assert same.any() == (link_type is LinkType.BOTH)
    assert not same.all()
    assert (found.pairs.lefts < found.pairs.rights).all()
    matches = matches_in_all(sources if link_type is LinkType.LINK else None)
    precision, recall = precision_and_recall(found.taken.lefts, found.taken.rights, matches)
    assert precision > 0.96
    assert recall > 0.9


def test_both_finds_what_dedupe_of_all_finds() -> None:
    """Proves that sources make no difference where records of one are paired as well."""
    one, other = linked(PLACED), linked(PLACED, LinkType.BOTH, 3)
    assert np.array_equal(one.pairs.lefts, other.pairs.lefts)
    assert np.array_equal(one.weights, other.weights)
    assert np.array_equal(one.clusters, other.clusters)


def test_it_can_be_repeated() -> None:
    """Proves that the same records give the same weights and clusters."""
    table, _ = people()
    again = link(table.select(PLACED), residents(PLACED))
    assert np.array_equal(again.weights, linked(PLACED).weights)
    assert np.array_equal(again.clusters, linked(PLACED).clusters)
    assert again.chosen == linked(PLACED).chosen


def test_a_trained_spec_is_used_as_it_is() -> None:
    """Proves that it isn't trained again, and weighs every pair as it did."""
    first = linked(PLACED)
    again = link(people()[0].select(PLACED), first.spec)
    assert again.training is None
    assert again.spec == first.spec
    assert np.array_equal(again.weights, first.weights)


def test_a_threshold_that_is_given_is_used() -> None:
    """Proves that pairs at or above it are taken, and that what it gives is told."""
    first = linked(PLACED)
    again = link(people()[0].select(PLACED), first.spec, threshold=9.0)
    assert again.chosen.weight == 9.0
    assert (again.taken.weights >= 9.0).all()
    assert len(again.taken) == (first.weights >= 9.0).sum() < len(first.taken)
    matches = (first.spec.prior or 0) * ROWS * (ROWS - 1) / 2
    expected = expected_at(first.weights, matches, 9.0)
    assert again.chosen.precision == pytest.approx(expected.precision)
    assert again.chosen.recall == pytest.approx(expected.recall)


def test_it_says_what_it_is_doing_and_how_long_each_stage_took() -> None:
    """Proves that progress ends with every counted pair compared, and every stage has its seconds."""
    steps: list[Step] = []
    found = link(people()[0].select(DATED), residents(DATED), progress=steps.append)
    assert len({each.task for each in steps}) == 6
    compared = [each for each in steps if each.total]
    assert compared[-1].done == compared[-1].total == sum(found.fitted.pairs)
    assert list(found.seconds) == ["prepare", "block", "compare", "train", "score", "cluster"]
    assert all(each >= 0 for each in found.seconds.values())


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_tables_of_next_to_nothing_are_linked(rows: int) -> None:
    """Proves that no record, one record and two strangers are no errors, and stay by themselves."""
    table = pa.table({"given_name": [f"x{each}" for each in range(rows)],
                      "family_name": [f"y{each}" for each in range(rows)]})  # fmt: skip
    table = table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))
    found = link(table, residents(NAMES))
    assert found.clusters.tolist() == list(range(rows))
    assert len(found.pairs) == 0
    assert found.chosen.f1 is None


def test_columns_without_a_value_say_nothing() -> None:
    """Proves that a column that is there but empty changes no weight."""
    table = people()[0].select(DATED)
    empty = table.append_column("occupation", pa.nulls(ROWS, pa.string()))
    one, other = linked(DATED), link(empty, residents((*DATED, "occupation")))
    assert np.array_equal(one.pairs.lefts, other.pairs.lefts)
    assert other.weights == pytest.approx(one.weights, abs=1e-9)
    level = other.spec.comparisons[-1].levels[1]
    assert other.spec.comparisons[-1].name == "occupation"
    assert level.m == level.u


def test_a_rule_of_billions_of_pairs_is_refused_before_any_is_compared() -> None:
    """Proves the refusal all the way, with the rule's name."""
    spec = Spec("s", (BlockingRule(("sex",)),),
                (Comparison("sex", (Level(Exact("sex")), Level(Otherwise()))),),
                columns=(Column("sex"),))  # fmt: skip
    with pytest.raises(Misused, match="on sex alone makes 4,999,950,000 pairs"):
        link(pa.table({"sex": ["F"] * 100_000}), spec)


def test_dates_numbers_and_lists_are_measured() -> None:
    """Proves that a spec's `reads` reaches the measures: near ones hold, far ones don't."""
    levels = (Level(Alike(Measure.DAYS, "born", 31.0), m=0.5, u=0.01),
              Level(Alike(Measure.NUMBER, "rooms", 1.0), m=0.3, u=0.02),
              Level(Alike(Measure.MEMBERS, "tags", 1.0), m=0.1, u=0.03),
              Level(Otherwise(), m=0.1, u=0.94))  # fmt: skip
    spec = Spec("s", (BlockingRule(("town",)),), (Comparison("c", levels),), prior=0.5,
                columns=(Column("town"), Column("born", reads=Reads.DATE),
                         Column("rooms", reads=Reads.NUMBER),
                         Column("tags", reads=Reads.LIST)))  # fmt: skip
    table = pa.table({
        "town": ["x"] * 5,
        "born": ["1980-01-01", "31/01/1980", "1990-01-01", "2000-01-01", "2010-01-01"],
        "rooms": ["1", "3", "4.5", "5.5", "9"],
        "tags": ["a", "b", "c", "d", "d, c"],
    })  # fmt: skip
    found = link(table, spec)
    places = zip(found.pairs.lefts.tolist(), found.pairs.rights.tolist(), strict=True)
    level = dict(zip(places, (found.pairs.signs % 4).tolist(), strict=True))
    assert level == {(0, 1): 0, (0, 2): 3, (0, 3): 3, (0, 4): 3, (1, 2): 3, (1, 3): 3, (1, 4): 3,
                     (2, 3): 1, (2, 4): 2, (3, 4): 2}  # fmt: skip
