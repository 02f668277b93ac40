"""Values made comparable, fillers taken out, and records linked by rules."""

import pyarrow as pa
import pytest

from openoda.data.quality.readiness.fields import parse_mapping
from openoda.data.quality.readiness.near import NearTo, one_slip
from openoda.data.quality.readiness.preparing import prepare
from openoda.data.quality.readiness.rules import DEFAULT, Rule, link, load_rules
from openoda.vocabulary.refusals import FileUnreadable, Misused
from tests.unit.data.quality.readiness.samples import prepared


def test_two_agencies_ways_of_writing_come_out_the_same():
    """Proves that case, spaces, hyphens, titles, middle names, formats and suffixes don't matter."""
    a = prepared({
        "forename": ["Mrs Bela Jo"], "surname": ["Denfo-Gul"], "date_of_birth": ["3/2/1980"],
        "postcode": ["ls1  4ap"], "nhs_number": ["943 476 5919"], "nino": ["AB123456C"],
        "phone": ["07700 900123"], "uprn": ["000010012345"],
    })  # fmt: skip
    b = prepared({
        "forename": ["BELA"], "surname": ["DENFO GUL"], "date_of_birth": ["1980-02-03"],
        "postcode": ["LS14AP"], "nhs_number": ["9434765919"], "nino": ["ab 12 34 56"],
        "phone": ["+447700900123"], "uprn": ["10012345"],
    })  # fmt: skip
    for name, values in a.values.items():
        assert values[0].as_py() is not None, name
        assert values[0] == b.values[name][0], name


def test_what_cannot_link_is_counted_with_its_reason():
    """Proves that initials, placeholders, unsound and missing values aren't usable, and say why."""
    found = prepared({
        "forename": ["J", "Unknown", None, "Bela"],
        "nhs_number": ["9434765918", "9434765919", "", None],
    })  # fmt: skip
    assert found.values["forename"].to_pylist() == [None, None, None, "BELA"]
    assert found.troubles["forename"]["initial-only"] == 1
    assert found.usable("nhs_number").tolist() == [False, True, False, False]
    assert found.troubles["nhs_number"]["check-digit"] == 1
    assert found.troubles["nhs_number"]["missing"] == 2


def test_a_filler_is_taken_out_and_a_busy_day_is_not():
    """Proves that a telephone that 60 of 200 records hold stands for nothing; one held twice is kept."""
    numbers = ["07700 900000"] * 60 + [f"07700 {900100 + n // 2}" for n in range(140)]
    found = prepared({"phone": numbers})
    assert found.troubles["phone"]["filler"] == 60
    assert int(found.usable("phone").sum()) == 140


def test_dates_that_begin_with_the_month_are_turned_where_told():
    """Proves that the mapping's month-first turns 02/28/1980 into 28 February, and 02/03 into March."""
    table = pa.table({"born": ["02/28/1980", "02/03/1980"]})
    found = prepare(table.to_batches(), {"date_of_birth": "born:month-first"})
    assert found.values["date_of_birth"].to_pylist() == ["1980-02-28", "1980-02-03"]


def test_whole_names_give_both_fields():
    """Proves that a column of whole names serves as forename and surname."""
    table = pa.table({"who": ["Dr Bela Jo Denfo", "Gul, Mirnos"]})
    found = prepare(table.to_batches(), {"name": "who"})
    assert found.values["forename"].to_pylist() == ["BELA", "MIRNOS"]
    assert found.values["surname"].to_pylist() == ["DENFO", "GUL"]


def test_a_rule_links_the_pairs_that_agree_on_all_its_fields():
    """Proves which pairs come: every combination of those that agree, none with a missing value."""
    a = prepared({"surname": ["Gul", "Gul", "Pel", None], "postcode": ["LS1 4AP"] * 4})
    b = prepared({"surname": ["GUL", "PEL", "PEL", None], "postcode": ["LS1 4AP"] * 3 + [None]})
    pairs = set()
    for left, right in link(a, b, [Rule(("surname", "postcode")), Rule(("nhs_number",))]):
        pairs |= set(zip(left.tolist(), right.tolist(), strict=True))
    assert pairs == {(0, 0), (1, 0), (2, 1), (2, 2)}


@pytest.mark.parametrize(
    ("first", "second", "slip"),
    [
        ("DENFO", "DENFO", False), ("DENFO", "DENO", True), ("DENFO", "DENFOO", True),
        ("DENFO", "DXNFO", True), ("DENFO", "DNEFO", True), ("DENFO", "DNFEO", False),
        ("DENFO", "FODEN", False), ("", "A", True), ("AB", "BA", True), ("AB", "CD", False),
    ],
)  # fmt: skip
def test_one_slip_is_one_letter_or_two_swapped(first, second, slip):
    """Proves the distance by hand, both ways round, and that the search by parts finds the same."""
    assert one_slip(first, second) is slip
    assert one_slip(second, first) is slip
    assert (first in NearTo([second])) is slip


def test_a_mapping_is_checked():
    """Proves that an unknown field, a field twice, and whole names beside parts are refused."""
    assert parse_mapping(["surname=last", "address=where"]) == {
        "surname": "last",
        "address": "where",
    }
    for wrong in (
        ["shoe=size"],
        ["surname=a", "surname=b"],
        ["name=a", "surname=b"],
        ["address=a"],
    ):
        with pytest.raises(Misused):
            parse_mapping(wrong)


def test_rules_are_read_from_toml(tmp_path):
    """Proves that a party's own rules are read, and that what are no rules is refused."""
    file = tmp_path / "rules.toml"
    file.write_text('[[rule]]\nfields = ["surname", "date_of_birth"]\n', encoding="utf-8")
    assert load_rules(file) == (Rule(("surname", "date_of_birth")),)
    for text in ("", "[[rule]]\nfields = []\n", '[[rule]]\nfields = ["shoe"]\n', "rule = 3\n",
                 '[[rule]]\nfields = ["uprn", "uprn"]\n'):  # fmt: skip
        file.write_text(text, encoding="utf-8")
        with pytest.raises(Misused):
            load_rules(file)
    with pytest.raises(FileUnreadable):
        load_rules(tmp_path / "none.toml")
    assert len(set(DEFAULT)) == len(DEFAULT)
