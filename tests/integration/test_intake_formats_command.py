"""Every format through the commands: propose, keep the schema file, take the deliveries in."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tests.generative.format_corpus import MAKERS
from tests.integration.command import assert_no_fault, assert_refused, oda
from tests.real_data import real_data
from tests.spec.test_intake_other_formats import archive

OPTIONS = ("--class", "synthetic", "--workspace", "office", "--json")


@pytest.mark.parametrize("form", [form for form in MAKERS if form != "zip"])
def test_each_format_is_proposed_and_taken_in(tmp_path: Path, form: str) -> None:
    """Proves the walk of an analyst: look, keep the schema file, load; and that the sums are right."""
    for seed in range(20, 60):
        name, content, _ = MAKERS[form](random.Random(seed))
        (tmp_path / name).write_bytes(content)
        looked = oda("propose", name, "--class", "synthetic", "--out", f"{seed}.json", "--json",
                     cwd=tmp_path)  # fmt: skip
        assert_no_fault(looked)
        if looked.code != 2 and looked.answer["rows"] > 2:
            break
    ran = oda("intake", name, "--schema", f"{seed}.json", *OPTIONS, cwd=tmp_path)
    assert ran.code in (0, 1), ran.told
    answer = ran.answer
    assert {"rows_in", "accepted", "quarantined", "flagged_values", "problems", "sha256"} <= set(
        answer
    )
    assert answer["rows_in"] == answer["accepted"] + answer["quarantined"] > 0
    assert (ran.code == 1) == bool(answer["quarantined"] or answer["flagged_values"])


def test_oxfords_register_by_its_proposal(tmp_path: Path) -> None:
    """Proves on a real file with bare CR line ends: 3,211 rows, dates and counts typed, none lost."""
    file = real_data("hmo/oxford_hmo_register_2018.csv")
    looked = oda("propose", file, "--class", "open", "--out", "s.json", "--json", cwd=tmp_path)
    assert looked.code == 0, looked.told
    kinds = [column["type"] for column in looked.answer["columns"]]
    assert kinds == ["string", "string", "integer", "integer", "date", "date"]
    ran = oda("intake", file, "--schema", "s.json", "--class", "open", "--json", cwd=tmp_path)
    assert ran.code == 0, ran.told
    assert (ran.answer["rows_in"], ran.answer["accepted"]) == (3_211, 3_211)


def test_examples_of_personal_data_are_shown_only_when_asked_for(tmp_path: Path) -> None:
    """Proves that neither the screen nor the schema file holds a value by default."""
    (tmp_path / "x.csv").write_text("id,name\n1,Secret\n2,Secret\n", encoding="utf-8")
    for options in ((), ("--class", "personal"), ("--class", "personal", "--json")):
        ran = oda("propose", "x.csv", *options, cwd=tmp_path)
        assert ran.code == 0, ran.told
        assert "Secret" not in ran.out + ran.err
    ran = oda("propose", "x.csv", "--out", "kept.json", cwd=tmp_path)
    assert "Secret" not in (tmp_path / "kept.json").read_text(encoding="utf-8")
    for options in (("--class", "open"), ("--show-values",)):
        assert "Secret" in oda("propose", "x.csv", *options, cwd=tmp_path).out


def test_an_analysts_schema_file_is_never_written_over(tmp_path: Path) -> None:
    """Proves that corrections made by hand survive a second proposal."""
    (tmp_path / "x.csv").write_text("id\n1\n", encoding="utf-8")
    (tmp_path / "kept.json").write_text("mine", encoding="utf-8")
    assert_refused(oda("propose", "x.csv", "--out", "kept.json", cwd=tmp_path))
    assert (tmp_path / "kept.json").read_text(encoding="utf-8") == "mine"


def test_what_is_told_beside_the_schema_file_overrules_it(tmp_path: Path) -> None:
    """Proves that encoding and table can be given without a schema file at all."""
    archive(tmp_path / "x.zip", {"a.csv": "id,n\n1,Zoë\n".encode("cp1252"), "b.csv": b"other\n1\n"})
    refused = oda("intake", "x.zip", *OPTIONS, cwd=tmp_path)
    assert_refused(refused)
    ran = oda("intake", "x.zip", "--table", "a.csv", "--encoding", "cp1252", *OPTIONS, cwd=tmp_path)
    assert ran.code == 0, ran.told
    assert ran.answer["files"][0]["encoding"] == "cp1252"
    assert ran.answer["accepted"] == 1


def test_the_remedy_of_a_refusal_names_the_command(tmp_path: Path) -> None:
    """Proves that who doesn't know how a file is written is told what to run."""
    (tmp_path / "x.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    (tmp_path / "x.json").write_text(json.dumps({"rows": [{"a": 1}]}), encoding="utf-8")
    (tmp_path / "x.dat").write_text("a b\n", encoding="utf-8")
    for name in ("x.csv", "x.json", "x.dat"):
        ran = oda("intake", name, *OPTIONS, cwd=tmp_path)
        assert_refused(ran)
        assert f"oda propose {name}" in ran.answer["refused"]["remedy"]


def test_rows_say_which_member_they_are_from(tmp_path: Path) -> None:
    """Proves that problems of an archive name the member."""
    archive(tmp_path / "x.zip", {"a.csv": b"id,n\n1,x\n2\n", "b.csv": b"id,n\n3,y\n"})
    ran = oda("intake", "x.zip", *OPTIONS, cwd=tmp_path)
    assert ran.code == 1, ran.told
    assert [problem["part"] for problem in ran.answer["problems"]] == ["a.csv"]
    shown = oda("intake", "x.zip", *OPTIONS[:-1], cwd=tmp_path)
    assert "of a.csv" in shown.out
