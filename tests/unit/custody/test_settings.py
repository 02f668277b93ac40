"""Settings: read as written, refused together where wrong."""

import pytest

from openoda.custody.settings import DEFAULT_OFFICE, Settings, read, written
from openoda.vocabulary.refusals import Misused


@pytest.fixture
def refused(tmp_path):
    """Reads the given text as oda.toml, expecting a refusal."""

    def read_text(text):
        path = tmp_path / "oda.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(Misused) as refusal:
            read(path)
        return refusal.value

    return read_text


@pytest.mark.parametrize(
    "name", ['Office "A" \\ B', "Swyddfa Dadansoddi Data – Caerffili", "办公室"]
)
def test_a_name_survives_being_written_and_read(tmp_path, name):
    """Proves that quotes, backslashes and other alphabets come back as they were given."""
    path = tmp_path / "oda.toml"
    path.write_bytes(written(Settings(name)))
    assert read(path).office_name == name


def test_an_empty_file_gives_the_defaults(tmp_path):
    """Proves that every setting may be left out."""
    path = tmp_path / "oda.toml"
    path.write_text("")
    assert read(path) == Settings(DEFAULT_OFFICE)


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "bell\x07"])
def test_a_name_that_pages_could_not_show_is_refused(name):
    """Proves that nothing is written that couldn't be shown or read back."""
    with pytest.raises(Misused):
        written(Settings(name))


def test_every_wrong_setting_is_named_at_once(refused):
    """Proves that unknown keys, unknown tables and wrong types are refused together."""
    refusal = refused('top = 1\n[office]\nname = 3\ncolour = "red"\n[vault]\nurl = "x"\n')
    for wrong in ("'top'", "'office.name' must be text", "'office.colour'", "'vault'"):
        assert wrong in refusal.what
    for remedy in ("Remove 'top'", "Write name = ", "Remove 'office.colour'", "Remove 'vault'"):
        assert remedy in refusal.remedy


def test_a_table_given_as_a_value_is_refused(refused):
    """Proves that `office = "x"` is said to need a table; it is no internal fault."""
    assert "[office]" in refused('office = "x"').remedy


@pytest.mark.parametrize("text", ["[office", b"\xff\xfe"])
def test_a_file_that_is_not_toml_is_refused(refused, text):
    """Proves that a broken or differently encoded file gives a refusal, naming the file."""
    assert refused(text).where.endswith("oda.toml")
