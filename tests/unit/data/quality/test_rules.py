"""The analyst's own rules: read with every mistake told, run in the engine that reaches nothing."""

from datetime import date

import pytest

from openoda.data.quality import rule_files
from openoda.data.quality.dimensions import Dimension
from openoda.data.quality.issues import Severity
from openoda.data.quality.rule_files import Repeat, Rule, Rules
from openoda.data.quality.rule_runs import columns_in, run_rules
from openoda.vocabulary.refusals import FileUnreadable, Misused
from tests.unit.data.quality.tables import reader

AS_AT = date(2018, 3, 9)
COLUMNS = {
    "Ends On": [date(2018, 3, 8), date(2018, 3, 9), None],
    "begins": [date(2018, 3, 9), date(2018, 1, 1), date(2018, 1, 1)],
    "place": ["1, High Street, OXFORD", "1 high street Oxford Oxfordshire", "Oxford"],
}


def run(*rules):
    plain = tuple(one for one in rules if isinstance(one, Rule))
    repeats = tuple(one for one in rules if isinstance(one, Repeat))
    return run_rules(Rules(plain, repeats), reader(COLUMNS), tuple(COLUMNS), AS_AT)


def test_a_rule_names_the_rows_where_it_is_true():
    """Proves that null doesn't break a rule, that `as_at` is known, and lines are named."""
    (found,) = run(Rule("late", '"Ends On" < as_at', "It has ended."))
    assert (found.asked, found.broken) == (3, 1)
    assert [place.line for place in found.issue.places] == [2]
    assert found.issue.columns == ("Ends On",)


def test_a_rule_gives_the_extremes_of_its_measure():
    """Proves that the measure is taken over the rows that break the rule alone."""
    (found,) = run(Rule("back", '"Ends On" < begins', "No.", measure='"Ends On" - begins'))
    assert found.measured == (-1, -1)


def test_a_rule_may_look_at_other_rows():
    """Proves that a window stands in a predicate."""
    (found,) = run(Rule("twice", "count(*) over (partition by begins) > 1", "Twice."))
    assert [place.line for place in found.issue.places] == [3, 4]


def test_repeats_are_normalised_and_words_left_out():
    """Proves case, punctuation and ignored words, and that what is empty then isn't a repeat."""
    (found,) = run(Repeat("same", ("place",), "Twice.", ignore=("Oxford", "OXFORDSHIRE")))
    assert (found.groups, found.issue.rows, found.broken) == (1, 2, 1)
    assert found.dimension is Dimension.UNIQUENESS
    (apart,) = run(Repeat("same", ("place", "begins"), "Twice.", ignore=("Oxford", "OXFORDSHIRE")))
    assert apart.issue is None


@pytest.mark.parametrize(
    "where",
    [
        "1 = 1; select 1", "exists (select 1)", "* > 1", "(select 1) = 1", "begins >", "1 = 1) or (1",
        "begins > 1 from data",
    ],
)  # fmt: skip
def test_a_rule_is_one_expression(where):
    """Proves that a query, a star, two statements or half an expression is refused by name."""
    with pytest.raises(Misused) as refused:
        run(Rule("odd", where, "No."))
    assert "odd" in refused.value.where


@pytest.mark.parametrize("where", ["read_text('/etc/hostname') = ''", "nowhere = 1"])
def test_a_rule_reaches_nothing_but_the_columns(where):
    """Proves that files can't be read, and that an unknown column is refused."""
    with pytest.raises(Misused):
        run(Rule("odd", where, "No."))


def test_columns_in_an_expression():
    """Proves that columns are found by any case and in the file's order, words of text not."""
    sql = "upper(PLACE) = 'begins' and \"ends on\" is null"
    assert columns_in(sql, tuple(COLUMNS), "r") == ("Ends On", "place")


def test_a_rules_file_in_toml_and_json(tmp_path):
    """Proves that both forms give the same rules, with defaults."""
    (tmp_path / "r.toml").write_text(
        '[[rule]]\nname = "a"\nwhere = "x > 1"\nreason = "Because."\n'
        '[[repeat]]\nname = "b"\ncolumns = ["x"]\nreason = "Twice."\nseverity = "note"\n',
        encoding="utf-8",
    )
    (tmp_path / "r.json").write_text(
        '{"rule": [{"name": "a", "where": "x > 1", "reason": "Because."}], "repeat": '
        '[{"name": "b", "columns": ["x"], "reason": "Twice.", "severity": "note"}]}',
        encoding="utf-8",
    )
    toml, plain = (rule_files.load(tmp_path / name) for name in ("r.toml", "r.json"))
    assert (toml.rules, toml.repeats) == (plain.rules, plain.repeats)
    assert toml.rules[0].severity is Severity.MUST
    assert toml.rules[0].dimension is Dimension.VALIDITY
    assert toml.repeats[0].severity is Severity.NOTE


def test_every_mistake_is_told_at_once():
    """Proves that a wrong file is refused with each fault named."""
    wrong = {
        "rule": [{"name": "a", "where": 1}, {"name": "a", "where": "x", "reason": "r", "colour": 1,
                                              "severity": "grave", "dimension": "accuracy"}],
        "ruel": [],
    }  # fmt: skip
    with pytest.raises(Misused) as refused:
        rule_files.parse(wrong)
    for said in ("reason is missing", "where must be", "used twice", "colour", "severity is must",
                 "dimension is one of", "ruel"):  # fmt: skip
        assert said in refused.value.what


@pytest.mark.parametrize("content", [b"[[rule", b"\xff\xfe", b"", b"[rule]\nname = 'x'\n"])
def test_a_file_that_is_no_rules_is_refused(tmp_path, content):
    """Proves that broken, binary, empty and misshapen files give a refusal and no fault."""
    path = tmp_path / "r.toml"
    path.write_bytes(content)
    with pytest.raises((Misused, FileUnreadable)):
        rule_files.load(path)
    with pytest.raises(FileUnreadable):
        rule_files.load(tmp_path / "absent.toml")
