"""Identifiers: well formed, each given once, of ranges that nobody has."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st

from openoda.data.synthetic.city import identifiers
from openoda.data.synthetic.city.draws import Draws
from openoda.data.synthetic.city.properties import gazetteer, make_properties, uprns
from openoda.data.synthetic.city.scale import BLOCK, blocks_of

MOST = 10_000_000
# Areas of Royal Mail that begin with O; every other area begins otherwise.
REAL_AREAS_IN_O = {"OL", "OX"}


def check_digit(number: str) -> int:
    """The NHS Data Dictionary's rule, digit by digit: 11 less the remainder, 11 becoming 0."""
    total = sum(
        int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False)
    )
    return (11 - total % 11) % 11


@given(st.integers(0, MOST - 1))
@settings(deadline=None)
def test_nhs_numbers_have_their_check_digit(index: int) -> None:
    """Ten digits whose last is right and whose first is 9; of the test range up to 900,000 people."""
    number = identifiers.nhs_numbers(np.array([index]))[0].as_py()
    assert re.fullmatch(r"9\d{9}", number)
    assert check_digit(number) == int(number[-1])
    assert number.startswith("999") == (index < identifiers.TEST_RANGE)


@given(st.integers(0, MOST - 1))
@settings(deadline=None)
def test_ninos_have_a_prefix_never_used(index: int) -> None:
    """Two letters of which the first is Q, six digits, a suffix A to D (HMRC NIM39110)."""
    number = identifiers.ninos(np.array([index]))[0].as_py()
    assert re.fullmatch(r"Q[A-CEGHJ-NPR-TW-Z]\d{6}[ABCD]", number)


def test_no_identifier_is_given_twice() -> None:
    """Over the border of the test range and at the end of the largest city, all differ."""
    spans = ((0, 100_000), (850_000, 950_000), (4_000_000, 4_100_000), (MOST - 100_000, MOST))
    index = np.concatenate([np.arange(*span) for span in spans])
    for make in (identifiers.nhs_numbers, identifiers.ninos, uprns):
        assert len(pc.unique(make(index))) == len(index), make.__name__


def test_uprns_are_of_the_made_up_range() -> None:
    """Twelve digits that begin with 999."""
    assert all(
        re.fullmatch(r"999\d{9}", each) for each in uprns(np.arange(0, MOST, 9_973)).to_pylist()
    )


def test_telephones_are_ofcoms_for_drama() -> None:
    """Mobiles 07700 900xxx, landlines of the ranges listed by Ofcom."""
    draws, keys = Draws(1, 0), np.arange(5_000)
    assert all(
        re.fullmatch(r"07700 900\d{3}", n) for n in identifiers.mobiles(draws, keys).to_pylist()
    )
    pattern = r"01632 960\d{3}|020 7946 0\d{3}|01(13|14|15|17|21|31|61) 496 0\d{3}"
    found = identifiers.landlines(draws, keys).to_pylist()
    assert all(re.fullmatch(pattern, number) for number in found)


def test_emails_are_at_reserved_domains() -> None:
    """example.com, .net, .org, or the top-level domain .example (RFC 2606); plain letters before."""
    count = 2_000
    names = pa.array(["O'Brien", "Zoe", "Smith-Jones", "Da Silva"] * (count // 4))
    made = identifiers.emails(Draws(1, 0), names, names, np.full(count, 30_000)).to_pylist()
    pattern = r"[a-z._0-9]+@(example\.(com|net|org)|(mail|post|inbox)\.example)"
    assert all(re.fullmatch(pattern, email) for email in made)


def test_plates_and_pupils_cannot_exist() -> None:
    """Registrations have the memory tag QQ; pupil numbers the authority 000."""
    keys = np.arange(500)
    plates = identifiers.plates(Draws(1, 0), keys).to_pylist()
    assert all(re.fullmatch(r"QQ\d{2} [A-HJ-PR-Z]{3}|QQ\d{2} [A-HJ-Z]{3}", each) for each in plates)
    pupils = identifiers.pupil_numbers(keys, np.full(500, 2019)).to_pylist()
    assert all(re.fullmatch(r"[A-HJ-NP-RTUVWXYZ]000\d{9}", each) for each in pupils)
    assert len(set(pupils)) == 500


def test_postcodes_are_well_formed_and_of_no_real_area() -> None:
    """Area of two letters that is none, a district, a digit, and two letters that may stand there."""
    assert set(gazetteer().areas).isdisjoint(REAL_AREAS_IN_O)
    assert all(area.startswith("O") for area in gazetteer().areas)
    for block in (0, 98, 99, 399):
        codes = make_properties(Draws(1, block), block, BLOCK).postcode.to_pylist()
        pattern = r"O[A-Z]([1-9]|[1-9]\d) \d[ABD-HJLNP-UW-Z]{2}"
        assert all(re.fullmatch(pattern, code) for code in codes)


def test_no_district_is_used_by_two_blocks() -> None:
    """Each of the 400 blocks of the largest city has a postcode district of its own."""
    blocks = [number for number, _ in blocks_of(MOST)]
    first = [make_properties(Draws(1, b), b, 100).postcode[0].as_py().split()[0] for b in blocks]
    assert len(set(first)) == len(blocks) == 400
