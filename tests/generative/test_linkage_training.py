"""Training on data drawn from a known model: what comes back is what went in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from openoda.linkage.choosing import chosen_threshold
from openoda.linkage.comparing.encoding import Codes, encoded
from openoda.linkage.pairing import Pairing, Pairs, joined, levels_of
from openoda.linkage.scoring import Scorer, probability
from openoda.linkage.spec.conditions import Exact, Missing, Otherwise
from openoda.linkage.spec.model import BlockingRule, Column, Comparison, Level, LinkType, Spec
from openoda.linkage.training import expectation
from openoda.linkage.training.expectation import Trained, counted, trained

Floats = npt.NDArray[np.float64]
PEOPLE, EACH = 5_000, 4
RULES = (("birth",), ("given", "family"), ("family", "town"), ("mail",))


@dataclass(frozen=True)
class Attribute:
    """How many values there are, how often one is written otherwise, how often it is missing."""

    values: int
    slips: float
    missing: float
    even: bool = False

    @property
    def shares(self) -> Floats:
        """How common each value is."""
        common = 1 / (np.arange(self.values) + 10.0) if not self.even else np.ones(self.values)
        shares: Floats = common / common.sum()
        return shares


ATTRIBUTES = {
    "given": Attribute(400, 0.08, 0.02),
    "family": Attribute(1_500, 0.06, 0.02),
    "birth": Attribute(15_000, 0.05, 0.05, even=True),
    "town": Attribute(60, 0.15, 0.0),
    "sex": Attribute(2, 0.01, 0.1, even=True),
    "mail": Attribute(1_000_000, 0.1, 0.6, even=True),
}


@cache
def drawn(seed: int = 7) -> tuple[pa.Table, Codes]:
    """Twenty thousand records, attributes independent of each other; and the person of each."""
    draw = np.random.default_rng(seed)
    person = draw.permutation(np.repeat(np.arange(PEOPLE, dtype=np.int32), EACH))
    columns = {}
    for name, attribute in ATTRIBUTES.items():
        own = draw.choice(attribute.values, PEOPLE, p=attribute.shares)
        other = draw.choice(attribute.values, len(person), p=attribute.shares)
        value = np.where(draw.random(len(person)) < attribute.slips, other, own[person])
        missing = draw.random(len(person)) < attribute.missing
        columns[name] = pa.array([f"{each}" for each in value], mask=missing)
    return pa.table(columns), person


def known(attribute: Attribute) -> tuple[float, float]:
    """m and u of the level of equal values, as the model has them."""
    chance = float((attribute.shares**2).sum())
    kept = (1 - attribute.slips) ** 2
    return kept + (1 - kept) * chance, chance


def compared(name: str, equal: Level | None = None) -> Comparison:
    """Missing, equal, or not."""
    return Comparison(name, (
        Level(Missing(name), missing=True), equal or Level(Exact(name)), Level(Otherwise()),
    ))  # fmt: skip


def spec(rules: Sequence[Sequence[str]] = RULES, names: Sequence[str] = tuple(ATTRIBUTES),
         link_type: LinkType = LinkType.DEDUPE) -> Spec:  # fmt: skip
    """A spec of these rules that compares these columns."""
    blocking = tuple(BlockingRule(tuple(each)) for each in rules)
    return Spec("known", blocking, tuple(map(compared, names)), link_type)


@dataclass(frozen=True)
class Run:
    """A training and what went into it."""

    pairing: Pairing
    pairs: Pairs
    trained: Trained

    @property
    def equal(self) -> dict[str, tuple[float, float]]:
        """m and u of each comparison's level of equal values."""
        found = {}
        for comparison in self.trained.spec.comparisons:
            level = comparison.levels[1]
            assert level.m is not None
            assert level.u is not None
            found[comparison.name] = (level.m, level.u)
        return found

    @property
    def prior(self) -> float:
        """The prior that was found."""
        assert self.trained.spec.prior is not None
        return self.trained.spec.prior

    @property
    def probabilities(self) -> Floats:
        """What the trained spec says of each pair that the rules found."""
        scorer = Scorer(self.trained.spec, self.pairing.records)
        return np.asarray(probability(scorer.weights(self.pairs)))


def run(table: pa.Table, wanted: Spec, seed: int = 1, sources: Codes | None = None) -> Run:
    """Train on a table."""
    pairing = Pairing(encoded(table.select(wanted.used())), wanted, sources)
    pairs = joined([part for rule in range(len(wanted.blocking)) for part in pairing.pairs(rule)])
    return Run(pairing, pairs, trained(pairing, counted(pairs.signs), seed))


@cache
def usual(seed: int = 1) -> Run:
    """The four rules on the drawn records."""
    return run(drawn()[0], spec(), seed)


def is_known(found: Run, names: Sequence[str], off: float = 0.01, prior_off: float = 0.03) -> None:
    """Assert that m, u and the prior are the model's; `off`: of m, `prior_off`: as a share."""
    for name in names:
        (m, u), (true_m, true_u) = found.equal[name], known(ATTRIBUTES[name])
        assert m == pytest.approx(true_m, abs=off), name
        assert u == pytest.approx(true_u, rel=0.07, abs=2e-6), name
    true_prior = PEOPLE * EACH * (EACH - 1) / 2 / found.pairing.pairs_in_all
    assert found.prior == pytest.approx(true_prior, rel=prior_off)


def test_m_u_and_the_prior_come_back() -> None:
    """Proves it of six comparisons: m to .01, u to 7 %, the prior to 3 %, and that it has settled."""
    is_known(usual(), tuple(ATTRIBUTES))
    assert usual().trained.settled


def test_the_shares_of_the_rules_are_those_of_the_truth() -> None:
    """Proves what is told of each rule's pairs: the share that match."""
    found, (_, person) = usual(), drawn()
    same = person[found.pairs.lefts] == person[found.pairs.rights]
    met = found.pairs.signs // found.pairing.kinds
    for rule, share in enumerate(found.trained.shares):
        assert share == pytest.approx(same[met >> rule & 1 == 1].mean(), abs=0.02)


def test_the_shares_of_each_comparison_add_up_to_one() -> None:
    """Proves that m and u are shares, and that a level of missing values has neither."""
    for comparison in usual().trained.spec.comparisons:
        missing, *others = comparison.levels
        assert missing.m is None
        assert missing.u is None
        assert sum(level.m or 0 for level in others) == pytest.approx(1)
        assert sum(level.u or 0 for level in others) == pytest.approx(1)


def test_probabilities_are_calibrated() -> None:
    """Proves that in each bin as many pairs match as is said, to 2.5 points or 4 sd."""
    found, (_, person) = usual(), drawn()
    chance = found.probabilities
    same = person[found.pairs.lefts] == person[found.pairs.rights]
    for low, high in ((0, 0.01), (0.01, 0.1), (0.1, 0.4), (0.4, 0.8), (0.8, 0.99), (0.99, 1.01)):
        at = (chance >= low) & (chance < high)
        said = chance[at].mean()
        spread = np.sqrt(said * (1 - said) / at.sum())
        assert at.sum() > 500
        assert same[at].mean() == pytest.approx(said, abs=max(0.025, 4 * spread)), (low, high)


def test_the_threshold_expects_what_it_gives() -> None:
    """Proves precision, recall and F1 at the chosen threshold against the truth, within a point."""
    found, (_, person) = usual(), drawn()
    weights = Scorer(found.trained.spec, found.pairing.records).weights(found.pairs)
    chosen = chosen_threshold(weights, found.prior * found.pairing.pairs_in_all)
    taken = weights >= chosen.weight
    same = person[found.pairs.lefts] == person[found.pairs.rights]
    matches = PEOPLE * EACH * (EACH - 1) / 2
    right = (same & taken).sum()
    assert chosen.precision == pytest.approx(right / taken.sum(), abs=0.01)
    assert chosen.recall == pytest.approx(right / matches, abs=0.01)
    assert chosen.f1 == pytest.approx(2 * right / (taken.sum() + matches), abs=0.01)


def test_a_seed_gives_the_same_every_time_and_another_nearly_the_same() -> None:
    """Proves that it can be repeated, and doesn't hang on the pairs that were drawn."""
    again, other = run(drawn()[0], spec()), usual(2)
    assert again.trained == usual().trained
    assert other.trained != usual().trained
    for name, (m, u) in other.equal.items():
        assert usual().equal[name] == pytest.approx((m, u), rel=0.02, abs=2e-6)
    assert other.prior == pytest.approx(usual().prior, rel=0.01)


def test_one_rule_alone_does_not_spoil_what_it_holds_equal() -> None:
    """Proves that m of the rule's own comparison stays a start, and that the others' come back."""
    found = run(drawn()[0], spec([["family"]], ("given", "family", "birth", "sex")))
    assert found.equal["family"][0] == 0.9
    is_known(found, ("given", "sex"), off=0.02, prior_off=0.1)
    assert found.equal["birth"][0] == pytest.approx(known(ATTRIBUTES["birth"])[0], abs=0.03)


def test_a_rule_on_the_beginnings_of_a_column_does_not_count_for_it() -> None:
    """Proves that m isn't learned where a part of the column is held equal by design."""
    table, _ = drawn()
    for name in ("given", "family"):
        table = table.append_column(f"{name}_begins", pc.utf8_slice_codeunits(table[name], 0, 2))
    begins = tuple(Column(f"{name}_begins", made_from=(name,), by="first-2-letters")
                   for name in ("given", "family"))  # fmt: skip
    wanted = spec([["birth"], ["given_begins", "family_begins", "town"]])
    declared = (*map(Column, ATTRIBUTES), *begins)
    found = run(table, replace(wanted, columns=declared))
    is_known(found, ("given", "family", "sex"), off=0.015)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_u_of_rare_agreement_that_no_rule_looks_for_is_counted(seed: int) -> None:
    """Proves u of one pair in a hundred thousand to 30 %: a draw has three or none."""
    table, person = drawn()
    draw = np.random.default_rng(3)
    own, other = draw.integers(0, 100_000, PEOPLE), draw.integers(0, 100_000, len(person))
    values = np.where(draw.random(len(person)) < 0.1, other, own[person])
    table = table.append_column("phone", pa.array([f"{each}" for each in values]))
    found = run(table, spec(names=(*ATTRIBUTES, "phone")), seed)
    sizes = np.bincount(values)
    same = np.unique(values.astype(np.int64) * PEOPLE + person, return_counts=True)[1]
    strangers = ((sizes * (sizes - 1)).sum() - (same * (same - 1)).sum()) / 2
    true_u = strangers / found.pairing.pairs_in_all
    assert found.equal["phone"][1] == pytest.approx(true_u, rel=0.3)


def test_linking_two_sources_finds_their_own_prior() -> None:
    """Proves that m, u and the prior are of pairs between sources where only those are linked."""
    table, person = drawn()
    sources = np.sort(np.arange(len(person)) % 2).astype(np.int32)
    found = run(table, spec(link_type=LinkType.LINK), sources=sources)
    halves = [np.bincount(person[sources == one], minlength=PEOPLE) for one in (0, 1)]
    assert found.pairing.pairs_in_all == 10_000 * 10_000
    assert found.prior == pytest.approx(float(halves[0] @ halves[1]) / 1e8, rel=0.03)
    for name, attribute in ATTRIBUTES.items():
        assert found.equal[name][0] == pytest.approx(known(attribute)[0], abs=0.012), name


def test_fixed_levels_keep_theirs_and_others_share_what_is_left() -> None:
    """Proves that training never moves a fixed m or u, and that the comparison still adds up."""
    fixed = compared("town", Level(Exact("town"), m=0.6, u=0.05, fixed=True))
    wanted = spec([["birth"], ["given", "family"]], ("given", "family", "birth"))
    wanted = Spec("s", wanted.blocking, (*wanted.comparisons, fixed))
    found = run(drawn()[0], wanted)
    _, equal, rest = found.trained.spec.comparisons[-1].levels
    assert (equal.m, equal.u) == (0.6, 0.05)
    assert rest.m == pytest.approx(0.4)
    assert rest.u == pytest.approx(0.95)
    assert found.equal["given"][0] == pytest.approx(known(ATTRIBUTES["given"])[0], abs=0.03)


def test_a_fixed_level_without_values_says_nothing() -> None:
    """Proves that its m is its u, so that only its values' frequencies count."""
    fixed = compared("town", Level(Exact("town"), fixed=True))
    wanted = spec([["birth"]], ("given", "birth"))
    found = run(drawn()[0], Spec("s", wanted.blocking, (*wanted.comparisons, fixed)))
    m, u = found.equal["town"]
    assert m == u == pytest.approx(known(ATTRIBUTES["town"])[1], rel=0.05)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_few_signs_teach_nearly_what_all_do(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Proves that a draw of under half of the signs keeps m to .05, u to 6 %, the prior to 8 %."""
    assert len(counted(usual().pairs.signs).signs) > 200
    monkeypatch.setattr(expectation, "MOST_SIGNS", 100)
    found = run(drawn()[0], spec(), seed)
    for name in ("given", "family", "birth", "town", "sex"):
        m, u = usual().equal[name]
        assert found.equal[name][0] == pytest.approx(m, abs=0.05), name
        assert found.equal[name][1] == pytest.approx(u, rel=0.06), name
    assert found.prior == pytest.approx(usual().prior, rel=0.08)


def test_what_a_thinned_count_adds_up_to_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves that the most frequent signs stand as they are, and that the total does too."""
    monkeypatch.setattr(expectation, "MOST_SIGNS", 40)
    whole = counted(usual().pairs.signs)
    found = expectation._thinned(whole, 1)
    assert len(set(found.signs.tolist())) == 40
    assert found.counts.sum() == pytest.approx(whole.counts.sum())
    kept = dict(zip(found.signs.tolist(), found.counts.tolist(), strict=True))
    for place in np.argsort(-whole.counts, kind="stable")[:20]:
        assert kept[int(whole.signs[place])] == whole.counts[place]


def test_levels_count_first_what_comes_first() -> None:
    """Proves the truth that these tests rest on: equal values of matches are at the model's level."""
    table, person = drawn()
    pairing = Pairing(encoded(table), spec())
    order = np.argsort(person, kind="stable").astype(np.int32)
    lefts, rights = order[0::2].copy(), order[1::2].copy()
    levels = levels_of(pairing.signs(lefts, rights) % pairing.kinds, pairing.level_counts)
    for place, attribute in enumerate(ATTRIBUTES.values()):
        said = levels[levels[:, place] > 0, place]
        assert (said == 1).mean() == pytest.approx(known(attribute)[0], abs=0.02)
