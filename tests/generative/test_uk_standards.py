"""Every rule on generated values: sound ones accepted, promised slips noticed, nothing ever crashes."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from openoda.standards.uk import (
    council_tax,
    dates,
    email,
    gss,
    nhs_number,
    nino,
    phone,
    postcode,
    uprn,
    usrn,
)
from openoda.standards.uk.registry import STANDARDS, standard_of, table
from tests.generative import uk_values as draws

KINDS = [standard.kind for standard in STANDARDS]
MANY = settings(max_examples=200, deadline=None)
BS7666 = re.compile(
    "(?:[A-PR-UWYZ][0-9][0-9]?|[A-PR-UWYZ][A-HK-Y][0-9][0-9]?|[A-PR-UWYZ][0-9][A-HJKPSTUW]"
    "|[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRVWXY]) [0-9][ABD-HJLNP-UW-Z]{2}"
)
"""The Cabinet Office's PostCodeType in Python's words, with P in the third place (W1P 1HQ)."""


@pytest.mark.parametrize("kind", KINDS)
@MANY
@given(data=st.data())
def test_sound_values_are_accepted(kind: str, data: st.DataObject) -> None:
    """Proves that every sound value is accepted however it is written, and always in one form."""
    value, written = data.draw(draws.SOUND[kind]())
    checked = standard_of(kind).check(written)
    assert checked.value == value, checked
    assert standard_of(kind).check(value).value == value


@pytest.mark.parametrize("kind", KINDS)
@MANY
@given(data=st.data())
def test_any_text_has_an_answer(kind: str, data: st.DataObject) -> None:
    """Proves that whatever the text there is a value or a problem in words, and never both."""
    checked = standard_of(kind).check(data.draw(draws.any_values(kind)) or "")
    assert (checked.value is None) == bool(checked.problem)
    assert bool(checked.words) == bool(checked.problem)
    assert checked.value != ""
    assert re.fullmatch(r"[a-z-]*", checked.problem)


@pytest.mark.parametrize("kind", KINDS)
@MANY
@given(text=st.from_regex(r"\A[A-Z?]{2}[0-9]{6,14}[A-Z?]\Z"))
def test_words_never_repeat_the_value(kind: str, text: str) -> None:
    """Proves that a problem can be shown or logged without showing what may be personal."""
    checked = standard_of(kind).check(text)
    said = checked.words + (" ".join(checked.notes) if checked.problem else "")
    assert text not in said
    assert re.sub("[^0-9]", "", text) not in said


@MANY
@given(pair=draws.nhs_numbers(), at=st.integers(0, 9), other=st.integers(1, 9))
def test_any_changed_digit_of_an_nhs_number_is_noticed(
    pair: tuple[str, str], at: int, other: int
) -> None:
    """Proves what modulus 11 promises of one digit."""
    number = pair[0]
    changed = number[:at] + str((int(number[at]) + other) % 10) + number[at + 1 :]
    assert not nhs_number.check(changed).sound


@MANY
@given(pair=draws.nhs_numbers(), at=st.integers(0, 8))
def test_any_two_neighbours_of_an_nhs_number_exchanged_are_noticed(
    pair: tuple[str, str], at: int
) -> None:
    """Proves what modulus 11 promises of two neighbouring digits that differ."""
    number = pair[0]
    assume(number[at] != number[at + 1])
    changed = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert not nhs_number.check(changed).sound


@MANY
@given(pair=draws.ninos(), place=st.integers(0, 1), letter=st.sampled_from("DFIQUV"))
def test_letters_that_no_nino_has_are_noticed(
    pair: tuple[str, str], place: int, letter: str
) -> None:
    """Proves that each letter that isn't used is refused in either place."""
    value = pair[0]
    assert not nino.check(value[:place] + letter + value[place + 1 :]).sound


@MANY
@given(pair=draws.ninos(), letter=st.sampled_from("EFGHIJKLMNOPQRSTUVWXYZ0"))
def test_last_letters_after_d_are_noticed(pair: tuple[str, str], letter: str) -> None:
    """Proves that the last letter is A to D."""
    assert not nino.check(pair[0][:8] + letter).sound


@MANY
@given(text=st.from_regex(r"\A[A-Z]{1,2}[0-9]{1,2}[A-Z]? [0-9][A-Z]{2}\Z"), pair=draws.postcodes())
def test_no_postcode_is_sound_that_the_published_pattern_refuses(
    text: str, pair: tuple[str, str]
) -> None:
    """Proves that of texts of a postcode's shape none is taken which BS 7666's pattern doesn't take."""
    assert BS7666.fullmatch(pair[0])
    if postcode.check(text).sound and text != "GX11 1AA":  # Gibraltar's, which isn't a UK postcode
        assert BS7666.fullmatch(text)


@MANY
@given(
    pair=draws.postcodes().filter(lambda pair: pair[0][1].isalpha()),
    letter=st.sampled_from("IJZ"),
)
def test_letters_that_no_postcode_has_second_are_noticed(
    pair: tuple[str, str], letter: str
) -> None:
    """Proves that I, J and Z are refused in the second place."""
    assert not postcode.check(pair[0][0] + letter + pair[0][2:]).sound


@MANY
@given(outward=draws.lettered(), letter=st.sampled_from("CDFGIJKLOQSTUZ"))
def test_letters_that_no_district_ends_in_are_noticed(outward: str, letter: str) -> None:
    """Proves that a district's last letter is refused where its form doesn't have it."""
    allowed = postcode.FOURTH if outward[1].isalpha() else postcode.THIRD
    assert postcode.check(f"{outward[:-1]}{letter} 1AA").sound == (letter in allowed)


@MANY
@given(pair=draws.postcodes(), letter=st.sampled_from("CIKMOV"), place=st.sampled_from([-1, -2]))
def test_letters_that_no_unit_has_are_noticed(
    pair: tuple[str, str], letter: str, place: int
) -> None:
    """Proves that C, I, K, M, O and V are refused in the inward code."""
    characters = list(pair[0])
    characters[place] = letter
    assert not postcode.check("".join(characters)).sound


@MANY
@given(pair=draws.postcodes(), letter=st.sampled_from("QVX"))
def test_letters_that_no_postcode_begins_with_are_noticed(
    pair: tuple[str, str], letter: str
) -> None:
    """Proves that Q, V and X are refused in the first place."""
    assert not postcode.check(letter + pair[0][1:]).sound


@MANY
@given(month=st.integers(1, 12), year=st.integers(1901, 2099), more=st.integers(1, 9))
def test_days_past_the_month_are_noticed(month: int, year: int, more: int) -> None:
    """Proves that no day after a month's last is accepted, in leap years neither."""
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    assert not dates.check(f"{last + more}/{month}/{year}").sound


@MANY
@given(day=st.dates(date(1927, 6, 1), date(2099, 12, 30)))
def test_excel_serials_are_those_days(day: date) -> None:
    """Proves that serials agree with counting from a day that Microsoft states (39448)."""
    serial = 39448 + (day - date(2008, 1, 1)).days
    assert dates.check(str(serial)).value == day.isoformat()


@MANY
@given(day=st.dates(date(1904, 1, 1), date(2030, 1, 1)), seen=st.dates(date(2026, 1, 1)))
def test_births_with_two_digits_are_never_in_the_future(day: date, seen: date) -> None:
    """Proves that a two-digit year of birth is the latest that isn't after the day asked."""
    assume(seen.year < 2100 and not (day.month == 2 and day.day == 29))
    found = dates.check_birth(day.strftime("%d/%m/%y"), seen)
    assume(found.problem != "placeholder-date")
    born = date.fromisoformat(found.value or "")
    assert born <= seen
    assert born.replace(year=born.year + 100) > seen


@MANY
@given(pair=draws.numbers(12), more=st.integers(1, 9))
def test_uprns_of_thirteen_digits_are_noticed(pair: tuple[str, str], more: int) -> None:
    """Proves that a longer number is never taken for a UPRN."""
    assert not uprn.check(f"{more}{pair[0]:0>12}").sound


@MANY
@given(pair=draws.numbers(8), more=st.integers(1, 9))
def test_usrns_of_nine_digits_are_noticed(pair: tuple[str, str], more: int) -> None:
    """Proves that a longer number, perhaps a UPRN, is never taken for a USRN."""
    assert usrn.check(f"{more}{pair[0]:0>8}").problem == "too-long"


@MANY
@given(number=draws.chi_numbers())
def test_numbers_that_begin_with_a_birth_are_told_as_scotlands(number: str) -> None:
    """Proves that a CHI number is sound and never passes without a word for England's."""
    assume(number)
    checked = nhs_number.check(number)
    assert checked.problem == "placeholder" or "Scotland" in checked.notes[0]


@MANY
@given(number=draws.health_and_care_numbers())
def test_numbers_of_northern_irelands_range_are_told_as_such(number: str) -> None:
    """Proves that a Health and Care number is sound and told by its range."""
    assume(number)
    checked = nhs_number.check(number)
    assert checked.problem == "placeholder" or "Northern Ireland" in checked.notes[0]


@MANY
@given(code=st.from_regex(r"\A[A-Z][0-9]{8}\Z"))
def test_only_entities_of_the_register_are_taken(code: str) -> None:
    """Proves that a code of the right shape with another prefix, or of 999999, is told by name."""
    problem = gss.check(code).problem
    if code.endswith("999999"):
        assert problem == "pseudo-code"
    else:
        assert problem == ("" if code[:3] in draws.ENTITIES else "unknown-entity")


@MANY
@given(day=st.dates(date(2009, 1, 1), date(2030, 1, 1)), code=st.sampled_from(draws.CHANGED))
def test_on_every_day_a_code_or_its_successors_are_in_force(day: date, code: str) -> None:
    """Proves that a replaced council has on each day either its old code or all of its new ones."""
    vintage = gss.vintage_of(code)
    assert vintage
    if vintage.start <= day.isoformat():
        follows = vintage.end <= day.isoformat()
        assert gss.check(code, day).sound != follows
        for successor in vintage.successors:
            begun = gss.vintage_of(successor)
            assert begun
            assert (begun.start <= day.isoformat()) == follows


@MANY
@given(
    text=st.sampled_from("JKLMNOPQRSTUVWXYZ0123456789"),
    country=st.sampled_from(["", *council_tax.COUNTRIES]),
)
def test_letters_that_are_no_band_are_noticed(text: str, country: str) -> None:
    """Proves that no band after I is taken in any country."""
    assert not council_tax.check(f"band {text}", country).sound


@MANY
@given(pair=draws.phones(), digits=st.text("123456789", min_size=1, max_size=3))
def test_phone_numbers_of_another_length_are_noticed(pair: tuple[str, str], digits: str) -> None:
    """Proves that a UK number with digits added is refused."""
    assert not phone.check(pair[0] + digits).sound


@MANY
@given(pair=draws.emails())
def test_addresses_without_their_at_are_noticed(pair: tuple[str, str]) -> None:
    """Proves that leaving out, doubling or spacing the @ is refused."""
    for other in ("", "@@", " @ "):
        assert not email.check(pair[0].replace("@", other)).sound


def test_every_kind_is_in_the_reference() -> None:
    """Proves that each standard has a rule, a source and an edge case to show."""
    assert [row[0] for row in table()] == KINDS
    assert all(cell for row in table() for cell in row)
    assert len(set(KINDS)) == len(KINDS)
    assert set(KINDS) == set(draws.SOUND)
