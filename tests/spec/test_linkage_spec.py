"""What a spec file says, how it is read and written, and what the schema for editors says."""

import json
from pathlib import Path

import pytest

from openoda.linkage.spec.conditions import (
    Alike,
    Every,
    Exact,
    Measure,
    Missing,
    Neither,
    Otherwise,
    Some,
)
from openoda.linkage.spec.faults import SpecFaulty
from openoda.linkage.spec.model import (
    BlockingRule,
    Column,
    Comparison,
    Level,
    LinkType,
    Reads,
    Spec,
    TermFrequency,
)
from openoda.linkage.spec.reading import read_spec, spec_from
from openoda.linkage.spec.schema import FILE, spec_schema
from openoda.linkage.spec.shape import DEEPEST
from openoda.linkage.spec.writing import written
from openoda.vocabulary.refusals import FileUnreadable, Misused

SOUND = """\
name = "residents"
link_type = "both"
prior = 0.0001
recall = 0.8

[[columns]]
name = "given_name"
aliases = ["first_name", "forename"]

[[columns]]
name = "family_name"

[[columns]]
name = "date_of_birth"
reads = "date"

[[columns]]
name = "place"
reads = "point"

[[columns]]
name = "formal"
from = ["given_name"]
by = "formal-names"

[[block]]
on = ["family_name", "date_of_birth"]
where = { levenshtein = "given_name", at_most = 2 }

[[block]]
on = ["given_name"]

[[certain]]
on = ["family_name", "given_name", "date_of_birth"]

[[compare]]
name = "given_name"
levels = [
  { missing = "given_name" },
  { exact = "given_name", m = 0.6, u = 0.01, term_frequency = true },
  { exact = "formal", fixed = true },
  { jaro_winkler = "given_name", at_least = 0.92, label = "nearly the same", term_frequency = { column = "given_name", weight = 0.5, least_u = 0.001 } },
  { all = [{ exact = "given_name", other = "family_name" }, { exact = "family_name", other = "given_name" }] },
  { otherwise = true, m = 0.1, u = 0.9 },
]

[[compare]]
name = "rest"
levels = [
  { all = [{ missing = "date_of_birth" }, { missing = "place" }], counts_as = "missing" },
  { missing = "place", counts_as = "evidence" },
  { any = [{ days = "date_of_birth", at_most = 31 }, { not = { kilometres = "place", at_most = 1.5 } }] },
  { otherwise = true },
]
"""  # noqa: E501
NAMES = ("formal-names",)


def read(text: str) -> Spec:
    return spec_from(text, "spec.toml", NAMES)


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(SpecFaulty) as refusal:
        read(text)
    return [(fault.line, f"{fault.what}. {fault.remedy}") for fault in refusal.value.faults]


def line_of(text: str, piece: str) -> int:
    """The line of the piece that stands there once."""
    assert text.count(piece) == 1
    return text[: text.index(piece)].count("\n") + 1


def test_everything_that_a_file_can_say() -> None:
    """Each key of the form becomes its part of the model, and is written back as the same spec."""
    given, birth = "given_name", "date_of_birth"
    spec = read(SOUND)
    assert spec == Spec(
        name="residents",
        link_type=LinkType.BOTH,
        prior=0.0001,
        recall=0.8,
        columns=(
            Column(given, ("first_name", "forename")),
            Column("family_name"),
            Column(birth, reads=Reads.DATE),
            Column("place", reads=Reads.POINT),
            Column("formal", made_from=(given,), by="formal-names"),
        ),
        blocking=(
            BlockingRule(("family_name", birth), Alike(Measure.LEVENSHTEIN, given, 2)),
            BlockingRule((given,)),
        ),
        certain=(BlockingRule(("family_name", given, birth)),),
        comparisons=(
            Comparison(
                given,
                (
                    Level(Missing(given), missing=True),
                    Level(Exact(given), m=0.6, u=0.01, term_frequency=TermFrequency(given)),
                    Level(Exact("formal"), fixed=True),
                    Level(
                        Alike(Measure.JARO_WINKLER, given, 0.92),
                        "nearly the same",
                        term_frequency=TermFrequency(given, 0.5, 0.001),
                    ),
                    Level(Every((Exact(given, "family_name"), Exact("family_name", given)))),
                    Level(Otherwise(), m=0.1, u=0.9),
                ),
            ),
            Comparison(
                "rest",
                (
                    Level(Every((Missing(birth), Missing("place"))), missing=True),
                    Level(Missing("place")),
                    Level(
                        Some(
                            (
                                Alike(Measure.DAYS, birth, 31),
                                Neither(Alike(Measure.KILOMETRES, "place", 1.5)),
                            )
                        )
                    ),
                    Level(Otherwise()),
                ),
            ),
        ),
    )
    assert read(written(spec)) == spec


def test_a_circle_and_a_chain_of_columns_worked_out() -> None:
    """Columns may be worked out from worked-out ones; a circle is reported at each that is in it."""
    more = """
[[columns]]
name = "sound"
from = ["formal"]
by = "formal-names"
"""
    chain = SOUND.replace("[[block]]", more + "\n[[block]]", 1)
    assert read(chain).columns[-1] == Column("sound", made_from=("formal",), by="formal-names")
    circle = chain.replace('from = ["given_name"]', 'from = ["given_name", "sound"]')
    found = faults(circle)
    assert [line for line, _ in found] == [
        line_of(circle, 'from = ["given_name", "sound"]'),
        line_of(circle, 'from = ["formal"]'),
    ]
    assert "(formal from sound from formal)" in found[0][1]


def test_a_level_over_several_lines() -> None:
    """In braces a table can't go over several lines, and that is said; under a header it can."""
    broken = 'levels = [\n  { exact = "formal",\n    m = 0.5 },\n]'
    assert "one line" in faults(broken)[0][1]
    before = SOUND.split('\n[[compare]]\nname = "rest"\n')[0]
    headed = """
[[compare]]
name = "rest"
[[compare.levels]]
missing = "place"
[[compare.levels]]
exact = "formal"
m = 0.5
[compare.levels.term_frequency]
column = "formal"
[[compare.levels]]
otherwise = true
"""
    spec = read(before + headed)
    assert [level.m for level in spec.comparisons[1].levels] == [None, 0.5, None]
    assert read(written(spec)) == spec
    wrong = before + headed.replace('column = "formal"', 'column = "place"')
    assert [line for line, _ in faults(wrong)] == [line_of(wrong, "[compare.levels.term_")]


def test_tests_inside_tests_have_a_limit() -> None:
    """As deep as the compiled loop can go is read; deeper is refused, and far deeper too."""

    def nested(depth: int, form: tuple[str, str] = ("{ not = ", " }")) -> str:
        inner = form[0] * depth + '{ exact = "formal" }' + form[1] * depth
        return SOUND.replace('{ exact = "formal", fixed = true }', inner)

    assert read(nested(DEEPEST)).comparisons[0].levels[2] != Level(Exact("formal"))
    assert "too deep" in faults(nested(DEEPEST + 1))[0][1]
    for depth in (*range(40, 400, 20), 5000):
        with pytest.raises(Misused, match="too deep"):
            read(nested(depth))
        with pytest.raises(Misused, match="too deep"):
            read(nested(depth, ("{ all = [", "] }")))


def test_a_column_beside_itself_is_the_column() -> None:
    """`other` naming the same column says nothing more."""
    text = SOUND.replace('{ exact = "formal", fixed', '{ exact = "formal", other = "formal", fixed')
    assert read(text) == read(SOUND)


def test_files(tmp_path: Path) -> None:
    """A file is read with or without a byte order mark and with any line ends, or refused in words."""
    file = tmp_path / "residents.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode())
    assert read_spec(file, NAMES) == read(SOUND)
    file.write_bytes(SOUND.replace("recall", "recal").replace("\n", "\r\n").encode())
    with pytest.raises(SpecFaulty) as refusal:
        read_spec(file, NAMES)
    assert refusal.value.where == "residents.toml"
    assert [(fault.line, fault.text) for fault in refusal.value.faults] == [(4, "recal = 0.8")]
    file.write_bytes(b'name = "\xff"')
    with pytest.raises(FileUnreadable, match="UTF-8"):
        read_spec(file)
    with pytest.raises(FileUnreadable, match=r"absent\.toml"):
        read_spec(tmp_path / "absent.toml")


def test_the_shipped_schema_is_the_tables_own() -> None:
    """The file for editors is what the table of keys makes (write it with its module)."""
    assert json.loads(FILE.read_text(encoding="utf-8")) == spec_schema()
