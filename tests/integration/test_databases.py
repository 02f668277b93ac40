"""Tables and queries of real servers through the office: every value, one moment, nothing secret."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pytest

from openoda.custody.workspace import Workspace
from openoda.data.databases import DatabaseAddress, Wanted, open_table
from openoda.governance.permits import permit_to_read
from openoda.office import arrivals
from openoda.office.intake import TakenIn
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.datasets import DataClass, Dataset
from openoda.vocabulary.refusals import Misused, Refusal, SourceUnavailable
from tests import servers
from tests.integration.command import assert_refused, oda
from tests.servers import PASSWORD, Server

OPEN = Dataset("things", DataClass.OPEN, "OGL v3", "a test")


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with servers.postgresql(tmp_path_factory.mktemp("pg")) as server:
        server.run(*POSTGRES_TABLES)
        yield server


@pytest.fixture(scope="module")
def maria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with servers.mariadb(tmp_path_factory.mktemp("maria")) as server:
        server.run(*MARIA_TABLES)
        yield server


@pytest.fixture(params=["postgres", "maria"])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("ODA_PASSWORD", PASSWORD)
    found: Server = request.getfixturevalue(request.param)
    return found


POSTGRES_TABLES = (
    '''create table things (id bigint, exact numeric, whole numeric(6,2), instant timestamptz,
       local timestamp, day date, clock time, raw bytea, doc jsonb, list int[], f8 float8, f4 real,
       cash money, flag boolean, word text, "Odd, ""name""" varchar(20), span interval, bits bit(4))''',
    """insert into things values (9007199254740993, 12345678901234567890.1234567890, 3.10,
       '2024-03-31 01:30:00.25+01', '2024-03-31 01:30:00.000001', '0044-03-15 BC', '23:59:60', '\\x00ff',
       '{"a": 1.10}', '{1,null}', 0.1, 3.14, 1234.5, true, 'Null', 'é,"', '1 day 2 hours', b'0101')""",
    "insert into things (id, word, local, f8) values (2, '', 'infinity', 'NaN')",
    "create table many as select n as id, rpad('row ' || n, 300) as name "
    "from generate_series(1, 50000) n",
    "create schema other",
    'create table other."Two.Parts" as select 7 as seven',
    "grant usage on schema other to reader",
    "grant select on all tables in schema public, other to reader",
    "create table hidden as select 1 as one",
)
POSTGRES_FIRST = {
    "id": "9007199254740993", "exact": "12345678901234567890.1234567890", "whole": "3.10",
    "instant": "2024-03-31T00:30:00.25+00:00", "local": "2024-03-31T01:30:00.000001",
    "day": "0044-03-15 BC", "clock": "24:00:00", "raw": "00ff", "doc": '{"a": 1.10}',
    "list": "{1,NULL}", "f8": "0.1", "f4": "3.14", "cash": "1234.50", "flag": "true",
    "word": "Null", 'Odd, "name"': 'é,"', "span": "P1DT2H", "bits": "0101",
}  # fmt: skip
MARIA_TABLES = (
    "set sql_mode = ''",
    """create table things (id bigint unsigned, exact decimal(40,10), padded int(5) zerofill,
       tiny tinyint(1), instant timestamp(6) null, local datetime(6), day date, clock time(1),
       raw varbinary(10), doc json, f8 double, f4 float, big float, flag bit(9), word varchar(20),
       `Odd, ``name` text character set latin1, kind enum('a', 'b'), nothing int) engine=innodb""",
    "set time_zone = '+00:00'",
    """insert into things values (18446744073709551615, 123456789012345678901234567890.123456789,
       42, 7, '2024-03-31 00:30:00.25', '2024-03-31 01:30:00.000001', '0000-00-00', '-838:59:59',
       x'00ff', '{"a": 1.10}', 0.1, 3.14, 16777217, b'100000001', 'Null', 'é,"', 'b', null)""",
    "insert into things (id, word) values (2, '')",
    "create table many (id int primary key, name varchar(300)) engine=innodb",
    "insert into many select seq, rpad(concat('row ', seq), 300, ' ') from seq_1_to_50000",
    "create table old (id int) engine=myisam",
    "create database other",
    "create table other.`Two.Parts` as select 7 as seven",
    "grant select on other.* to reader@'127.0.0.1'",
    "create database closed",
    "create table closed.hidden as select 1 as one",
)
MARIA_FIRST = {
    "id": "18446744073709551615", "exact": "123456789012345678901234567890.1234567890",
    "padded": "00042", "tiny": "7", "instant": "2024-03-31T00:30:00.250000Z",
    "local": "2024-03-31T01:30:00.000001", "day": "0000-00-00", "clock": "-838:59:59.0",
    "raw": "00ff", "doc": '{"a": 1.10}', "f8": "0.1", "f4": "3.14", "big": "16777216",
    "flag": "257", "word": "Null", "Odd, `name": 'é,"', "kind": "b", "nothing": None,
}  # fmt: skip


def take_in(workspace: Workspace, url: str, how: arrivals.Instructions | None = None) -> TakenIn:
    return arrivals.load(workspace, [url], OPEN, how)


def accepted(workspace: Workspace, done: TakenIn) -> pa.Table:
    permit = permit_to_read(OPEN, "to look at it in a test")
    return pa.Table.from_batches(workspace.vault.scan(done.snapshot, "accepted", permit, None))


def rows_of(workspace: Workspace, done: TakenIn) -> list[dict[str, object]]:
    added = ("source_file", "source_line")
    return [
        {name: value for name, value in row.items() if name not in added}
        for row in accepted(workspace, done).to_pylist()
    ]


def test_each_value_is_the_databases_own(server: Server, tmp_path: Path) -> None:
    """No type loses a digit, a zero, a zone or the difference between NULL and an empty text."""
    workspace = Workspace.create(tmp_path / "office")
    done = take_in(workspace, server.url(table="things"))
    first, second = rows_of(workspace, done)
    assert first == (POSTGRES_FIRST if "postgresql" in server.base else MARIA_FIRST)
    assert second["word"] == ""
    assert second["exact"] is None
    report = done.reports[0][1]
    assert (report.rows_in, report.accepted, report.quarantined, report.flagged_values) == (
        2,
        2,
        0,
        0,
    )


def test_rows_are_typed_by_the_schema_and_bad_values_flagged(
    server: Server, tmp_path: Path
) -> None:
    """A value that doesn't fit its type is null and flagged with its text; its row stays."""
    fields = [{"name": "id", "type": "integer"}, {"name": "word", "type": "integer"}]
    schema = TableSchema.from_descriptor({"fields": fields})
    address = DatabaseAddress.parse(server.url())
    with open_table(address, Wanted(query="select id, word from things"), schema) as delivery:
        (batch,) = delivery
    big = "postgresql" not in server.base  # an unsigned 64-bit number doesn't fit either
    assert batch.accepted["id"].to_pylist() == [None if big else 9007199254740993, 2]
    assert batch.accepted["word"].to_pylist() == [None, None]
    flags = [(flag["column"], flag["raw"], flag["source_line"]) for flag in batch.flags.to_pylist()]
    assert flags == [("id", "18446744073709551615", 1)] * big + [("word", "Null", 1)]
    assert delivery.report.rows_in == 2


def test_instants_type_without_a_pattern(server: Server, tmp_path: Path) -> None:
    """A moment with a zone arrives as Table Schema's own form of a datetime."""
    schema = TableSchema.from_descriptor({"fields": [{"name": "instant", "type": "datetime"}]})
    wanted = Wanted(query="select instant from things where instant is not null")
    with open_table(DatabaseAddress.parse(server.url()), wanted, schema) as delivery:
        (batch,) = delivery
    assert batch.accepted["instant"][0].as_py().isoformat() == "2024-03-31T00:30:00.250000+00:00"


def test_a_table_is_read_as_it_was_at_one_moment(server: Server, tmp_path: Path) -> None:
    """Rows written and deleted by others while it is read change nothing of what is read."""
    address = DatabaseAddress.parse(server.url())
    with open_table(address, Wanted(("many",))) as delivery:
        batches = iter(delivery)
        rows = next(batches).accepted.num_rows
        writer = threading.Thread(
            target=server.run,
            args=(
                "update many set name = 'changed' where id > 40000",
                "delete from many where id = 1",
            ),
        )
        writer.start()
        writer.join(30)
        assert not writer.is_alive(), "a reader must not lock out those who write"
        last = None
        for batch in batches:
            rows += batch.accepted.num_rows
            last = batch
    assert rows == delivery.report.rows_in == 50000
    assert last is not None
    assert last.accepted["name"][-1].as_py().rstrip() == "row 50000"
    server.run("delete from many", _refill(server))


def _refill(server: Server) -> str:
    if "postgresql" in server.base:
        return "insert into many select n, rpad('row ' || n, 300) from generate_series(1, 50000) n"
    return "insert into many select seq, rpad(concat('row ', seq), 300, ' ') from seq_1_to_50000"


def test_the_same_rows_have_the_same_hash(server: Server, tmp_path: Path) -> None:
    """A table taken in twice gives one hash; one changed value gives another."""
    workspace = Workspace.create(tmp_path / "office")
    url = server.url(table="many")
    one, two = (take_in(workspace, url).reports[0][1].sha256 for _ in range(2))
    server.run("update many set name = 'Row 7' where id = 7")
    assert one == two != take_in(workspace, url).reports[0][1].sha256
    server.run("update many set name = 'row 7' where id = 7")


WRITES = (
    "delete from many",
    "with gone as (select 1) delete from many",
    "select 1 as a; delete from many",
    "select 1 as a) q; delete from many; select * from (select 1 as a",
    "select * from many for update",
    "with gone as (delete from many returning *) select * from gone",
    "select nextval('counter') as n",
    "select 1 as a into outfile '/tmp/openoda-must-not-be'",
)


@pytest.mark.parametrize("query", WRITES)
def test_nothing_is_ever_written(server: Server, query: str) -> None:
    """Every way of writing by a query is refused, even where the user may write."""
    admin = server.base.replace("reader@", "root@" if "mysql" in server.base else "postgres@")
    if "postgresql" in server.base:
        server.run("create sequence if not exists counter")
    address = DatabaseAddress.parse(admin).with_password("")
    with (
        pytest.raises(Refusal) as refusal,
        open_table(address, Wanted.parse("", query)) as delivery,
    ):
        list(delivery)
    assert "many" not in str(refusal.value)
    with server.admin.cursor() as cursor:
        cursor.execute("select count(*) from many")
        assert cursor.fetchone()[0] == 50000


@pytest.mark.parametrize(
    ("how", "kind", "said"),
    [
        ({"table": "nowhere"}, Misused, "no such table"),
        ({"query": "select nope from many"}, Misused, "isn't there"),
        ({"query": "select form many"}, Misused, "isn't there|can't read"),
        ({"query": "select id, id from many"}, Refusal, "twice|can't read"),
        ({"table": "closed"}, Refusal, "may not|no such table"),
    ],
)
def test_what_is_not_there_is_said(
    server: Server, how: dict[str, str], kind: type[Refusal], said: str
) -> None:
    """Each way of asking for the wrong thing is refused in words of its own, with the code."""
    asked = dict(how)
    if asked.get("table") == "closed":
        asked["table"] = "hidden" if "postgresql" in server.base else "closed.hidden"
    wanted = Wanted.parse(asked.get("table", ""), asked.get("query", ""))
    with (
        pytest.raises(kind, match=said),
        open_table(DatabaseAddress.parse(server.url()), wanted) as it,
    ):
        list(it)


def test_a_table_of_another_schema_with_a_dot_in_its_name(server: Server) -> None:
    """Double quotes keep a dot in one part of a name."""
    with open_table(
        DatabaseAddress.parse(server.url()), Wanted.parse('other."Two.Parts"', "")
    ) as delivery:
        (batch,) = delivery
    assert batch.accepted["seven"].to_pylist() == ["7"]


def test_without_a_table_the_names_are_listed(server: Server) -> None:
    """Who names no table is told which there are."""
    with pytest.raises(Misused) as refusal:
        arrivals.database(server.url(), arrivals.Instructions())
    assert "many" in refusal.value.remedy
    assert "things" in refusal.value.remedy


def test_a_password_that_is_asked_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is asked is told of what, and the answer opens the database; none given, it stays shut."""
    monkeypatch.delenv("ODA_PASSWORD")
    asked: list[str] = []

    def answer(place: str) -> str:
        asked.append(place)
        return PASSWORD

    how = arrivals.Instructions(table="many", ask_password=answer)
    address, wanted = arrivals.database(server.url(), how)
    with open_table(address, wanted) as delivery:
        assert sum(batch.accepted.num_rows for batch in delivery) == 50000
    assert asked == [address.shown]
    with pytest.raises(SourceUnavailable, match="user or password"):
        open_table(DatabaseAddress.parse(server.url()), wanted)


@pytest.mark.parametrize("mode", ["require", "verify-full"])
def test_encryption_that_was_asked_for_is_had_or_refused(server: Server, mode: str) -> None:
    """A server without TLS gets nothing, not even a login, where TLS was asked for."""
    url = server.url(sslmode=mode)
    if "postgresql" in url:
        url = "postgresql://reader@127.0.0.1:1/office?sslmode=" + mode  # its socket needs no TLS
    with pytest.raises(SourceUnavailable, match=r"can't be encrypted|doesn't answer"):
        open_table(DatabaseAddress.parse(url), Wanted(("many",)))


def test_storage_without_transactions_is_said(
    maria: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A MyISAM table can't be read as at one moment, and the report says so."""
    monkeypatch.setenv("ODA_PASSWORD", PASSWORD)
    with open_table(DatabaseAddress.parse(maria.url()), Wanted(("old",))) as delivery:
        assert list(delivery) == []
    assert any("MyISAM" in note for note in delivery.report.notes)


def test_a_connection_that_breaks_keeps_nothing(server: Server, tmp_path: Path) -> None:
    """A server that ends the connection midway costs the whole delivery, said as such."""
    workspace = Workspace.create(tmp_path / "office")
    kill = (
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'reader'"
        if "postgresql" in server.base
        else "kill user reader@'127.0.0.1'"
    )
    query = "select a.id, b.name from many a cross join many b"  # more than any buffer holds
    address = DatabaseAddress.parse(server.url())
    with open_table(address, Wanted(query=query)) as delivery:
        batches = iter(delivery)
        next(batches)
        server.run(kill)
        with pytest.raises(SourceUnavailable, match="broke off"):
            list(batches)
    assert workspace.vault.snapshots() == []


def everything_in(folder: Path) -> bytes:
    return b"\0".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_no_secret_is_shown_or_kept(server: Server, tmp_path: Path) -> None:
    """A password, right or wrong, in the address or the environment, is in no output and no file."""
    office = tmp_path / "office"
    wrong = "Wr0ng-horse battery/staple"
    plain = ("--class", "open", "--workspace", "office", "--dataset", "things")
    from_env = {"ODA_PASSWORD": PASSWORD}
    table = ("--table", "things")
    ran = [
        oda("intake", server.base, *table, *plain, cwd=tmp_path, env=from_env),
        oda("intake", server.base, *table, *plain, "--json", cwd=tmp_path, env=from_env),
        oda(
            "intake",
            server.with_password(PASSWORD),
            *table,
            *plain,
            "--json",
            cwd=tmp_path,
            env={"ODA_PASSWORD": ""},
        ),
        oda("intake", server.with_password(wrong), *table, *plain, "--json", cwd=tmp_path),
        oda("intake", server.base, *table, *plain, cwd=tmp_path, env={"ODA_PASSWORD": wrong}),
        oda("intake", server.with_password(wrong), "--table", "nope", *plain, cwd=tmp_path),
        oda("intake", server.with_password(wrong) + "&x=1", *table, *plain, cwd=tmp_path),
        oda(
            "intake",
            server.base.replace("reader@", f"reader:{wrong}@"),
            *table,
            *plain,
            cwd=tmp_path,
        ),
        oda("audit", "--workspace", "office", "--json", cwd=tmp_path),
        oda("datasets", "--workspace", "office", "--json", cwd=tmp_path),
    ]
    assert [one.code for one in ran] == [0, 0, 0, 2, 2, 2, 2, 2, 0, 0], [one.told for one in ran]
    for one in ran[3:8]:
        assert_refused(one)
    assert "password stands in the address" in ran[2].err
    kept = everything_in(office) + everything_in(tmp_path / "scratch")
    for secret in (PASSWORD, wrong):
        for text in (secret, quote(secret), secret.split("-")[0]):
            assert all(text not in one.out + one.err for one in ran), text
            assert text.encode() not in kept
    assert b"reader@" in kept
