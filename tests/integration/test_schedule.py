"""`oda schedule` as it is used: drop folders, web addresses and databases, week after week."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from openoda.custody.atomic import lock
from openoda.custody.workspace import Workspace
from openoda.office import schedule, schedule_run
from openoda.office.arrivals import Instructions
from openoda.vocabulary.datasets import DataClass, Dataset
from openoda.vocabulary.refusals import Misused
from tests.integration.command import assert_refused, oda
from tests.unit.sources.web_server import Site, serving

OPEN = Dataset("visits", DataClass.OPEN, "OGL v3", "a test")
PERSONAL = Dataset("visits", DataClass.PERSONAL)
NOW = schedule_run.Orders(settle=0)


def week(rows: int, kinds: str = "abc", header: str = "id,kind,fee", shift: int = 0) -> bytes:
    lines = [f"{n},{kinds[n % len(kinds)]},{(n * 7919) % 100 + shift}" for n in range(rows)]
    return "\n".join([header, *lines, ""]).encode()


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    (tmp_path / "drop").mkdir()
    return Workspace.create(tmp_path / "office")


def put(office: Workspace, name: str, content: bytes, age: int = 0) -> None:
    path = office.root.parent / "drop" / name
    path.write_bytes(content)
    at = path.stat().st_mtime - age
    os.utime(path, (at, at))


def add_drop(office: Workspace, dataset: Dataset = OPEN, how: Instructions | None = None) -> None:
    pattern = office.root.parent / "drop" / "visits-*.csv"
    schedule.add(office, "visits", str(pattern), dataset, how or Instructions())


def outcomes(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["outcome"] for entry in entries]


def test_the_same_bytes_are_never_taken_twice(office: Workspace) -> None:
    """A file is taken once, whatever it is called the second time, and however often one looks."""
    add_drop(office)
    assert outcomes(schedule_run.run(office, [], NOW)) == ["nothing new"]
    put(office, "visits-1.csv", week(300))
    assert outcomes(schedule_run.run(office, [], NOW)) == ["taken"]
    put(office, "visits-1-again.csv", week(300))
    assert outcomes(schedule_run.run(office, [], NOW)) == ["nothing new"]
    put(office, "visits-2.csv", week(301))
    assert outcomes(schedule_run.run(office, [], NOW)) == ["taken"]
    assert len(office.vault.snapshots("visits")) == 2
    assert outcomes(schedule.journal(office)) == ["taken", "taken"]


def test_what_was_taken_in_by_hand_is_known_too(office: Workspace) -> None:
    """The vault decides what is new, not the schedule's own memory, so that nothing can part them."""
    put(office, "visits-1.csv", week(300))
    from openoda.office import arrivals

    arrivals.load(office, [str(office.root.parent / "drop" / "visits-1.csv")], OPEN)
    add_drop(office)
    assert outcomes(schedule_run.run(office, [], NOW)) == ["nothing new"]


def test_files_come_in_the_order_they_were_written(office: Workspace) -> None:
    """Several weeks at once are several deliveries, the oldest first."""
    add_drop(office)
    put(office, "visits-b.csv", week(300), age=500)
    put(office, "visits-a.csv", week(310), age=100)
    entries = schedule_run.run(office, [], NOW)
    assert [entry["arrival"] for entry in entries] == ["visits-b.csv", "visits-a.csv"]


def test_a_file_still_being_written_is_left(office: Workspace) -> None:
    """What was changed a moment ago waits; hidden and half-uploaded files don't count at all."""
    add_drop(office)
    put(office, "visits-1.csv", week(300))
    put(office, "visits-2.csv.part", b"id,kind")
    put(office, ".visits-3.csv", b"id,kind")
    later = schedule_run.Orders(settle=3600)
    entries = schedule_run.run(office, [], later)
    assert outcomes(entries) == ["settling"]
    assert schedule.journal(office) == []
    put(office, "visits-1.csv", week(300), age=7200)
    assert outcomes(schedule_run.run(office, [], later)) == ["taken"]


def test_changed_columns_stop_the_source(office: Workspace) -> None:
    """Nothing of such a delivery, or of those after it, is taken until the change is accepted."""
    add_drop(office)
    put(office, "visits-1.csv", week(300), age=300)
    schedule_run.run(office, [], NOW)
    put(
        office,
        "visits-2.csv",
        week(300, header="id,Kind_,fee,extra").replace(b",9\n", b",9,x\n"),
        age=200,
    )
    put(office, "visits-3.csv", week(305), age=100)
    for _ in range(2):
        (entry,) = schedule_run.run(office, [], NOW)
        assert entry["outcome"] == "stopped"
        assert entry["schema"]["renamed"] == [["kind", "Kind_"]]
        assert entry["schema"]["added"] == ["extra"]
        assert "--accept-schema" in entry["remedy"]
        assert schedule_run.is_finding(entry)
    assert len(office.vault.snapshots("visits")) == 1
    assert outcomes(schedule.journal(office)) == ["taken", "stopped"]  # told once
    accepting = schedule_run.Orders(accept_schema=True, settle=0)
    assert outcomes(schedule_run.run(office, ["visits"], accepting)) == ["taken", "taken"]


def test_a_schema_file_is_copied_and_replaced(office: Workspace, tmp_path: Path) -> None:
    """The schema given first rules until another is given with the change it belongs to."""
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    fields = [
        {"name": "id", "type": "integer"},
        {"name": "kind"},
        {"name": "fee", "type": "integer"},
    ]
    first.write_text(json.dumps({"fields": fields}))
    second.write_text(json.dumps({"fields": [*fields, {"name": "more"}]}))
    add_drop(office, how=Instructions(schema=first))
    first.unlink()
    put(office, "visits-1.csv", week(10) + b"x,a,7\n", age=100)
    (entry,) = schedule_run.run(office, [], NOW)
    assert (entry["outcome"], entry["flagged_values"]) == ("taken", 1)
    put(office, "visits-2.csv", b"id,kind,fee,more\n1,a,2,b\n")
    assert outcomes(schedule_run.run(office, [], NOW)) == ["stopped"]
    accept = schedule_run.Orders(accept_schema=True, settle=0)
    (entry,) = schedule_run.run(office, ["visits"], accept)
    assert entry["outcome"] == "failed"  # the old schema file doesn't know the new column
    new = schedule_run.Orders(accept_schema=True, schema=second, settle=0)
    assert outcomes(schedule_run.run(office, ["visits"], new)) == ["taken"]


def test_drift_is_told_by_its_kind(office: Workspace) -> None:
    """Fewer rows, a category gone and one come, a range moved, and gaps: each is reported."""
    add_drop(office)
    put(office, "visits-1.csv", week(600), age=100)
    (first,) = schedule_run.run(office, [], NOW)
    assert first["drift"] == []
    gaps = week(400, kinds="abd", shift=90).replace(b"7,b,", b"7,,")
    put(office, "visits-2.csv", gaps)
    (second,) = schedule_run.run(office, [], NOW)
    codes = {(change["code"], change["column"]) for change in second["drift"]}
    assert codes >= {
        ("rows", ""),
        ("category-gone", "kind"),
        ("category-new", "kind"),
        ("range", "fee"),
    }
    assert schedule_run.is_finding(second)
    assert {code for code, _ in codes} <= set(schedule_run.thresholds())


def test_an_ordinary_week_is_no_finding(office: Workspace) -> None:
    """The same kind of rows, a few more of them, is nothing to look at."""
    add_drop(office)
    put(office, "visits-1.csv", week(600), age=100)
    put(office, "visits-2.csv", week(621))
    entries = schedule_run.run(office, [], NOW)
    assert outcomes(entries) == ["taken", "taken"]
    assert not any(schedule_run.is_finding(entry) for entry in entries)


def test_personal_data_are_compared_without_being_read(office: Workspace) -> None:
    """Columns and counts are compared; values aren't, that is said, and no read is in the audit log."""
    add_drop(office, PERSONAL)
    put(office, "visits-1.csv", week(600), age=100)
    put(office, "visits-2.csv", week(300, kinds="xyz"))
    _, second = schedule_run.run(office, [], NOW)
    assert [change["code"] for change in second["drift"]] == ["rows"]
    assert "no agreement" in second["note"]
    assert office.audit.entries("read") == []


def test_one_sources_trouble_is_its_own(office: Workspace, tmp_path: Path) -> None:
    """A folder that isn't there, a broken file, an absent server: the others go on all the same."""
    schedule.add(office, "absent", str(tmp_path / "nowhere" / "*.csv"), OPEN, Instructions())
    schedule.add(office, "broken", str(tmp_path / "drop" / "*.parquet"), OPEN, Instructions())
    put(office, "x.parquet", b"no parquet")
    add_drop(office)
    put(office, "visits-1.csv", week(5))
    entries = schedule_run.run(office, [], NOW)
    told = {entry["source"]: entry for entry in entries}
    assert {name: entry["outcome"] for name, entry in told.items()} == {
        "absent": "failed",
        "broken": "failed",
        "visits": "taken",
    }
    assert all(told[name]["remedy"] for name in ("absent", "broken"))


def test_two_runs_at_once(office: Workspace) -> None:
    """The second refuses and takes nothing."""
    add_drop(office)
    schedule_run.run(office, [], NOW)
    with lock(office.root / "schedule" / "run.lock"), pytest.raises(Misused, match="under way"):
        schedule_run.run(office, [], NOW)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(content=week(300)) as found:
        yield found


def test_a_web_address_is_asked_each_time(office: Workspace, site: Site) -> None:
    """Unchanged bytes are not taken again; nothing stays in the downloads."""
    schedule.add(office, "web", site.url("/visits.csv"), OPEN, Instructions())
    assert outcomes(schedule_run.run(office, [], NOW)) == ["taken"]
    assert outcomes(schedule_run.run(office, [], NOW)) == ["nothing new"]
    site.content, site.etag = week(300, header="id,kind,cost"), '"two"'
    assert outcomes(schedule_run.run(office, [], NOW)) == ["stopped"]
    assert not list((office.root / "downloads").rglob("*.csv"))


def test_a_secret_is_named_and_never_kept(
    office: Workspace, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A secret in the address is refused; a variable named in its place works, and alone is kept."""
    with pytest.raises(Misused, match="keeps no secrets"):
        schedule.add(office, "web", site.url("/visits.csv?token=Zx9-sesame"), OPEN, Instructions())
    with pytest.raises(Misused, match="keeps no secrets"):
        schedule.add(office, "web", site.url("/v.csv", user="u:Zx9-sesame@"), OPEN, Instructions())
    schedule.add(office, "web", site.url("/visits.csv?token=${VISITS_TOKEN}"), OPEN, Instructions())
    assert outcomes(schedule_run.run(office, [], NOW)) == ["failed"]
    monkeypatch.setenv("VISITS_TOKEN", "Zx9-sesame")
    assert outcomes(schedule_run.run(office, [], NOW)) == ["taken"]
    assert site.asked[-1][0] == "/visits.csv?token=Zx9-sesame"
    kept = b"".join(path.read_bytes() for path in office.root.rglob("*") if path.is_file())
    assert b"Zx9-sesame" not in kept
    assert b"${VISITS_TOKEN}" in kept


def test_a_table_is_taken_when_its_rows_change(office: Workspace, tmp_path: Path) -> None:
    """The rows' hash decides; a new column stops it; a query's columns are held likewise."""
    path = tmp_path / "x.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table visits (id integer primary key, kind text)")
        db.executemany("insert into visits values (?, 'a')", [(n,) for n in range(50)])
        db.commit()
        schedule.add(office, "table", f"sqlite:///{path}?table=visits", OPEN, Instructions())
        assert outcomes(schedule_run.run(office, [], NOW)) == ["taken"]
        assert outcomes(schedule_run.run(office, [], NOW)) == ["nothing new"]
        assert len(office.vault.snapshots()) == 1
        db.execute("update visits set kind = 'b' where id = 3")
        db.commit()
        assert outcomes(schedule_run.run(office, [], NOW)) == ["taken"]
        db.execute("alter table visits add column more")
        db.commit()
    (entry,) = schedule_run.run(office, [], NOW)
    assert (entry["outcome"], entry["schema"]["added"]) == ("stopped", ["more"])


@pytest.mark.parametrize(
    ("name", "place", "how"),
    [
        ("Upper", "x*.csv", Instructions()),
        ("../up", "x*.csv", Instructions()),
        ("x", "x*.csv", Instructions(query="select 1")),
        ("x", "sqlite:///x.db", Instructions()),
        ("x", "sqlite:///x.db?table=a", Instructions(query="select 1")),
        ("x", "postgresql://h/", Instructions()),
    ],
)
def test_what_cant_be_scheduled(
    office: Workspace, name: str, place: str, how: Instructions
) -> None:
    """Refused when it is added, not on a Monday night."""
    with pytest.raises(Misused):
        schedule.add(office, name, place, OPEN, how)
    assert schedule.listed(office) == []


def test_the_command_from_add_to_remove(tmp_path: Path) -> None:
    """Exit codes as everywhere: 0 done, 1 somebody should look, 2 refused; one JSON object each."""
    (tmp_path / "drop").mkdir()
    at = ("--workspace", "office")

    def run(*more: str) -> Any:
        return oda("schedule", "run", *more, "--settle", "0", *at, "--json", cwd=tmp_path)

    add = ("schedule", "add", "visits", "drop/*.csv", "--class", "open", *at)
    assert_refused(oda("schedule", "run", *at, cwd=tmp_path))
    assert_refused(oda("schedule", "add", "visits", "drop/*.csv", *at, cwd=tmp_path))
    assert oda(*add, cwd=tmp_path).code == 0
    assert_refused(oda(*add, "--json", cwd=tmp_path))
    (tmp_path / "drop" / "1.csv").write_bytes(week(100))
    first = run()
    assert (first.code, outcomes(first.answer["deliveries"])) == (0, ["taken"])
    (tmp_path / "drop" / "2.csv").write_bytes(week(50, header="id,kind,cost"))
    second = run()
    assert (second.code, second.answer["findings"]) == (1, True)
    assert_refused(run("--accept-schema"))
    assert_refused(run("no-such-source"))
    third = run("visits", "--accept-schema")
    assert (third.code, outcomes(third.answer["deliveries"])) == (1, ["taken"])
    listed = oda("schedule", "list", *at, "--json", cwd=tmp_path).answer["scheduled"]
    assert [(one["name"], one["last"]["outcome"]) for one in listed] == [("visits", "taken")]
    told = oda("schedule", "journal", "visits", *at, "--json", cwd=tmp_path).answer["journal"]
    assert outcomes(told) == ["taken", "stopped", "taken"]
    assert oda("schedule", "remove", "visits", *at, cwd=tmp_path).code == 0
    assert_refused(oda("schedule", "remove", "visits", *at, cwd=tmp_path))
    help_text = oda("schedule", "run", "--help", cwd=tmp_path).out
    assert all(word in help_text for word in ("cron", "systemd", "schtasks"))
