"""Integers and numbers: the exact lexical rules."""

import math
import random
from functools import partial

import pyarrow as pa
import pytest

from openoda.data.intake.bare_numbers import CODE, SIGN
from openoda.data.intake.casting import ROUNDED, booleans, integers, numbers, years


def whole(*texts: str, group: str = "", bare: bool = True) -> list[int | None]:
    column = pa.array(texts, pa.string())
    return integers(column, group=ord(group or "\0"), bare=bare).values.to_pylist()


def real(*texts: str, point: str = ".", group: str = "", bare: bool = True) -> list[float | None]:
    column = pa.array(texts, pa.string())
    typed = numbers(column, point=ord(point), group=ord(group or "\0"), bare=bare)
    return typed.values.to_pylist()


def test_integers_as_xml_schema_writes_them() -> None:
    """Signs and leading zeros are part of the form."""
    assert whole("0", "007", "+5", "-12", "-0") == [0, 7, 5, -12, 0]


@pytest.mark.parametrize(
    "text",
    [" 1", "1 ", "1.0", "1e3", "0x1F", "--1", "+", "-", "1,000", "١", "１", "1_000", "\t1", "inf"],
)
def test_what_is_no_integer(text: str) -> None:
    """No trimming, no hexadecimal, no digits of other scripts, no separators."""
    assert whole(text) == [None]


def test_integers_up_to_64_bits() -> None:
    """The least and the largest fit; one beyond is named, not wrapped round."""
    least, largest = -(2**63), 2**63 - 1
    assert whole(str(least), str(largest)) == [least, largest]
    beyond = pa.array([str(least - 1), str(largest + 1), "9" * 40])
    typed = integers(beyond, group=0, bare=True)
    assert typed.values.to_pylist() == [None] * 3
    assert [reason for _, reason in typed.bad] == ["beyond 64 bits"]


def test_integers_agree_with_python() -> None:
    """Ten thousand random ones around every length."""
    chance = random.Random(1)
    drawn = [
        chance.randint(-(10**digits), 10**digits) for digits in range(1, 19) for _ in range(500)
    ]
    assert whole(*map(str, drawn)) == drawn


def test_groups_are_of_three() -> None:
    """1,234 and 1234 are read; misplaced separators are not passed over."""
    assert whole("1,234", "12,345,678", "1234", "-1,000", group=",") == [
        1234,
        12345678,
        1234,
        -1000,
    ]
    wrong = ["12,34", "1,2345", ",123", "1,", "1,234,", "1234,567", "1,,234"]
    assert whole(*wrong, group=",") == [None] * len(wrong)


def test_numbers_as_the_specification_writes_them() -> None:
    """Decimals with or without a part on either side, and an exponent."""
    assert real("1", "1.5", ".5", "5.", "-0.25", "+2", "1e3", "1.5E-2", "1e+2") == [
        1, 1.5, 0.5, 5, -0.25, 2, 1000, 0.015, 100
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", ".", "-", "e5", "1e", "1e+", "1.2.3", "1,5", "NaN", "inf", "INF", "-inf", "0x1p3",
             " 1", "1 ", "1d3", "£5", "5%", "1e5.0", "1_0"]
)  # fmt: skip
def test_what_is_no_number(text: str) -> None:
    """Nothing that isn't a finite decimal, though the specification would allow NaN and INF."""
    assert real(text) == [None]


def test_numbers_are_the_nearest_float() -> None:
    """Equal to Python's own parser on awkward and on random decimals, short and long."""
    chance = random.Random(2)
    texts = ["0.1", "1e22", "1e23", "9007199254740993", "2.2250738585072014e-308", "5e-324",
             "179769313486231570000000000000000000000", "0." + "0" * 30 + "1", "1" + "0" * 25,
             "123456789012345678901234567890.5", "00000000000000000000000001.5"]  # fmt: skip
    for _ in range(5_000):
        digits = "".join(chance.choices("0123456789", k=chance.randint(1, 25)))
        place = chance.randint(0, len(digits))
        text = f"{digits[:place]}.{digits[place:]}"
        texts.append(text + (f"e{chance.randint(-40, 40)}" if chance.random() < 0.3 else ""))
    assert real(*texts) == [float(text) for text in texts]


def test_a_number_beyond_a_float_is_named() -> None:
    """1e400 is not infinity; 1e-400 is nought to a float, and that is named too."""
    typed = numbers(pa.array(["1e400", "1e-400"]), point=ord("."), group=0, bare=True)
    assert typed.values.to_pylist() == [None, 0.0]
    assert [reason for _, reason in typed.bad] == ["beyond the range of a 64-bit float", ROUNDED]


def test_decimal_commas_and_points_between_thousands() -> None:
    """As written on the continent, also where a long number needs exact rounding."""
    found = real("1.234,5", "0,1", "12.345.678.901.234.567,89", point=",", group=".")
    assert found == [1234.5, 0.1, 12345678901234567.89]
    assert real("1,234.5", "1.2.3,4", point=",", group=".") == [None, None]


def test_bare_number_false_takes_off_what_stands_around() -> None:
    """Currency and percent signs go, the sign stays; text without digits is no number."""
    found = real("£1,234.50", "95%", "-£3", "GBP 7 only", "£", group=",", bare=False)
    assert found == [1234.5, 95.0, -3.0, 7.0, None]
    assert whole("£5", "5 pa", "-£5", bare=False) == [5, 5, -5]


def test_negative_nought_and_emptiness() -> None:
    """-0 keeps its sign as a float; empty and null are missing, not wrong."""
    typed = numbers(pa.array(["-0", "", None]), point=ord("."), group=0, bare=True)
    values = typed.values.to_pylist()
    assert math.copysign(1, values[0]) == -1
    assert values[1:] == [None, None]
    assert typed.bad == ()


def test_a_slice_of_a_column_is_read_from_its_own_start() -> None:
    """Offsets and validity bits that don't start at nought."""
    column = pa.array(["9", None, "1", None, "x", "3"]).slice(1)
    typed = integers(column, group=0, bare=True)
    assert typed.values.to_pylist() == [None, 1, None, None, 3]
    assert typed.bad[0][0].tolist() == [3]


def test_booleans_are_the_listed_texts() -> None:
    """No other spelling counts, whatever its case."""
    typed = booleans(pa.array(["true", "1", "False", "yes", "tRue", None]),
                     true=["true", "1"], false=["False"])  # fmt: skip
    assert typed.values.to_pylist() == [True, True, False, None, None, None]
    assert typed.bad[0][0].tolist() == [3, 4]


def test_years_have_four_digits() -> None:
    """Neither two nor five, nor a sign."""
    typed = years(pa.array(["2018", "18", "02018", "-200", "201\n", None]))
    assert typed.values.to_pylist() == [2018, None, None, None, None, None]
    assert typed.bad[0][0].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "text",
    [
        "12345678901234567.89",
        "9007199254740993",
        "0.33333333333333333333",
        "1e-400",
        "-1" + "0" * 16 + ".5",
    ],
)
def test_a_number_that_no_float_holds_is_flagged(text: str) -> None:
    """Proves that rounding is never silent: the nearest float is kept and named."""
    typed = numbers(pa.array([text]), point=ord("."), group=0, bare=True)
    assert typed.values.to_pylist() == [float(text)]
    assert [(list(at), reason) for at, reason in typed.bad] == [([0], ROUNDED)]


@pytest.mark.parametrize(
    "text",
    ["0.30000000000000004", "51.752021999999997", "-1.2577263000000003", "1e300", "5e-324", "0e-999",
     "1" + "0" * 20, "0.1000000000000000055511151231257827021181583404541015625", "9007199254740992"],
)  # fmt: skip
def test_a_number_as_a_float_is_written_is_sound(text: str) -> None:
    """Proves that what programs write of a float, short, to 17 digits or in full, isn't flagged."""
    typed = numbers(pa.array([text]), point=ord("."), group=0, bare=True)
    assert (typed.values.to_pylist(), typed.bad) == ([float(text)], ())


@pytest.mark.parametrize(
    "text",
    [
        "(5)",
        "(£5.00)",
        "£(5)",
        "[5]",
        "1-",
        "£1.00-",
        "5+",
        "−5",
        "–5",
        "<5",
        "≥ 5",
        "~5",
        "5 CR",
        "5.00dr",
    ],
)
def test_what_may_change_a_number_is_never_taken_off(text: str) -> None:
    """Proves that brackets, a minus behind, a bound and a side of an account are named: stripped, they
    would leave another number."""
    for read in (integers, partial(numbers, point=ord("."))):
        typed = read(pa.array([text]), group=ord(","), bare=False)
        assert typed.values.to_pylist() == [None]
        assert [(list(at), reason) for at, reason in typed.bad] == [([0], SIGN)]


@pytest.mark.parametrize("text", ["A12B", "A12", "No12", "No.12"])
def test_letters_of_a_code_are_never_taken_off(text: str) -> None:
    """Proves that a code doesn't become a number."""
    typed = integers(pa.array([text]), group=0, bare=False)
    assert (typed.values.to_pylist(), typed.bad[0][1]) == ([None], CODE)
    assert real(text, bare=False) == [None]


def test_a_unit_that_touches_is_part_of_a_number_alone() -> None:
    """Proves that 5kg is a number with its unit, while 12B may be a house number."""
    assert real("5kg", "5 kg", "€95", "EUR 95", "EUR95", "95%", "-£5", "£-5.5", bare=False) == [
        5, 5, 95, 95, 95, 95, -5, -5.5,
    ]  # fmt: skip
    assert whole("12B", "12 people", "GBP 3", "£3", "3%", "3 (estimated)", bare=False) == [
        None, 12, 3, 3, 3, 3,
    ]  # fmt: skip
