"""Downloads over real HTTP: cut, changed, lied about, led astray; whole or not at all."""

import gzip
import hashlib
from pathlib import Path

import pytest

from openoda.data.sources.download import Bounds, download
from openoda.vocabulary.refusals import Misused, SourceUnavailable
from tests.unit.sources.web_server import serving

CONTENT = b"id,name\n" + b"".join(b"%d,row %d\n" % (n, n) for n in range(40_000))
QUICK = Bounds(pause=0, connect=5, read=5)


def leftovers(folder: Path) -> list[str]:
    return sorted(
        path.name for path in folder.rglob("*") if path.is_file() and ".lock" not in path.name
    )


def test_the_bytes_and_their_hash(tmp_path: Path) -> None:
    """What is served is what lies there, under the address's name, and once discarded nothing does."""
    with serving(content=CONTENT) as site:
        found = download(site.url(), tmp_path, QUICK)
    assert found.path.name == "file.csv"
    assert found.path.read_bytes() == CONTENT
    assert found.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert found.doubts == ()
    found.discard()
    assert leftovers(tmp_path) == []


def test_a_cut_download_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Three cuts cost three more requests, each for the rest alone, and not one byte twice."""
    with serving(content=CONTENT, cut_after=[100_000, 50_000, 1]) as site:
        found = download(site.url(), tmp_path, QUICK)
    assert found.path.read_bytes() == CONTENT
    assert site.ranges_asked == ["", "bytes=100000-", "bytes=150000-", "bytes=150001-"]
    assert [headers.get("if-range") for _, headers in site.asked[1:]] == ['"one"'] * 3


def test_what_has_come_is_kept_for_the_next_run(tmp_path: Path) -> None:
    """A download given up goes on where it stopped when it is asked for again."""
    with serving(content=CONTENT, cut_after=[70_000, *[0] * 9]) as site:
        with pytest.raises(SourceUnavailable, match="downloaded") as refusal:
            download(site.url(), tmp_path, QUICK)
        assert "goes on where it stopped" in refusal.value.remedy
        site.cut_after.clear()
        site.asked.clear()
        found = download(site.url(), tmp_path, QUICK)
    assert found.path.read_bytes() == CONTENT
    assert site.ranges_asked == ["bytes=70000-"]


def test_bytes_that_the_disk_may_not_have_are_not_trusted(tmp_path: Path) -> None:
    """After a power cut only what was noted as synced is built upon."""
    with serving(content=CONTENT, cut_after=[70_000, *[0] * 9]) as site:
        with pytest.raises(SourceUnavailable):
            download(site.url(), tmp_path, QUICK)
        (part,) = tmp_path.rglob("part")
        with part.open("ab") as file:
            file.write(b"\0" * 5_000)
        site.cut_after.clear()
        found = download(site.url(), tmp_path, QUICK)
    assert found.path.read_bytes() == CONTENT


@pytest.mark.parametrize("etag", ['"one"', 'W/"weak"', None])
def test_a_server_without_ranges_is_asked_for_the_whole_again(
    tmp_path: Path, etag: str | None
) -> None:
    """Where ranges are ignored, or no version is told from another, nothing is pieced together."""
    with serving(content=CONTENT, ranges=etag != '"one"', etag=etag, cut_after=[100_000]) as site:
        found = download(site.url(), tmp_path, QUICK)
    assert found.path.read_bytes() == CONTENT
    if etag != '"one"':
        assert site.ranges_asked == ["", ""]


def test_a_file_that_changes_is_started_anew(tmp_path: Path) -> None:
    """A file replaced between a cut and its resumption comes whole, and all of it new."""
    new = CONTENT.replace(b"row", b"ROW")
    with serving(content=CONTENT, cut_after=[100_000], change_to=new) as site:
        found = download(site.url(), tmp_path, QUICK)
    assert found.path.read_bytes() == new


@pytest.mark.parametrize("chunked", [False, True])
def test_a_promise_not_kept_is_no_file(tmp_path: Path, chunked: bool) -> None:
    """A body shorter than its Content-Length, or without its last chunk, is never taken as whole."""
    lie = {"chunked": True, "cut_after": [30_000] * 99} if chunked else {"length_said": 500}
    with serving(content=CONTENT, etag=None, **lie) as site, pytest.raises(SourceUnavailable):
        download(site.url(), tmp_path, QUICK)
    assert not list(tmp_path.rglob("file.csv"))


def test_an_end_that_nobody_knows_is_said(tmp_path: Path) -> None:
    """Without a length there is no telling whether the end came: that is a doubt, in words."""
    with serving(content=CONTENT, silent=True) as site:
        found = download(site.url(), tmp_path, QUICK)
    assert found.path.read_bytes() == CONTENT
    assert "doesn't say how long" in found.doubts[0]


@pytest.mark.parametrize("silent", [False, True])
def test_too_large_a_file_is_refused(tmp_path: Path, silent: bool) -> None:
    """The limit holds whether or not the server says the length, and nothing is left lying whole."""
    limits = Bounds(bytes=50_000, pause=0)
    with (
        serving(content=CONTENT, silent=silent) as site,
        pytest.raises(SourceUnavailable, match="larger than the 50,000 bytes"),
    ):
        download(site.url(), tmp_path, limits)
    assert not list(tmp_path.rglob("file.csv"))


def test_a_busy_server_is_asked_again(tmp_path: Path) -> None:
    """503 and 429 are worth another attempt; 404 isn't."""
    with serving(content=CONTENT, status=[503, 429]) as site:
        assert download(site.url(), tmp_path, QUICK).path.read_bytes() == CONTENT
        site.status = [404]
        with pytest.raises(SourceUnavailable, match="404"):
            download(site.url("/other.csv"), tmp_path, QUICK)
        assert len(site.asked) == 4


def test_redirects_are_few_and_never_to_less_safe(tmp_path: Path) -> None:
    """One redirect is followed; a circle, another scheme and a file on this machine are not."""
    with serving(content=CONTENT) as site:
        site.redirects = {
            "/moved.csv": "/file.csv",
            "/round.csv": "/round.csv",
            "/local.csv": "file:///etc/hostname",
            "/nowhere.csv": "",
        }
        assert download(site.url("/moved.csv"), tmp_path, QUICK).path.read_bytes() == CONTENT
        for path, said in (("/round.csv", "leads on more than"), ("/local.csv", "less safe")):
            with pytest.raises(SourceUnavailable, match=said):
                download(site.url(path), tmp_path, QUICK)


def test_https_never_leads_on_to_http() -> None:
    """The rule for a redirect refuses to leave https."""
    import httpx

    from openoda.data.sources.exchange import Address, Fetching

    answer = httpx.Response(302, headers={"location": "http://example.org/file.csv"})
    with (
        Fetching(Address.parse("https://example.org/file.csv"), 1, 1, 1) as fetching,
        pytest.raises(SourceUnavailable, match="less safe"),
    ):
        fetching._next(httpx.URL("https://example.org/file.csv"), answer)


def test_a_password_goes_to_its_own_host_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The login is sent where it belongs, not where a redirect leads, and is never on the disk."""
    monkeypatch.setenv("ODA_PASSWORD", "Zx9-sesame")
    with serving(content=CONTENT) as other, serving(content=CONTENT) as site:
        site.redirects = {"/away.csv": other.url()}
        download(site.url("/away.csv", user="clerk@"), tmp_path, QUICK)
        download(site.url(user="clerk:Other-secret@"), tmp_path, QUICK)
    assert "authorization" in site.asked[0][1]
    assert "authorization" not in other.asked[0][1]
    assert site.asked[0][1]["authorization"] != site.asked[1][1]["authorization"]
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    names = " ".join(str(path) for path in tmp_path.rglob("*"))
    for secret in ("Zx9", "Other-secret"):
        assert secret.encode() not in everything
        assert secret not in names


def test_a_password_in_the_clear_is_refused() -> None:
    """No login goes over the network without TLS."""
    with pytest.raises(Misused, match="in the clear") as refusal:
        download("http://clerk:Zx9@example.org/file.csv", Path("nowhere"))
    assert "Zx9" not in str(refusal.value)


def test_what_the_server_packs_on_the_way_stays_packed(tmp_path: Path) -> None:
    """gzip is left to intake, which unpacks within limits; nothing else is taken."""
    packed = gzip.compress(CONTENT)
    with serving(content=packed, headers={"Content-Encoding": "gzip"}) as site:
        found = download(site.url(), tmp_path, QUICK)
        assert (found.path.name, found.path.read_bytes()) == ("file.csv.gz", packed)
        assert site.asked[0][1]["accept-encoding"] == "identity"
        site.headers = {"Content-Encoding": "br"}
        with pytest.raises(SourceUnavailable, match="packed as br"):
            download(site.url("/b.csv"), tmp_path, QUICK)


@pytest.mark.parametrize(
    ("path", "headers", "name"),
    [
        ("/a/register.csv?year=2026", {}, "register.csv"),
        ("/export?id=7", {"Content-Disposition": 'attachment; filename="list.xlsx"'}, "list.xlsx"),
        ("/export", {"Content-Disposition": 'attachment; filename="../../up.csv"'}, "up.csv"),
        ("/export", {"Content-Type": "text/csv; charset=utf-8"}, "export.csv"),
        ("/", {"Content-Type": "application/json"}, "download.json"),
        ("/%2e%2e%2fodd%00name.csv", {}, "_odd_name.csv"),
        ("/part", {}, "file-part"),
    ],
)
def test_the_name_says_the_format_and_no_folder(
    tmp_path: Path, path: str, headers: dict[str, str], name: str
) -> None:
    """A server can name a file, not a place to put it."""
    with serving(content=CONTENT, headers=headers) as site:
        found = download(site.url(path), tmp_path, QUICK)
    assert found.path.name == name
    assert found.path.parent.parent == tmp_path


def test_an_absent_server_is_said(tmp_path: Path) -> None:
    """Nobody at the address: one refusal, with the address without its secret part."""
    with pytest.raises(SourceUnavailable) as refusal:
        download("http://127.0.0.1:9/file.csv?token=Zx9&year=2026", tmp_path, QUICK)
    assert refusal.value.where == "http://127.0.0.1:9/file.csv?token=***&year=2026"
