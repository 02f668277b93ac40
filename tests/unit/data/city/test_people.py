"""The people: numbers near the statistics they are taken from, and the hard cases that linkage needs."""

from collections import Counter

import numpy as np
import pytest

from openoda.data.synthetic.city import households as homes
from openoda.data.synthetic.city.households import KIND_NAMES
from openoda.data.synthetic.city.names import load_names
from openoda.data.synthetic.city.people import CHILD, HEAD, MAN, PARTNER, WOMAN
from openoda.data.synthetic.city.properties import SHOP
from openoda.data.synthetic.city.scale import AS_AT, BLOCK
from openoda.data.synthetic.city.truth import Truth, make_truth
from tests.unit.data.city.conftest import PEOPLE

# The published figure, and how far the city may be off it: the chance of one block and the rounding.
NEAR = {
    "aged 65 or over": (0.186, 0.03),
    "aged under 15": (0.174, 0.02),
    "women": (0.51, 0.015),
    "households of one": (0.302, 0.012),
    "households of one family": (0.63, 0.012),
    "people a household": (2.4, 0.1),
    "deaths a year": (0.01, 0.002),
    "moved in the last year": (0.10, 0.02),
    "multiple births of maternities": (0.0146, 0.003),
    "couples who are married": (0.757, 0.02),
}


@pytest.fixture(scope="module")
def figures(truth: Truth) -> dict[str, float]:
    """The same figures of the city."""
    people, households = truth.people, truth.homes
    children, twins = (people.role == CHILD).sum(), (people.twin >= 0).sum()
    kinds = np.bincount(households.kind, minlength=len(KIND_NAMES)) / len(households)
    return {
        "aged 65 or over": (people.age >= 65).mean(),
        "aged under 15": (people.age < 15).mean(),
        "women": (people.sex == WOMAN).mean(),
        "households of one": kinds[homes.OLDER_ALONE] + kinds[homes.ALONE],
        "households of one family": kinds[[homes.COUPLE, homes.FAMILY, homes.LONE_PARENT]].sum(),
        "people a household": len(people) / len(households),
        "deaths a year": (people.died >= 0).mean() / 3,
        "moved in the last year": (households.moved[people.household] >= AS_AT - 365).mean(),
        "multiple births of maternities": twins / (children - twins),
        "couples who are married": _married_share(truth),
    }


def _married_share(truth: Truth) -> float:
    """The married share, worked back from the wives who changed their name (85% of them)."""
    names = load_names()
    customs = names.custom("female_surname_percent", truth.people.origin)
    coupled = (truth.people.role == PARTNER) & (truth.people.sex == WOMAN) & (customs == 0)
    other = truth.people.sex[truth.homes.first[truth.people.household]] == MAN
    grown = truth.people.age >= 21
    changed = truth.called.birth_family >= 0
    return float(changed[coupled & other & grown].mean()) / 0.85


@pytest.mark.parametrize("what", NEAR)
def test_the_city_is_near_the_published_figure(what: str, figures: dict[str, float]) -> None:
    """Each figure that the generator takes from a published source is near it."""
    published, off = NEAR[what]
    assert figures[what] == pytest.approx(published, abs=off)


def test_twins_share_all_but_the_name(truth: Truth) -> None:
    """Twins have the birthday, home and family's name in common, and not the given name."""
    people, called = truth.people, truth.called
    twin = np.flatnonzero(people.twin >= 0)
    other = people.twin[twin]
    assert len(twin) > 50
    for field in (people.born, people.household, people.age, called.family):
        assert (field[twin] == field[other]).all()
    assert (called.given[twin] != called.given[other]).all()


def test_juniors_are_called_as_their_father(truth: Truth) -> None:
    """Sons named as their father live with him, and only their birthday tells them apart."""
    people, called = truth.people, truth.called
    junior = np.flatnonzero(called.junior_of >= 0)
    father = called.junior_of[junior]
    assert len(junior) > 20
    assert (called.given[junior] == called.given[father]).all()
    assert (people.household[junior] == people.household[father]).all()
    assert (people.sex[father] == MAN).all()
    assert (people.born[junior] > people.born[father] + 16 * 365).all()
    same = called.family[junior] == called.family[father]
    assert same.mean() > 0.85  # the others bear their mother's surname


def test_names_are_skewed_and_long_tailed(truth: Truth) -> None:
    """The commonest surname has over 1%, the top hundred under half, and many occur once or twice."""
    counts = np.sort(np.bincount(truth.called.family))[::-1]
    counts = counts[counts > 0]
    assert 0.006 < counts[0] / PEOPLE < 0.025
    assert counts[:100].sum() < PEOPLE / 2
    assert (counts <= 3).sum() > 500
    assert len(counts) > 3_000


def test_names_go_with_origin_and_household(truth: Truth) -> None:
    """All origins occur; children bear the head's or its partner's name far more often than another."""
    assert len(np.unique(truth.people.origin)) == len(load_names().origins)
    people, family = truth.people, truth.called.family
    head = truth.homes.first[people.household]
    at = np.flatnonzero((people.role == CHILD) & (people.kind == homes.FAMILY))
    parents = (family[at] == family[head[at]]) | (family[at] == family[head[at] + 1])
    assert parents.mean() > 0.95


def test_families_are_possible(truth: Truth) -> None:
    """Parents are at least 16 years older than children, nobody is older than 104, or born in future."""
    people = truth.people
    head = truth.homes.first[people.household]
    child = people.role == CHILD
    assert (people.age[head[child]] - people.age[child] >= 16).all()
    assert people.age.max() <= 104
    assert (people.born < AS_AT).all()
    assert (people.age[people.role == HEAD] >= 18).all()
    ended = people.died >= 0
    assert (people.died[ended] >= people.born[ended]).all()
    assert not (ended & (people.left >= 0)).any()


def test_everyone_lives_in_a_dwelling_of_their_own_household(truth: Truth) -> None:
    """No two households share a home, none lives in a shop, and it lived elsewhere before."""
    households, places = truth.homes, truth.properties
    assert len(set(households.home.tolist())) == len(households)
    assert (places.kind[households.home] != SHOP).all()
    came = households.before >= 0
    assert 0.5 < came.mean() < 0.7
    assert (households.before[came] != households.home[came]).all()
    assert (places.kind[households.before[came]] != SHOP).all()


def test_addresses_are_distinct(truth: Truth) -> None:
    """Every property has a UPRN of its own, and hardly any two the same address and postcode."""
    places = truth.properties
    assert len(set(places.uprn.to_pylist())) == len(places)
    lines = truth.lines.slice(0, len(places)).to_pylist()
    seen = Counter(zip(lines, places.postcode.to_pylist(), strict=True))
    assert sum(count - 1 for count in seen.values()) <= len(places) // 1000


def test_a_smaller_city_begins_with_the_same_people() -> None:
    """The first people of a block are the same however many it has, up to the household that is cut."""
    big, small = make_truth(1, 0, BLOCK), make_truth(1, 0, 10_000)
    whole = int(small.homes.first[-1])
    for field in (
        "index",
        "household",
        "role",
        "sex",
        "age",
        "born",
        "origin",
        "twin",
        "died",
        "left",
    ):
        ours, theirs = getattr(small.people, field), getattr(big.people, field)
        assert (ours[:whole] == theirs[:whole]).all(), field
    for field in ("given", "middle", "family", "second", "birth_family", "married", "junior_of"):
        ours, theirs = getattr(small.called, field), getattr(big.called, field)
        assert (ours[:whole] == theirs[:whole]).all(), field
    for text in ("nhs_number", "nino", "email", "mobile"):
        assert getattr(small, text).slice(0, whole).equals(getattr(big, text).slice(0, whole)), text


def test_another_seed_or_block_is_another_city(truth: Truth) -> None:
    """People of another seed or block aren't the same people."""
    for other in (make_truth(2, 0, 10_000), make_truth(1, 1, 10_000)):
        same = other.people.born == truth.people.born[:10_000]
        assert same.mean() < 0.01
