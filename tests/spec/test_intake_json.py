"""What intake makes of JSON, JSON lines and GeoJSON, told by tiny files."""

import json
from pathlib import Path
from typing import Any

import pytest

from openoda.data.intake import Dialect, Limits
from openoda.data.intake.json_list import REST
from openoda.vocabulary.refusals import FileUnreadable, SchemaInvalid
from tests.unit.intake.samples import load, schema, written

BROKEN = "the record's quotes or brackets don't close"


def test_values_are_kept_as_they_are_written(tmp_path: Path) -> None:
    """Digits of numbers, texts, booleans, nested values as JSON; null and an absent key are no value."""
    content = """[{"id": "007", "n": 1.50, "big": 12345678901234567890, "ok": true},
        {"n": 1e5, "tags": ["a", {"b": 1.0, "c": null}], "ok": null}, {"id": ""}]"""
    found = load(written(tmp_path, content, "x.json"))
    assert found.report.columns == ("id", "n", "big", "ok", "tags")
    assert found.values == [
        ("007", "1.50", "12345678901234567890", "true", None),
        (None, "1e5", None, None, '["a",{"b":1.0,"c":null}]'),
        ("", None, None, None, None),
    ]
    assert [row["source_line"] for row in found.accepted] == [1, 2, 3]
    assert found.report.sound


def test_json_lines(tmp_path: Path) -> None:
    """One object a line, whatever ends it; a line that isn't one costs itself."""
    content = '{"a": 1}\n\n{"a": 2,}\r\n[3]\r{"a": "\\u00e9"}'
    found = load(written(tmp_path, content, "x.jsonl"))
    assert found.values == [("1",), ("é",)]
    assert [row["source_line"] for row in found.accepted] == [1, 5]
    assert [line for line, _ in found.aside] == [2, 3, 4]
    assert found.quarantined[1]["raw"] == b'{"a": 2,}\r\n'
    assert "not JSON" in found.aside[1][1]


def test_a_key_given_twice_is_flagged_with_both_values(tmp_path: Path) -> None:
    """Nobody can say which is meant, and the row stays."""
    found = load(written(tmp_path, '[{"a": 1, "b": 2, "a": "x"}]', "x.json"))
    assert found.values == [(None, "2")]
    assert found.marked == [(1, "a", '[1,"x"]', "the key is given more than once")]
    assert found.flags[0]["place"] == "$[0].a"


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_json_does_not_have_is_flagged(tmp_path: Path, constant: str) -> None:
    """Some programs write it; it is no value, and its text is kept."""
    found = load(written(tmp_path, f'[{{"a": {constant}, "b": 1}}]', "x.json"))
    assert found.values == [(None, "1")]
    assert found.marked == [(1, "a", constant, "not a JSON value")]


def test_half_a_surrogate_pair_is_flagged(tmp_path: Path) -> None:
    """It is no Unicode text; its escape is kept."""
    found = load(written(tmp_path, '{"a": "x\\ud800", "b": 1}\n{"a": "y"}\n', "x.jsonl"))
    assert found.values == [(None, "1"), ("y", None)]
    assert found.marked[0][2:] == ("x\\ud800", "not Unicode text: half of a surrogate pair")


def test_brackets_nested_too_deep_cost_their_record(tmp_path: Path) -> None:
    """By a limit, far below where a parser would give up; and far above it."""
    for depth in (5, 100, 200_000):
        deep = "[" * depth + "]" * depth
        content = f'[{{"a": {deep}}}, {{"a": 1}}]'
        found = load(written(tmp_path, content, "x.json"), limits=Limits(depth=4))
        assert found.values == [("1",)]
        assert found.aside == [(1, "brackets nested too deep")]


def test_records_further_down_need_telling(tmp_path: Path) -> None:
    """The keys that lead to the list are named by the dialect; without, the remedy says who finds
    them. What stands beside the list is no record."""
    content = '{"meta": {"rows": [1]}, "data": {"rows": [{"a": 1}, {"a": 2}]}, "count": 2}'
    path = written(tmp_path, content, "x.json")
    with pytest.raises(FileUnreadable, match="no list of records") as refused:
        load(path)
    assert "propose" in refused.value.remedy
    found = load(path, dialect=Dialect(records=("data", "rows")))
    assert found.values == [("1",), ("2",)]


def test_a_quote_never_closed_costs_its_own_record(tmp_path: Path) -> None:
    """Where each record starts a line, the next one is found again."""
    content = '[\n{"a": 1, "b": "x"},\n{"a": 2, "b": "open},\n{"a": 3, "b": "y"}\n]\n'
    found = load(written(tmp_path, content, "x.json"))
    assert found.values == [("1", "x"), ("3", "y")]
    assert found.aside == [(2, BROKEN)]
    aside = found.quarantined[0]
    assert content.encode()[aside["byte_start"] : aside["byte_end"]] == b'{"a": 2, "b": "open},\n'
    assert aside["place"] == "$[1]"


def test_a_bracket_never_closed_costs_its_own_record(tmp_path: Path) -> None:
    """Indented records too: a line that starts as the first record did begins the next."""
    records = [{"a": n, "b": [n, {"c": n}]} for n in range(5)]
    content = json.dumps(records, indent=2).replace('"c": 2\n      }', '"c": 2\n      ')
    found = load(written(tmp_path, content, "x.json"))
    assert [row["a"] for row in found.accepted] == ["0", "1", "3", "4"]
    assert found.aside == [(3, BROKEN)]


@pytest.mark.parametrize(
    "damaged",
    [
        ('{"id": 3, "b": [2}, ',),
        ('{"id": "3, "b": 2}, ',),
        ('{"id": 3, ',),
        ('{"id": 3, "b": {"c": 1}, ',),
        ('{"id": 3, "b": "x}, ',),
        ('{"id": "3, "b": 2}, {"id": 3, "b": "x}, ',),
        ('{"id": "3, "b": 2}, ', '{"id": 3, "b": "x}, '),
    ],
)
def test_damage_on_one_long_line_costs_its_own_record(
    tmp_path: Path, damaged: tuple[str, ...]
) -> None:
    """Proves that a stray quote or bracket costs no sound record: not those behind it, and not one
    between it and a second that closes what the first left open."""
    before = [f'{{"id": {number}, "b": [{{"id": 0}}, {{"id": 0}}]}}, ' for number in (1, 2)]
    after = ", ".join(f'{{"id": {number}, "b": 1}}' for number in range(4, 500))
    between = '{"id": 3, "b": 1}, '
    content = "[" + "".join(before) + between.join(damaged) + after + "]"
    found = load(written(tmp_path, content, "x.json"))
    kept = ["3"] * (len(damaged) - 1)
    assert [row["id"] for row in found.accepted] == ["1", "2", *kept, *map(str, range(4, 500))]
    spans = [content[row["byte_start"] : row["byte_end"]] for row in found.quarantined]
    assert [span.rstrip(", ") for span in spans] == [each.rstrip(", ") for each in damaged]


def test_a_broken_first_record_costs_itself(tmp_path: Path) -> None:
    """Proves that no sound record is needed before the damage."""
    found = load(written(tmp_path, '[{"id":1,{"id":2},{"id":3}]', "x.json"))
    assert found.values == [("2",), ("3",)]
    assert found.quarantined[0]["raw"] == b'{"id":1,'


@pytest.mark.parametrize("keys", [(), ("rows",)])
@pytest.mark.parametrize("slip", ['{"id": 2 ', '{"id": "2, ', '{"id": 2}, '])
def test_what_lies_inside_a_broken_record_is_no_record(
    tmp_path: Path, keys: tuple[str, ...], slip: str
) -> None:
    """Proves that nested objects are never taken for records, even if they begin with the same key:
    their list ends inside the broken record."""
    records = [{"id": number, "parts": [{"id": 70}, {"id": 71}, {"id": 72}]} for number in range(5)]
    content = json.dumps({"rows": records} if keys else records)
    content = content.replace('{"id": 2, ', slip)
    found = load(written(tmp_path, content, "x.json"), dialect=Dialect(records=keys))
    whole = ["2"] if slip == '{"id": 2}, ' else []
    assert [row["id"] for row in found.accepted] == ["0", "1", *whole, "3", "4"]
    assert found.quarantined


def test_where_nobody_can_say_what_follows_the_rest_is_said_to_be_set_aside(
    tmp_path: Path,
) -> None:
    """Proves that a span which holds the rest of the file says so, and that nothing is guessed."""
    found = load(written(tmp_path, '[{"a": 1}, {"a": [2}, {"b": 3}]', "x.json"))
    assert found.values == [("1",)]
    assert found.aside == [(2, BROKEN + REST)]
    assert found.quarantined[0]["raw"] == b'{"a": [2}, {"b": 3}]'


@pytest.mark.parametrize("block", [5, 64, 1 << 20])
@pytest.mark.parametrize("form", ["x.json", "x.geojson"])
def test_a_sound_record_over_the_limit_costs_no_other(
    tmp_path: Path, form: str, block: int
) -> None:
    """Proves that it is passed over to its closing bracket, wherever blocks end, though all of the
    file is on one line; and that a broken one over the limit is left where the next begins."""
    ring = [[number, number + 0.5] for number in range(60)]
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    texts = ['"]},{\\']
    values = [feature(shape if n == 3 else None, id=n, t=texts) for n in range(9)]
    whole = {"type": "FeatureCollection", "features": values}
    plain = [{**each["properties"], **each} for each in values]
    content = json.dumps(whole if form == "x.geojson" else plain)
    limits = Limits(block=block, record=500, raw=10)
    found = load(written(tmp_path, content, form), limits=limits)
    assert [row["id"] for row in found.accepted] == [str(n) for n in range(9) if n != 3]
    assert found.aside == [(4, "record over the size limit")]
    found = load(written(tmp_path, content.replace("40.5]", "40.5}"), form), limits=limits)
    assert [row["id"] for row in found.accepted] == [str(n) for n in range(9) if n != 3]
    assert found.aside == [(4, BROKEN)]


def test_a_file_cut_short_says_so(tmp_path: Path) -> None:
    """Between two records, where every record seen is whole, and inside one."""
    found = load(written(tmp_path, '[{"a": 1}, {"a": 2}', "x.json"))
    assert found.values == [("1",), ("2",)]
    assert found.aside == [(3, "the file ends before its list of records does")]
    found = load(written(tmp_path, '[{"a": 1}, {"a": 2', "x.json"))
    assert found.values == [("1",)]
    assert found.aside == [(2, BROKEN)]


def test_text_after_the_list_is_set_aside(tmp_path: Path) -> None:
    """A second list behind the first isn't passed over."""
    found = load(written(tmp_path, '[{"a": 1}]\n[{"a": 2}]\n', "x.json"))
    assert found.values == [("1",)]
    assert found.aside == [(2, "text after the list of records")]
    assert found.quarantined[0]["raw"] == b'\n[{"a": 2}]\n'


def test_values_that_are_no_records(tmp_path: Path) -> None:
    """Numbers, lists, null and stray commas are set aside one by one; a comma that is missing is
    told in the notes."""
    found = load(written(tmp_path, '[1, [2], null,, {"a": 3} {"a": 4}, "x"]', "x.json"))
    assert found.values == [("3",), ("4",)]
    assert [row["raw"] for row in found.quarantined] == [b"1", b"[2]", b"null", b",", b'"x"']
    assert any("no comma" in note for note in found.report.notes)


@pytest.mark.parametrize("block", [1, 3, 16, 1 << 20])
def test_where_blocks_end_changes_nothing(tmp_path: Path, block: int) -> None:
    """Lines, places and rows are the same for blocks of any size, in UTF-8 and in UTF-16."""
    text = '[\r\n{"a": "é\\n"},\r\n{"a": "open},\r\n{"a": "中"}\r\n]'
    for encoding in ("utf-8", "utf-16"):
        content = text.encode(encoding)
        path = written(tmp_path, content, "x.json")
        found = load(path, limits=Limits(block=block, record=64, raw=64))
        assert found.values == [("é\n",), ("中",)]
        aside = found.quarantined[0]
        span = content[aside["byte_start"] : aside["byte_end"]]
        assert aside["raw"] == span
        assert span.decode(encoding.replace("utf-16", "utf-16-le")) == '{"a": "open},\r\n'


def test_a_record_over_the_limit_costs_itself(tmp_path: Path) -> None:
    """And the next is found again; a line of JSON lines is read past."""
    long = '{"a": "' + "x" * 500 + '"}'
    limits = Limits(block=64, record=100, raw=10)
    found = load(written(tmp_path, f'[\n{{"a": 1}},\n{long},\n{{"a": 2}}\n]', "x.json"),
                 limits=limits)  # fmt: skip
    assert found.values == [("1",), ("2",)]
    assert found.aside == [(2, "record over the size limit")]
    found = load(written(tmp_path, f'{{"a": 1}}\n{long}\n{{"a": 2}}\n', "x.jsonl"), limits=limits)
    assert found.values == [("1",), ("2",)]
    assert found.quarantined[0]["raw"] == b'{"a": "xxx'
    assert found.quarantined[0]["raw_cut"]


def test_a_schema_types_records_and_flags_what_it_does_not_know(tmp_path: Path) -> None:
    """A wrong value is nulled and flagged; a key of one record alone is flagged; one of most records
    is a column that the schema lacks, and refused, as is one that no record has."""
    wanted = schema({"name": "a", "type": "integer"}, {"name": "d", "type": "date"})
    records = '[{"a": 1, "d": "2024-01-31"}, {"a": "x", "d": null}, {"d": null, "slip": [1]}]'
    found = load(written(tmp_path, records, "x.json"), wanted)
    assert [row["a"] for row in found.accepted] == [1, None, None]
    assert found.marked == [
        (2, "a", "x", "not an integer"),
        (3, "slip", "[1]", "a key that the schema doesn't have"),
    ]
    with pytest.raises(SchemaInvalid, match="extra: b"):
        load(written(tmp_path, '[{"a": 1, "d": null, "b": 2}]', "x.json"), wanted)
    with pytest.raises(SchemaInvalid, match="missing: d"):
        load(written(tmp_path, '[{"a": 1}]', "x.json"), wanted)


def test_keys_without_end_are_refused(tmp_path: Path) -> None:
    """Values used as keys would make as many columns as records."""
    content = "\n".join(f'{{"k{n}": 1}}' for n in range(12))
    with pytest.raises(SchemaInvalid, match="over 10 different keys"):
        load(written(tmp_path, content, "x.jsonl"), limits=Limits(columns=10))


def feature(geometry: object, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_features_become_rows_with_their_geometry_and_its_reference_system(tmp_path: Path) -> None:
    """WGS 84 where nothing is said, else what the collection says; an id is a column of its own."""
    features = [
        {**feature({"type": "Point", "coordinates": [-1.25, 51.75]}, name="a"), "id": 7},
        feature(None, name="b", area=2.50),
    ]
    plain = {"type": "FeatureCollection", "features": features}
    found = load(written(tmp_path, json.dumps(plain), "x.geojson"))
    assert found.report.columns == ("feature_id", "name", "area", "geometry", "geometry_srs")
    assert found.values == [
        ("7", "a", None, "POINT (-1.25 51.75)", "OGC:CRS84"),
        (None, "b", "2.5", None, None),
    ]
    named = {
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
        **plain,
    }
    found = load(written(tmp_path, json.dumps(named), "x.geojson"))
    assert found.values[0][-1] == "EPSG:27700"


def test_what_is_no_feature_or_no_geometry(tmp_path: Path) -> None:
    """The first costs its record, the second its value alone, kept as it was written."""
    features = [{"type": "Point"}, feature({"type": "Point", "coordinates": ["x", 1]}, a=1)]
    content = json.dumps({"type": "FeatureCollection", "features": features})
    found = load(written(tmp_path, content, "x.geojson"))
    assert found.values == [("1", None, None)]
    assert found.aside == [(1, "not a GeoJSON feature")]
    assert found.marked[0][2] == '{"type":"Point","coordinates":["x",1]}'
    assert found.flags[0]["place"] == "$.features[1].geometry"
