"""Names taken apart: titles, particles, suffixes, order; what is no person's name is told by name."""

import pytest

from openoda.standards.uk import names
from openoda.standards.uk.folding import folded
from openoda.standards.uk.names import PersonName
from openoda.standards.uk.nicknames import _table, formal_names, nicknames


@pytest.mark.parametrize(
    ("text", "title", "forenames", "surname", "suffix"),
    [
        ("Ada Lovelace", "", "ADA", "LOVELACE", ""),
        ("LOVELACE, Ada", "", "ADA", "LOVELACE", ""),
        ("LOVELACE, Lady Ada King", "LADY", "ADA KING", "LOVELACE", ""),
        ("Dr. Martin Luther King Jr.", "DR", "MARTIN LUTHER", "KING", "JR"),
        ("Ludwig van Beethoven", "", "LUDWIG", "VAN BEETHOVEN", ""),
        ("Van Gogh, Vincent", "", "VINCENT", "VAN GOGH", ""),
        ("Van Morrison", "", "VAN", "MORRISON", ""),
        ("Juan Ponce de León", "", "JUAN PONCE", "DE LEON", ""),
        ("Flann O'Brien", "", "FLANN", "OBRIEN", ""),
        ("Flann O’Brien", "", "FLANN", "OBRIEN", ""),
        ("Flann O Brien", "", "FLANN", "O BRIEN", ""),
        ("J.R.R. Tolkien", "", "J R R", "TOLKIEN", ""),
        ("J. R. R. Tolkien, CBE", "", "J R R", "TOLKIEN", "CBE"),
        ("Sir Arthur Conan Doyle", "SIR", "ARTHUR CONAN", "DOYLE", ""),
        ("Rt Hon David Lloyd-George", "RT HON", "DAVID", "LLOYD-GEORGE", ""),
        ("David Lloyd - George", "", "DAVID", "LLOYD-GEORGE", ""),
        ("Mr.Gladstone", "MR", "", "GLADSTONE", ""),
        ("Björk", "", "", "BJORK", ""),
        ("Lord", "", "", "LORD", ""),
        ("Christopher Null", "", "CHRISTOPHER", "NULL", ""),
        ("Yo-Yo Ma", "", "YO-YO", "MA", ""),
        ("  ada   LOVELACE , ", "", "ADA", "LOVELACE", ""),
    ],
)
def test_names_are_taken_apart(
    text: str, title: str, forenames: str, surname: str, suffix: str
) -> None:
    """Proves that each part goes to its place, in either order, marks and accents folded."""
    checked, name = names.examine(text)
    assert name == PersonName(title, forenames, surname, suffix)
    assert checked.value == f"{forenames} {surname}".strip()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Mr & Mrs Darling", "several-people"),
        ("Pierre and Marie Curie", "several-people"),
        ("Cadbury Ltd", "organisation"),
        ("Executors of Jane Austen", "not-a-person"),
        ("The Occupier", "placeholder"),
        ("not known", "placeholder"),
        ("R2 D2", "not-a-name"),
        ("a@example.com", "not-a-name"),
        ("-", "not-a-name"),
        ("Smith, John, Esq, MP, A", "order-unclear"),
        ("A" * 201, "too-long"),
        (" ", "missing"),
    ],
)
def test_no_names(text: str, problem: str) -> None:
    """Proves that what names no one person is told by its own problem."""
    assert names.check(text).problem == problem


def test_a_name_in_brackets_is_kept_beside() -> None:
    """Proves that a known-as name neither replaces the forename nor is lost."""
    for text in ("Elizabeth (Betty) Boothroyd", 'Elizabeth "Betty" Boothroyd'):
        name = names.examine(text)[1]
        assert (name.forenames, name.known_as) == ("ELIZABETH", "BETTY")


def test_parts_in_columns_of_their_own() -> None:
    """Proves that a surname keeps its particle and hyphen, and a comma shows a whole name."""
    assert names.check_part("van der Rohe").value == "VAN DER ROHE"
    assert names.check_part("Lloyd-George").value == "LLOYD-GEORGE"
    assert names.check_part("Null").value == "NULL"
    assert names.check_part("Lovelace, Ada").problem == "whole-name"


@pytest.mark.parametrize(
    ("text", "value"),
    [("Łódź", "LODZ"), ("Ærø", "AERO"), ("Straße", "STRASSE"), ("Þór", "THOR"), ("Đorđe", "DORDE"),
     ("İstanbul", "ISTANBUL"), ("Brontë", "BRONTE")],
)  # fmt: skip
def test_folding(text: str, value: str) -> None:
    """Proves that marks are dropped and letters that don't decompose have their usual form."""
    assert folded(text) == value


def test_other_scripts_stay() -> None:
    """Proves that a name in another script is kept as written, with a note."""
    found = names.check("Лев Толстой")
    assert found.value == "ЛЕВ ТОЛСТОЙ"
    assert "Latin" in found.notes[0]


def test_nicknames_are_looked_up_both_ways() -> None:
    """Proves that a short form gives every formal name it may stand for, and back."""
    assert "WILLIAM" in formal_names("BILL")
    assert set(formal_names("BERT")) >= {"ALBERT", "HERBERT", "ROBERT"}
    assert "BILL" in nicknames("WILLIAM")
    assert formal_names("WILLIAM") == ()


def test_the_list_of_nicknames_is_folded() -> None:
    """Proves that every entry is in the form that names are looked up in, none standing for itself."""
    for formal, shorts in _table().items():
        assert shorts
        assert formal not in shorts
        for name in (formal, *shorts):
            assert names.check_part(name).value == name
