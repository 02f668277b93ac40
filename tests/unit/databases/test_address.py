"""Addresses of databases: taken apart, shown and kept without what is secret in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoda.data.databases import DatabaseAddress, Wanted, is_database
from openoda.data.databases.sqlserver import must_stay_inside
from openoda.data.databases.wanted import quoted
from openoda.data.secrecy import filled_in, holds_secret, shown_url
from openoda.vocabulary.refusals import Misused, Refusal

SECRET = "Zx9-sesame"


def test_a_url_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part lands in its place, the password where nothing shows it."""
    monkeypatch.delenv("ODA_PASSWORD", raising=False)
    url = "postgres://a%40b:Zx9-sesame@[::1]:6000/my%20base?table=s.t&sslmode=require"
    found = DatabaseAddress.parse(url)
    assert (found.engine, found.host, found.port) == ("postgresql", "::1", 6000)
    assert (found.user, found.database, found.table) == ("a@b", "my base", "s.t")
    assert found.options == {"sslmode": "require"}
    assert found.password.reveal() == SECRET
    assert found.password_in_url
    assert SECRET not in repr(found) + str(found) + found.shown
    assert found.shown == "postgresql://a%40b@[::1]:6000/my base"


def test_the_environment_gives_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """ODA_PASSWORD serves where the URL has none, and isn't blamed on the URL."""
    monkeypatch.setenv("ODA_PASSWORD", SECRET)
    found = DatabaseAddress.parse("mariadb://u@host/db")
    assert (found.engine, found.password.reveal(), found.password_in_url) == (
        "mysql",
        SECRET,
        False,
    )


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:Zx9-se/same@host/db",
        "postgresql://u:Zx9-se#same@host/db",
        "postgresql://u:Zx9-se?same@host/db",
        "postgresql://u:Zx9-se@same@host/db",
        "postgresql://u:Zx9-sesame@host:port/db",
        "postgresql://u:Zx9-sesame@[host/db",
        "postgresql://u:Zx9-sesame@host/",
        "postgresql://u:Zx9-sesame@host/db?tabel=x",
        "postgresql://host/db?password=Zx9-sesame&sslmod=x",
        "sqlite://u:Zx9-sesame@host/db",
        "mysql://u:Zx9-sesame@host/db#part",
    ],
)
def test_no_refusal_of_an_address_shows_its_password(url: str) -> None:
    """However wrongly an address is written, its refusal doesn't quote the secret."""
    with pytest.raises(Misused) as refusal:
        DatabaseAddress.parse(url)
    assert "Zx9" not in str(refusal.value)
    assert "same" not in str(refusal.value)


@given(
    st.text(min_size=4, max_size=30), st.sampled_from(["postgresql", "mysql", "https", "oracle"])
)
def test_whatever_the_password_it_is_not_shown(text: str, scheme: str) -> None:
    """A password of any characters, encoded or not, is never in what is shown, nor in a refusal."""
    secret = f"<<{text}>>"
    try:
        shown = shown_url(f"{scheme}://user:{secret}@host.example/base?x=1")
    except Refusal as refusal:
        shown = str(refusal)
    assert secret not in shown
    assert "<<" not in shown


@pytest.mark.parametrize(
    ("url", "shown", "secret"),
    [
        ("https://h/f.csv?token=Zx9&year=2026", "https://h/f.csv?token=***&year=2026", True),
        ("https://h/f.csv?X-Amz-Signature=Zx9", "https://h/f.csv?X-Amz-Signature=***", True),
        ("https://h/f.csv?sig=Zx9&se=2027", "https://h/f.csv?sig=***&se=***", True),
        ("https://h/f.csv?token=${MY_TOKEN}", "https://h/f.csv?token=${MY_TOKEN}", False),
        ("https://u:${PW}@h/f.csv", "https://u@h/f.csv", False),
        ("https://u:Zx9@h/f.csv", "https://u@h/f.csv", True),
        ("https://h/f.csv?year=2026#top", "https://h/f.csv?year=2026", False),
    ],
)
def test_what_a_web_address_shows(url: str, shown: str, secret: bool) -> None:
    """Telling parameters are hidden; a name of a variable is no secret."""
    assert shown_url(url) == shown
    assert holds_secret(url) is secret


def test_variables_are_filled_in_encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable's value can't change the address around it; an unset one is named."""
    monkeypatch.setenv("MY_SECRET", "a/b@c?d")
    assert filled_in("https://u:${MY_SECRET}@h/f") == "https://u:a%2Fb%40c%3Fd@h/f"
    with pytest.raises(Misused, match="NOT_SET_HERE"):
        filled_in("https://h/f?token=${NOT_SET_HERE}")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("people", ("people",)),
        ("s.people", ("s", "people")),
        ('s."odd.name"', ("s", "odd.name")),
        ('"a ""quoted"" one"', ('a "quoted" one',)),
    ],
)
def test_a_tables_name(text: str, parts: tuple[str, ...]) -> None:
    """Dots part a name, double quotes keep them."""
    assert Wanted.parse(text, "").table == parts


@pytest.mark.parametrize("text", ["a..b", ".a", "a.", 'a"b', "a.b.c.d", '"', "a\0b"])
def test_a_name_that_cant_be_read(text: str) -> None:
    """What is no name is refused, not guessed at."""
    with pytest.raises(Misused):
        Wanted.parse(text, "")


@pytest.mark.parametrize("given_both", [("", ""), ("t", "select 1")])
def test_one_thing_is_wanted(given_both: tuple[str, str]) -> None:
    """Neither nothing nor two things."""
    with pytest.raises(Misused):
        Wanted.parse(*given_both)


@pytest.mark.parametrize(
    "query", ["delete from t", "-- select\ndrop table t", "/* */ call f()", ";"]
)
def test_a_query_that_doesnt_begin_by_reading(query: str) -> None:
    """The first word says it all here; the database itself sees to the rest."""
    with pytest.raises(Misused):
        Wanted.parse("", query)


def test_names_are_quoted_whole() -> None:
    """A quote within a name can't end it."""
    assert quoted('a"; drop table t; --') == '"a""; drop table t; --"'
    assert quoted("a]b", "[", "]") == "[a]]b]"


@pytest.mark.parametrize(
    "query",
    [
        "select 1 as a) q; delete from t; select * from (select 1 as a",
        "select 1 as a) q delete from t select * from (select 1 as a",
        "select '(' as a) q delete from t select * from (select 1 as a",
        "select 1 as a /* ) q delete from t",
        "select 'a",
        "select [a from t",
        "with a as (select 1 as b) select * from a",
    ],
)
def test_a_query_cant_leave_its_brackets(query: str) -> None:
    """Where the server has no read-only transaction, a query that would end the brackets is refused."""
    with pytest.raises(Misused):
        must_stay_inside(query)


@pytest.mark.parametrize(
    "query",
    ["select f(a) from t where b = ')'", "select [a)] from t -- )", "select 1 /* ) */ as a"],
)
def test_brackets_in_quotes_and_comments_dont_count(query: str) -> None:
    """What only looks like an end is let through."""
    must_stay_inside(query)


@pytest.mark.parametrize(
    ("place", "is_one"),
    [
        ("postgresql://h/d", True),
        ("POSTGRES://h/d", True),
        ("sqlite:///x.db", True),
        ("https://h/d", False),
        ("folder/file.csv", False),
        ("C:\\drop\\file.csv", False),
    ],
)
def test_what_is_a_database(place: str, is_one: bool) -> None:
    """Told by its scheme alone."""
    assert is_database(place) is is_one
