"""A spec's columns among a file's, and the spec that is left where some are absent."""

import numpy as np
import pyarrow as pa
import pytest

from openoda.linkage.comparing.encoding import encoded
from openoda.linkage.pairing import Pairing, joined
from openoda.linkage.scoring import Scorer
from openoda.linkage.spec.checking import faults_of
from openoda.linkage.spec.conditions import Every, Exact, Missing, Some
from openoda.linkage.spec.matching import matched_columns
from openoda.linkage.spec.model import Spec
from openoda.linkage.spec.reading import spec_from
from openoda.linkage.spec.reducing import LeftOut, without
from openoda.linkage.spec.writing import written
from openoda.vocabulary.refusals import Misused

DERIVATIONS = ("formal-names",)
SPEC = """\
name = "residents"
prior = 0.01

[[columns]]
name = "given_name"
aliases = ["first_name", "forename"]
[[columns]]
name = "formal"
from = ["given_name"]
by = "formal-names"
[[columns]]
name = "family_name"
aliases = ["surname"]
[[columns]]
name = "postcode"
[[columns]]
name = "uprn"

[[block]]
on = ["family_name"]
[[block]]
on = ["uprn"]
[[block]]
on = ["postcode"]
where = { any = [{ exact = "uprn" }, { jaro = "given_name", at_least = 0.5 }] }
[[certain]]
on = ["formal", "uprn"]

[[compare]]
name = "name"
levels = [
  { missing = "given_name" },
  { exact = "given_name", m = 0.6, u = 0.01, term_frequency = true },
  { exact = "formal", m = 0.1, u = 0.02 },
  { otherwise = true, m = 0.3, u = 0.97 },
]
[[compare]]
name = "family_name"
levels = [
  { missing = "family_name" },
  { exact = "family_name", m = 0.8, u = 0.01 },
  { otherwise = true, m = 0.2, u = 0.99 },
]
[[compare]]
name = "location"
levels = [
  { all = [{ missing = "uprn" }, { missing = "postcode" }], counts_as = "missing" },
  { exact = "uprn", m = 0.5, u = 0.0001, label = "the same property" },
  { all = [{ exact = "postcode" }, { exact = "family_name" }], m = 0.2, u = 0.0002 },
  { exact = "postcode", m = 0.1, u = 0.001 },
  { otherwise = true, m = 0.2, u = 0.99 },
]
"""


@pytest.fixture
def spec() -> Spec:
    return spec_from(SPEC, derivations=DERIVATIONS)


def test_names_aliases_and_spellings(spec: Spec) -> None:
    """Names are found as they are; aliases and other spellings too, and those are shown."""
    found = matched_columns(spec, ["id", "First-Name", "SUR NAME", "postcode", "DOB"])
    assert found.columns == {
        "given_name": "First-Name",
        "family_name": "SUR NAME",
        "postcode": "postcode",
    }
    assert found.recognised == {"given_name": "First-Name", "family_name": "SUR NAME"}
    assert found.absent == ("uprn",)
    assert found.unused == ("id", "DOB")


def test_a_mapping_decides(spec: Spec) -> None:
    """What the analyst says stands above names and aliases, and a column mapped isn't also guessed."""
    names = ["first_name", "forename", "uprn", "surname", "postcode_fake"]
    mapping = {"Given Name": "forename", "postcode": "postcode_fake", "uprn": "surname"}
    found = matched_columns(spec, names, mapping)
    assert found.columns == {
        "given_name": "forename",
        "postcode": "postcode_fake",
        "uprn": "surname",
    }
    assert found.recognised == {}
    assert found.absent == ("family_name",)
    assert found.unused == ("first_name", "uprn")


@pytest.mark.parametrize(
    ("names", "mapping", "says"),
    [
        (["first_name", "forename"], {}, "given_name could be first_name or forename"),
        (["given_name", "First Name"], {}, "given_name could be given_name or First Name"),
        (["uprn", "uprn"], {}, "uprn could be uprn or uprn"),
        (["a"], {"givenname2": "a"}, 'no column "givenname2" (is it given_name?)'),
        (["a"], {"formal": "a"}, 'the spec has no column "formal"'),
        (["addr_pc"], {"postcode": "addrpc2"}, 'the file has no column "addrpc2" (is it addr_pc?)'),
        (["a", "a"], {"postcode": "a"}, 'the file has several columns "a"'),
    ],
)
def test_what_could_mean_two_things_is_refused(
    spec: Spec, names: list[str], mapping: dict[str, str], says: str
) -> None:
    """Both candidates are named; nothing is guessed."""
    with pytest.raises(Misused) as refusal:
        matched_columns(spec, names, mapping)
    assert says in refusal.value.what
    assert "--map NAME=COLUMN" in refusal.value.remedy


def test_all_that_is_doubtful_is_refused_at_once(spec: Spec) -> None:
    """One refusal names every column in doubt."""
    with pytest.raises(Misused) as refusal:
        matched_columns(spec, ["first_name", "forename", "surname", "Surname"], {"x": "y"})
    assert [name in refusal.value.what for name in ("forename", "Surname", '"x"', '"y"')] == [
        True
    ] * 4


def test_two_columns_of_the_spec_that_differ_by_a_hyphen() -> None:
    """The very same name comes first; any other spelling of both is refused, not guessed."""
    text = SPEC.replace("uprn", "post_code")
    alike = spec_from(text, derivations=DERIVATIONS)
    found = matched_columns(alike, ["post_code", "postcode"])
    assert found.columns == {"post_code": "post_code", "postcode": "postcode"}
    with pytest.raises(Misused, match="Post Code could be postcode or post_code"):
        matched_columns(alike, ["Post Code"])


def test_nothing_absent_changes_nothing(spec: Spec) -> None:
    """All columns at hand: the same spec, nothing left out."""
    assert without(spec, ()).spec == spec
    assert without(spec, ()).left_out == ()


def test_a_joint_comparison_loses_only_what_needs_the_column(spec: Spec) -> None:
    """Without the UPRN, rules and levels of it go, and location is missing where the rest is."""
    found = without(spec, ["uprn"])
    name, family, location = found.spec.comparisons
    assert (name, family) == spec.comparisons[:2]
    assert [level.when for level in location.levels[:3]] == [
        Missing("postcode"),
        Every((Exact("postcode"), Exact("family_name"))),
        Exact("postcode"),
    ]
    assert location.levels[0].missing
    assert [rule.equal for rule in found.spec.blocking] == [("family_name",), ("postcode",)]
    assert not isinstance(found.spec.blocking[1].also, Some)
    assert found.spec.certain == ()
    assert [str(each) for each in found.left_out] == [
        "blocking rule uprn (needs uprn)",
        "test blocking rule postcode … (needs uprn)",
        "certain rule formal + uprn (needs uprn)",
        "test location, 1 (needs uprn)",
        "level location, the same property (needs uprn)",
    ]
    assert spec_from(written(found.spec), derivations=DERIVATIONS) == found.spec


def test_what_is_worked_out_goes_with_its_source(spec: Spec) -> None:
    """Without given names there are no formal ones; a comparison with nothing left goes whole."""
    found = without(spec, ["given_name"])
    assert [each.name for each in found.spec.comparisons] == ["family_name", "location"]
    assert [each.name for each in found.spec.columns] == ["family_name", "postcode", "uprn"]
    assert found.left_out[0] == LeftOut("column", "formal", ("given_name",))
    assert found.left_out[-1] == LeftOut("comparison", "name", ("given_name",))
    assert faults_of(found.spec, DERIVATIONS) == []


def test_a_level_that_says_what_one_before_says_goes(spec: Spec) -> None:
    """Two levels that differ only by an absent column become one; the reason names the column."""
    twice = '{ all = [{ exact = "uprn" }, { missing = "postcode" }], label = "no code" },\n'
    text = SPEC.replace('  { exact = "uprn", m', f'  {twice}  {{ exact = "uprn", m')
    found = without(spec_from(text, derivations=DERIVATIONS), ["postcode"])
    assert [level.label for level in found.spec.comparisons[2].levels] == ["", "no code", ""]
    assert LeftOut("level", "location, the same property", ("postcode",)) in found.left_out
    assert faults_of(found.spec, DERIVATIONS) == []


def test_a_frequency_goes_with_its_exact_level(spec: Spec) -> None:
    """No level may weigh by a frequency whose exact level is gone."""
    weighed = '{ exact = "postcode", term_frequency = { column = "given_name" } }'
    text = SPEC.replace('{ exact = "formal", m = 0.1, u = 0.02 }', weighed)
    found = without(spec_from(text, derivations=DERIVATIONS), ["given_name"])
    levels = found.spec.comparisons[0].levels
    assert [level.term_frequency for level in levels] == [None, None]
    assert LeftOut("term frequency", "name", ("given_name",)) in found.left_out


@pytest.mark.parametrize(
    ("absent", "kind"),
    [
        (["family_name", "uprn", "postcode"], "blocking rule"),
        (["given_name", "family_name", "uprn", "postcode"], "blocking rule"),
    ],
)
def test_nothing_left_is_refused(spec: Spec, absent: list[str], kind: str) -> None:
    """Without any rule to find pairs by, the absent columns are named and a remedy given."""
    with pytest.raises(Misused, match=f"no {kind} left") as refusal:
        without(spec, absent)
    assert all(name in refusal.value.what for name in absent)


def test_no_comparison_left_is_refused(spec: Spec) -> None:
    """A rule may be left while nothing can be compared: refused too."""
    head = SPEC.split("[[compare]]")[0]
    only = head + "[[compare]]" + SPEC.split("[[compare]]")[1]
    with pytest.raises(Misused, match="no comparison left"):
        without(spec_from(only, derivations=DERIVATIONS), ["given_name"])


def test_the_engine_gives_the_same_weights_as_of_an_empty_column(spec: Spec) -> None:
    """Without the UPRN: the same pairs and weights as of a column with no value in it."""
    chance = np.random.default_rng(7)

    def drawn(words: list[str | None]) -> pa.Array:
        return pa.array(
            [words[place] for place in chance.integers(0, len(words), 400)], pa.string()
        )

    table = pa.table(
        {
            "given_name": drawn(["ana", "anna", "bo", "bob", None]),
            "formal": drawn(["ana", "bo", None]),
            "family_name": drawn(["x", "y", "z", "w", None]),
            "postcode": drawn(["aa1", "bb2", "cc3", None]),
        }
    )
    empty = table.append_column("uprn", pa.nulls(400, pa.string()))
    results = []
    for records, used in ((empty, spec), (table, without(spec, ["uprn"]).spec)):
        coded = encoded(records)
        pairing = Pairing(coded, used)
        pairs = joined([part for rule in range(len(used.blocking)) for part in pairing.pairs(rule)])
        order = np.lexsort((pairs.rights, pairs.lefts))
        weights = Scorer(used, coded).weights(pairs)[order]
        results.append((pairs.lefts[order], pairs.rights[order], weights))
    whole, cut = results
    assert len(whole[0]) > 10_000
    for place in range(3):
        assert np.array_equal(whole[place], cut[place])
