"""Every rule on generated values: sound ones accepted, promised slips noticed, nothing ever crashes."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from openoda.standards.uk import dates, email, nhs_number, nino, phone, postcode, uprn
from openoda.standards.uk.registry import STANDARDS, standard_of, table
from tests.generative import uk_values as draws

KINDS = [standard.kind for standard in STANDARDS]
MANY = settings(max_examples=200, deadline=None)


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
