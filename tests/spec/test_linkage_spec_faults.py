"""What is said of a spec file that is wrong."""

import pytest

from openoda.linkage.spec.faults import SpecFaulty
from openoda.linkage.spec.reading import spec_from
from openoda.vocabulary.refusals import Misused
from tests.spec.test_linkage_spec import SOUND, faults, line_of, read


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('recall = 0.8', 'recal = 0.8', 'key "recal" is not known here. Write recall'),
        ('prior = 0.0001', 'prior = "x"', "prior must be a number, not a text"),
        ('prior = 0.0001', 'prior = true', "prior must be a number, not true or false"),
        ('prior = 0.0001', 'prior = 1', "prior can't be 1. Give above 0 and below 1"),
        ('prior = 0.0001', 'prior = nan', "prior can't be nan"),
        ('recall = 0.8', 'recall = 0', "recall can't be 0. Give above 0 and at most 1"),
        ('"both"', '"dedup"', "link_type can't be \"dedup\". Write dedupe"),
        ('["first_name", "forename"]', '["first_name", 5]', "aliases must be a list of texts"),
        ('["first_name", "forename"]', '["Family Name"]', '"Family Name" is what family_name is'),
        ('reads = "date"', 'reads = "datum"', "reads can't be \"datum\". Write date"),
        ('reads = "date"', 'reads = 1979-05-27', "reads must be a text, not a date or time"),
        ('name = "date_of_birth"', 'name = "family_name"\n[[columns]]\nname = "date_of_birth"',
         'the name "family_name" stands twice'),
        ('by = "formal-names"', 'by = "formal_name"', "Write formal-names"),
        ('from = ["given_name"]', 'from = ["given"]', 'column "given" isn\'t declared. Write given'),
        ('from = ["given_name"]', 'from = ["formal"]', "worked out from itself (formal from formal)"),
        ('by = "formal-names"', '', "how to work formal out isn't said. Add by"),
        ('from = ["given_name"]', '', "formal is worked out from no column. Add from"),
        ('by = "formal-names"', 'by = "formal-names"\naliases = ["x"]', "no file has it"),
        ('["family_name", "date_of_birth"]', '[]', "on is empty"),
        ('["family_name", "date_of_birth"]', '["family_nam"]', "Write family_name, or declare it"),
        ('{ levenshtein = "given_name", at_most', '{ levenshtein = "given_name", at_least',
         "levenshtein has no at_least. Write at_most"),
        ('at_most = 2 }', 'at_most = -1 }', "at_most can't be -1. Give 0 or more"),
        ('at_most = 2 }', 'at_most = inf }', "at_most can't be inf"),
        ('where = { levenshtein = "given_name", at_most = 2 }', 'where = { otherwise = true }',
         "otherwise can't stand inside another test"),
        ('{ exact = "formal", fixed = true }', '{ soundex = "formal" }', 'there is no test "soundex"'),
        ('{ exact = "formal", fixed = true }', '{ exat = "formal" }', 'no test "exat". Write exact'),
        ('{ exact = "formal", fixed = true }', '{ fixed = true }', "there is no test in it. Add one"),
        ('{ exact = "formal", fixed = true }', '{ exact = "formal", missing = "formal" }',
         "exact and missing stand in one table"),
        ('{ exact = "formal", fixed = true }', '{ any = [] }', "any is empty"),
        ('{ exact = "formal", fixed = true }', '"exact"', "this must be a table, not a text"),
        ('{ exact = "formal", fixed = true }', '{ exact = "given_name" }', "before has the same test"),
        ('{ exact = "formal", fixed = true }', '{ exact = "formal", fixed = 1 }',
         "fixed must be true or false, not a number"),
        ('{ exact = "formal", fixed = true }', '{ exact = "formal", other = "place" }',
         "formal reads as text and place as point: never equal"),
        ('{ exact = "formal", fixed = true }', '{ jaro = "date_of_birth", at_least = 0.9 }',
         "jaro is of text, and date_of_birth reads as date. Use days, or a column worked out"),
        ('{ exact = "formal", fixed = true }', '{ exact = "formal", counts_as = "missing", m = 0.1 }',
         "a level of missing values has no m"),
        ('{ missing = "given_name" }', '{ missing = "given_name", term_frequency = true }',
         "term_frequency = true needs a level that is an exact test"),
        ('{ missing = "given_name" }', '{ missing = 5 }', "missing must be a text, not a number"),
        ('at_least = 0.92', 'at_least = 92', "at_least can't be 92. Give 0 to 1"),
        (', at_least = 0.92', '', "at_least is missing"),
        ('label = "nearly', 'lable = "nearly', 'the key "lable" is not known here. Write label'),
        ('weight = 0.5', 'weight = 5', "weight can't be 5. Give 0 to 1"),
        ('m = 0.6', 'm = 1.6', "m can't be 1.6. Give 0 to 1"),
        ('days = "date_of_birth"', 'day = "date_of_birth"', 'there is no test "day". Write days'),
        ('{ levenshtein = "given_name"', '{ levenshtein = "gven_name"', "Write given_name, or declare"),
        ('other = "family_name"', 'other = "surname"', 'column "surname" isn\'t declared'),
        ('name = "rest"', 'name = "given_name"', 'the name "given_name" stands twice'),
    ],
)  # fmt: skip
def test_each_fault_on_its_line(old: str, new: str, says: str) -> None:
    """One thing wrong gives one fault, on the line where it is, with what to do about it."""
    places = [at for at, row in enumerate(SOUND.split("\n"), 1) if old in row]
    found = faults(SOUND.replace(old, new, 1))
    assert len(found) == 1
    line, words = found[0]
    assert says in words
    assert abs(line - places[0]) <= 1


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ("  { otherwise = true, m = 0.1, u = 0.9 },\n", "", '{ all = [{ exact = "given_name"',
         "the last level isn't otherwise"),
        ("  { missing = \"given_name\" },\n", "  { otherwise = true },\n", "m = 0.6",
         "this level stands after otherwise"),
        ("m = 0.1, u = 0.9", "m = 0.5, u = 0.9", "levels = [\n  { missing",
         "the m of given_name add up to 1.1"),
        ("term_frequency = true", 'term_frequency = { column = "formal", weigth = 1 }',
         "weigth", 'the key "weigth" is not known here. Write weight'),
        ('exact = "given_name", m = 0.6, u = 0.01, term_frequency = true', 'missing = "formal"',
         "least_u = 0.001", "no level of given_name tests given_name for exact values"),
    ],
)  # fmt: skip
def test_faults_of_a_comparison_as_a_whole(old: str, new: str, at: str, says: str) -> None:
    """What is wrong between levels is reported at the level, or the list, that must change."""
    assert SOUND.count(old) == 1
    text = SOUND.replace(old, new)
    assert [(line, says in words) for line, words in faults(text)] == [(line_of(text, at), True)]


def test_values_where_tables_belong() -> None:
    """What belongs under a header is asked for under one, and what stands in braces in braces."""
    found = faults('block = 5\nname = "x"\n[[columns]]\nname = "a"\n[[compare]]\nlevels = 7\n')
    assert [(line, words.split(". ")[1]) for line, words in found] == [
        (1, "Write [[block]]"),
        (5, "Add it: the comparison's name"),
        (6, "Write levels = [{ … }, { … }]"),
    ]


def test_a_misspelt_test_beside_another_unknown_key() -> None:
    """The key that is near a test is taken for it, and the other is reported for itself."""
    text = SOUND.replace('{ exact = "formal", fixed = true }', '{ lable = "x", exat = "formal" }')
    assert [words for _, words in faults(text)] == [
        'there is no test "exat". Write exact',
        'the key "lable" is not known here. Write label',
    ]


def test_a_comparison_that_compares_nothing() -> None:
    """Missing and otherwise alone say nothing of any pair."""
    nothing = """
[[compare]]
name = "nothing"
levels = [{ missing = "place" }, { otherwise = true }]
"""
    assert faults(SOUND + nothing) == [
        (
            line_of(SOUND + nothing, "levels = [{"),
            "nothing compares nothing. Add a level with a test",
        )
    ]


@pytest.mark.parametrize("word", ["all", "any"])
def test_a_fault_inside_a_test_over_several_lines(word: str) -> None:
    """A list in braces may go over several lines; the fault is on that of the part at fault."""
    parts = f'{{ {word} = [\n  {{ exact = "formal" }},\n  {{ exact = "casual" }},\n] }}'
    text = SOUND.replace('{ exact = "formal", fixed = true }', parts)
    assert [line for line, _ in faults(text)] == [line_of(text, '"casual"')]


def test_no_derivation_at_all() -> None:
    """Where the reader is given no derivations, none is proposed."""
    with pytest.raises(SpecFaulty) as refusal:
        spec_from(SOUND)
    assert [fault.remedy for fault in refusal.value.faults] == ["Take it out; there is none"]


def test_all_faults_at_once_in_the_order_of_the_lines() -> None:
    """A spec full of faults is refused once: each has its line, shown, in one message."""
    text = SOUND
    for old, new in (
        ("recall =", "recal ="),
        ('"date"', '"day"'),
        ("at_most = 2", "at_most = -2"),
        ("m = 0.6", "m = 6"),
        ("lab", "bal"),
    ):
        text = text.replace(old, new, 1)
    with pytest.raises(SpecFaulty) as refusal:
        read(text)
    found = refusal.value.faults
    assert len(found) == 5
    assert all(fault.text.strip("…") in text for fault in found)
    assert [fault.line for fault in found] == sorted(
        line_of(text, piece) for piece in ('recal =', '"day"', "= -2", "m = 6", "bale")
    )  # fmt: skip
    message = str(refusal.value)
    assert isinstance(refusal.value, Misused)
    assert refusal.value.where == "spec.toml"
    assert message.startswith("The spec has 5 faults: line 4 `recal = 0.8`: ")
    assert all(f"line {fault.line}" in message and fault.what in message for fault in found)


def test_what_is_missing_altogether() -> None:
    """An empty file is told each table that a spec needs; a fault of nothing stands on line 1."""
    found = faults("# nothing yet\n")
    assert [line for line, _ in found] == [1] * 4
    assert [words.split(" is missing")[0] for _, words in found] == [
        "name",
        "columns",
        "block",
        "compare",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('name = "x\n', 1),
        ('name = "x"\nlink_type = \n', 2),
        ('name = "x"\n[[columns]\n', 2),
        ('name = "x"\nname = "y"\n', 2),
        ('name = "x"\n\nlevels = [\n  { a = 1 }\n  { b = 2 }\n]\n', 5),
        ("a = [\n  { b = 1,\n    c = 2 },\n]", 2),
        ("a = [\n\n", 1),
        ("a = 'é'\nb = \x00", 2),
    ],
)
def test_text_that_is_not_toml(text: str, line: int) -> None:
    """The one fault is on the line where the text stops being TOML, and shows it."""
    with pytest.raises(SpecFaulty) as refusal:
        read(text)
    (fault,) = refusal.value.faults
    assert fault.line == line
    assert fault.text == text.split("\n")[line - 1].strip()
    assert "isn't TOML" in fault.what


def test_a_long_line_is_shown_where_the_fault_is() -> None:
    """Of a line too long to show, the part with the key that is wrong is shown."""
    padding = ", ".join(f'"{n:05}"' for n in range(40))
    text = SOUND.replace('"first_name", "forename"]', f'"first_name", {padding}, 7]')
    text = text.replace("u = 0.01, term", f'label = "{"long " * 60}", u = 7, term')
    with pytest.raises(SpecFaulty) as refusal:
        read(text)
    shown = [fault.text for fault in refusal.value.faults]
    assert all(len(each) < 110 for each in shown)
    assert "aliases" in shown[0]
    assert "u = 7" in shown[1]
