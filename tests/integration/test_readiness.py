"""`oda readiness measure` and `oda readiness compare`, as two parties use them on files of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
import pytest

from tests.integration.command import Ran, assert_refused, oda, oda_many

AS_AT = ("--as-at", "2026-04-01")
HOUSING = (
    "--map", "name=name", "--map", "date_of_birth=dob", "--map", "uprn=uprn",
    "--map", "phone=contact_tel", "--map", "address=address",
)  # fmt: skip
SURGERY = (
    "--map", "forename=given_name", "--map", "surname=family_name", "--map", "date_of_birth=dob",
    "--map", "postcode=postcode", "--map", "phone=mobile", "--map", "address=address_line_1",
)  # fmt: skip
PUPILS = (
    "--map", "forename=forename", "--map", "surname=legal_surname", "--map", "postcode=postcode",
    "--map", "date_of_birth=date_of_birth", "--map", "address=address",
)  # fmt: skip
ALONE = "Quezalcoatl"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a city's extracts as CSV, and the truth beside them."""
    root = tmp_path_factory.mktemp("readiness")
    made = oda("synthetic", "city", "--people", "10000", "--seed", "5", "--out", "made", cwd=root)
    assert made.code == 0, made.told
    for name in ("housing", "gp_patients", "schools"):
        table = pq.read_table(root / "made" / "extracts" / f"{name}.synthetic.parquet")
        csv.write_csv(table, root / f"{name}.csv")
    return root


def measured(folder: Path, file: str, fields: tuple[str, ...], *more: str) -> Ran:
    """One party measures its file."""
    return oda(
        "readiness", "measure", file, "--class", "synthetic", *fields, *AS_AT,
        "--workspace", "office", *more, cwd=folder,
    )  # fmt: skip


@pytest.fixture(scope="module")
def parties(city: Path) -> dict[str, Ran]:
    """Three parties have measured: statistics lie in NAME.json."""
    fields = {"housing": HOUSING, "gp_patients": SURGERY, "schools": PUPILS}
    return {
        name: measured(city, f"{name}.csv", mapped, "--out", f"{name}.json", "--json")
        for name, mapped in fields.items()
    }


def people_in_common(city: Path, first: str, second: str) -> int:
    """How many of the first's records are of people whom the second has."""
    truth = pq.read_table(city / "made" / "truth" / "records.synthetic.parquet").to_pandas()
    theirs = set(truth.loc[truth.agency == second, "person_id"])
    ours = truth[truth.agency == first]
    return int(ours.person_id.isin(theirs).sum())


def plain(names: Any) -> Any:
    """Names in capitals without accents, hyphens and apostrophes."""
    ascii_only = names.str.normalize("NFKD").str.encode("ascii", "ignore").str.decode("ascii")
    return ascii_only.str.upper().str.replace(r"[^A-Z ]", "", regex=True)


def linked_share(city: Path, names: tuple[str, str]) -> float:
    """The share of the first's common records that plain rules link, without our own code.

    Forename, surname and date of birth agree, or two of them and the postcode.
    """
    truth = pq.read_table(city / "made" / "truth" / "records.synthetic.parquet").to_pandas()
    sides = []
    for name, key in zip(names, ("patient_id", "record_ref"), strict=True):
        table = pq.read_table(city / "made" / "extracts" / f"{name}.synthetic.parquet").to_pandas()
        own = truth[truth.agency == name].set_index("record").person_id
        table["person"] = own.loc[table[key]].to_numpy()
        sides.append(table)
    surgery, school = sides
    surgery["born"] = surgery.dob
    school["born"] = school.date_of_birth.str.replace(r"(..)/(..)/(....)", r"\3\2\1", regex=True)
    names = ((surgery, "given_name", "family_name"), (school, "forename", "legal_surname"))
    for table, first, last in names:
        table["first"], table["last"] = plain(table[first]), plain(table[last])
        table["first"] = table["first"].str.split().str[0]
        table["code"] = table.postcode.str.upper().str.replace(" ", "")
    found: set[str] = set()
    common = surgery[surgery.person.isin(set(school.person))]
    for keys in (["first", "last", "born"], ["last", "born", "code"], ["first", "born", "code"],
                 ["first", "last", "code"]):  # fmt: skip
        both = common.dropna(subset=keys).merge(school.dropna(subset=keys), on=[*keys, "person"])
        found |= set(both.patient_id)
    return len(found) / len(common)


def test_two_parties_measure_exchange_and_compare(city: Path, parties: dict[str, Ran]) -> None:
    """Proves the whole way on files: the forecast is within five points of what plain rules link."""
    for ran in parties.values():
        assert ran.code == 0, ran.told
    common = people_in_common(city, "gp_patients", "schools")
    rules = city / "rules.toml"
    sets = (
        ["forename", "surname", "date_of_birth"], ["surname", "date_of_birth", "postcode"],
        ["forename", "date_of_birth", "postcode"], ["forename", "surname", "postcode"],
    )  # fmt: skip
    rules.write_text("".join(f"[[rule]]\nfields = {json.dumps(one)}\n" for one in sets))
    ran = oda(
        "readiness", "compare", "gp_patients.json", "schools.json", "--common", common,
        "--rules", "rules.toml", "--json", cwd=city,
    )  # fmt: skip
    assert ran.code == 0, ran.told
    assert ran.answer["label"] == "projected"
    realised = linked_share(city, ("gp_patients", "schools"))
    assert abs(ran.answer["recall"] - realised) <= 0.05, (ran.answer["recall"], realised)
    assert ran.answer["low"] <= ran.answer["recall"] <= ran.answer["high"]
    assert [one["won"] for one in ran.answer["limits"]] == sorted(
        (one["won"] for one in ran.answer["limits"]), reverse=True
    )


def test_the_answer_is_what_was_written(city: Path, parties: dict[str, Ran]) -> None:
    """Proves that the file to share is the answer without what is local, and nothing is stored."""
    answer = parties["housing"].answer
    written = json.loads((city / "housing.json").read_text(encoding="utf-8"))
    own = {"workspace", "temporary", "written", "all_read"}
    assert written == {key: value for key, value in answer.items() if key not in own}
    assert answer["all_read"] is True
    listed = oda("datasets", "--workspace", "office", "--json", cwd=city)
    assert listed.answer["datasets"] == []
    log = oda("audit", "--workspace", "office", "--json", cwd=city)
    assert "readiness" in log.out, log.told


def test_the_screens_can_be_read(city: Path, parties: dict[str, Ran]) -> None:
    """Proves what a data protection officer reads: shares by field, what is shared, what limits, what
    can't be known; and that progress is on the other stream."""
    plain = measured(city, "housing.csv", HOUSING)
    assert plain.code == 0, plain.told
    for said in ("Linking field", "date of birth", "missing 80", "to the nearest five", "--out"):
        assert said in plain.out, plain.told
    assert "Looking for people who are in twice …" in plain.err
    assert "…" not in plain.out
    ran = oda("readiness", "compare", "housing.json", "gp_patients.json", "--common", 900, cwd=city)
    assert ran.code == 0, ran.told
    for said in (
        "would link",
        "95%",
        "projected",
        "no gaps in",
        "What the statistics don't show",
        "Who is common",
    ):
        assert said in " ".join(ran.out.split()), ran.told
    assert "nhs_number" not in ran.out


def test_a_value_that_one_record_has_is_nowhere(city: Path, parties: dict[str, Ran]) -> None:
    """Proves that a name planted once, and a fault that nine records have, can't be read from the file
    to share nor from the screen."""
    table = pq.read_table(city / "made" / "extracts" / "schools.synthetic.parquet").slice(0, 2_000)
    columns = {name: table[name].to_pylist() for name in table.column_names}
    columns["forename"][0], columns["legal_surname"][0] = ALONE, ALONE
    columns["date_of_birth"][:9] = ["31/02/2012"] * 9
    csv.write_csv(pa.table(columns), city / "planted.csv")
    ran = measured(city, "planted.csv", PUPILS, "--out", "planted.json")
    assert ran.code == 0, ran.told
    written = (city / "planted.json").read_text(encoding="utf-8")
    assert ALONE.lower() not in (written + ran.out).lower()
    assert json.loads(written)["fields"]["date_of_birth"]["unusable"]["impossible-date"] is None


def test_a_quarantined_record_is_a_finding(city: Path) -> None:
    """Proves that a file with one record that can't be read ends with 1, its count hidden, yet told."""
    text = (city / "schools.csv").read_text(encoding="utf-8").splitlines()
    (city / "short.csv").write_text(
        "\n".join([*text[:500], "a,b", *text[500:600]]), encoding="utf-8"
    )
    ran = measured(city, "short.csv", PUPILS, "--json")
    assert ran.code == 1, ran.told
    assert (ran.answer["all_read"], ran.answer["quarantined"]) == (False, None)


@pytest.fixture(scope="module")
def refusals(city: Path, parties: dict[str, Ran]) -> dict[str, Ran]:
    """Misuses, each in the folder of statistics."""
    few = (city / "schools.csv").read_text(encoding="utf-8").splitlines()[:8]
    (city / "few.csv").write_text("\n".join(few), encoding="utf-8")
    (city / "none.json").write_text("{}", encoding="utf-8")
    at = [str(city / f"{name}.json") for name in ("housing", "gp_patients", "none")]
    schools, few_file = str(city / "schools.csv"), str(city / "few.csv")
    pupil = ("--class", "synthetic", "--map", "surname=legal_surname")
    return oda_many(
        {
            "no class": ("readiness", "measure", schools, "--map", "surname=legal_surname"),
            "no field": ("readiness", "measure", schools, "--class", "synthetic", "--json"),
            "no such field": ("readiness", "measure", schools, "--class", "synthetic", "--map", "a=b"),
            "no such column": (
                "readiness", "measure", schools, "--class", "synthetic", "--map", "surname=nope",
            ),
            "few records": ("readiness", "measure", few_file, *pupil, "--json"),
            "out is there": ("readiness", "measure", schools, *pupil, "--out", at[0]),
            "out has no folder": ("readiness", "measure", schools, *pupil, "--out", "a/b.json"),
            "no such dataset": ("readiness", "measure", "nobody", *pupil),
            "odd day": ("readiness", "measure", schools, *pupil, "--as-at", "soon"),
            "no number": ("readiness", "compare", at[0], at[1]),
            "none in common": ("readiness", "compare", at[0], at[1], "--common", "0", "--json"),
            "more than there are": ("readiness", "compare", at[0], at[1], "--common", "9000000"),
            "no statistics": ("readiness", "compare", at[0], at[2], "--common", "100", "--json"),
            "no file": ("readiness", "compare", at[0], "nowhere.json", "--common", "100"),
            "odd rules": (
                "readiness", "compare", at[0], at[1], "--common", "100", "--rules", at[2], "--json",
            ),
        },
        city / "refused",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no class", "--class"), ("no field", "--map"), ("no such field", "surname"),
        ("no such column", "legal_surname"), ("few records", "ten"), ("out is there", "--out"),
        ("out has no folder", "can't be written"), ("no such dataset", "nobody"),
        ("odd day", "--as-at"), ("no number", "--common"), ("none in common", "--common"),
        ("more than there are", "9000000"), ("no statistics", "none.json"),
        ("no file", "nowhere.json"), ("odd rules", "none.json"),
    ],
)  # fmt: skip
def test_misuse_is_refused_with_a_remedy(refusals: dict[str, Ran], name: str, says: str) -> None:
    """Proves that each ends with 2 and two lines that name what is wrong."""
    assert_refused(refusals[name])
    assert says in " ".join(refusals[name].err.split()), refusals[name].told


def test_nothing_is_written_where_it_was_refused(city: Path, refusals: dict[str, Ran]) -> None:
    """Proves that statistics that are there are not written over."""
    assert refusals["out is there"].code == 2
    assert json.loads((city / "housing.json").read_text(encoding="utf-8"))["dataset"] == "housing"


def test_help_shows_how_it_is_used(tmp_path: Path) -> None:
    """Proves that each of the two commands shows an example of itself and offers --json."""
    for name in ("measure", "compare"):
        ran = oda("readiness", name, "--help", cwd=tmp_path)
        assert ran.code == 0, ran.told
        assert f"Example: oda readiness {name}" in ran.out, ran.told
        assert "--json" in ran.out, ran.told
