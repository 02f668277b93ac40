"""Text in spreadsheets: nothing runs, nothing is lost."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openoda.rendering import cells

NASTY = st.text(
    alphabet=st.one_of(
        st.sampled_from("=+-@＝＋－＠\t\r\n '\"0129.eE/|%\u200b\ufeff,;"),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=20,
)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 20 7946 0000",
        "-cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1+1",
        '"=1+1',
        "'=1+1",
        "＝1+1",
        "＠x",
        "\ufeff=1",
        "\u200b=1",
        "\u00a0=1",
        "-1+1",
        "\tplain",
    ],
)
def test_a_formula_is_guarded_however_it_is_dressed(text: str):
    """Formula starts are found behind spaces, quotes, invisible marks and in full width."""
    assert cells.guard(text) == "'" + text


@pytest.mark.parametrize("text", ["-3.5", "12", "Café", "3 High Street", "", "a=b", "O'Brien"])
def test_harmless_text_is_left_alone(text: str):
    """Plain numbers, negative ones too, and ordinary words gain no apostrophe."""
    assert cells.guard(text) == text


@pytest.mark.parametrize(
    "text",
    ["007", "100023456789", "1E5", "1.5e+10", "3-4", "12/2024", "1.10", "MAR1", "1 Sept", "TRUE"],
)
def test_an_id_a_spreadsheet_would_change_is_guarded(text: str):
    """Leading zeros, long numbers, exponents, dates and truth values stay text."""
    assert cells.guard_id(text) == "'" + text


@pytest.mark.parametrize("text", ["LIC1234", "12345", "A-17", "0", "7f3a"])
def test_an_id_a_spreadsheet_leaves_alone_is_left_alone(text: str):
    """Ordinary ids stay readable."""
    assert cells.guard_id(text) == text


@given(NASTY)
@example("'=1")
@example("''007")
@example("'")
def test_unguard_gives_back_what_guard_id_was_given(text: str):
    """No text, whatever its apostrophes, is changed by a round trip."""
    assert cells.unguard(cells.guard_id(text)) == text


@given(NASTY)
def test_no_guarded_text_starts_a_formula(text: str):
    """After guarding, the first character is never one a spreadsheet acts on."""
    for guarded in (cells.guard(text), cells.guard_id(text)):
        is_number = bool(guarded) and guarded.lstrip("-").replace(".", "", 1).isdecimal()
        assert is_number or not guarded.startswith(tuple("=+-@\t\r\n＝＋－＠"))


def test_a_detail_named_like_a_column_of_ours_is_renamed():
    """Reading back finds one column called outcome, whatever a package calls its details."""
    titles = cells.detail_titles(("Outcome", "Risk", "risk", "Visited on"))
    keys = [cells.header_key(title) for title in titles]
    assert len(set(keys)) == 4
    assert not set(keys) & cells.FIXED
    assert titles[1] == "Risk"
