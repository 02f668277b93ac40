"""Draws of UK values: sound ones written in many ways, and slips that the rules promise to notice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import strategies as st

from openoda.standards.uk import gss
from openoda.standards.uk.name_words import SPECIAL, kinds_of
from openoda.standards.uk.nhs_number import WEIGHTS
from openoda.standards.uk.postcode import AREAS, FOURTH, LETTERED, THIRD

DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BARRED = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ", "CR", "MW", "NC", "PY", "PZ")
ENTITIES = sorted(gss._entities())
CHANGED = sorted(code for code, vintage in gss._vintages().items() if vintage.end)
Draw = st.DrawFn
Texts = st.SearchStrategy[str]
Pairs = st.SearchStrategy[tuple[str, str]]


def spelt(value: str, between: str = " ") -> Texts:
    """The value in either case, with stray separators between its characters and spaces around."""
    size = len(value)
    gaps = st.lists(st.sampled_from(["", between]), min_size=size, max_size=size)
    cased = st.sampled_from([value, value.lower()])
    return st.tuples(cased, gaps, st.sampled_from(["", " ", "  "])).map(
        lambda drawn: drawn[2] + "".join(a + b for a, b in zip(*drawn[:2], strict=True)) + drawn[2]
    )


@st.composite
def numbers(draw: Draw, most: int) -> tuple[str, str]:
    """A whole number of at most `most` digits, and a way to write it."""
    value = str(draw(st.integers(1, 10**most - 1)))
    return value, draw(spelt("0" * draw(st.integers(0, 4)) + value))


@st.composite
def nhs_numbers(draw: Draw) -> tuple[str, str]:
    """A number with its check digit, worked out here in another way than in the rule."""
    nine = draw(st.text(DIGITS, min_size=9, max_size=9))
    value = with_check_digit(nine)
    value = value if len(set(value)) > 1 else "9434765919"
    return value, draw(spelt(value, "-"))


@st.composite
def ninos(draw: Draw) -> tuple[str, str]:
    """A National Insurance number of letters that are allocated."""
    first = draw(st.sampled_from([c for c in CAPITALS if c not in "DFIQUV"]))
    second = draw(st.sampled_from([c for c in CAPITALS if c not in "DFIQUVO"]))
    prefix = "AB" if first + second in BARRED else first + second
    value = (
        prefix
        + draw(st.text(DIGITS, min_size=6, max_size=6))
        + draw(st.sampled_from([*"ABCD", ""]))
    )
    return value, draw(spelt(value))


@st.composite
def postcodes(draw: Draw) -> tuple[str, str]:
    """A postcode of each form, of every area there is."""
    area = st.sampled_from(sorted(AREAS))
    plain = st.tuples(area, st.integers(0, 99).map(str)).map("".join)
    outward = draw(st.one_of(plain, lettered()))
    unit = draw(st.text("ABDEFGHJLNPQRSTUWXYZ", min_size=2, max_size=2))
    value = f"{outward} {draw(st.integers(0, 9))}{unit}"
    return value, draw(
        st.sampled_from([value, value.lower(), value.replace(" ", ""), f" {value} "])
    )


def lettered() -> Texts:
    """An outward code that ends in a letter: after one letter of THIRD, after two of FOURTH."""
    return st.sampled_from(sorted(LETTERED)).flatmap(
        lambda district: st.sampled_from(FOURTH if district[1].isalpha() else THIRD).map(
            lambda letter: district + letter
        )
    )


@st.composite
def chi_numbers(draw: Draw) -> str:
    """Scotland's: a date of birth, three digits and the check digit; empty where none exists."""
    born = draw(st.dates(date(1900, 1, 1), date(2026, 1, 1)))
    nine = born.strftime("%d%m%y") + draw(st.text(DIGITS, min_size=3, max_size=3))
    return with_check_digit(nine)


@st.composite
def health_and_care_numbers(draw: Draw) -> str:
    """Northern Ireland's, of the range kept for it; empty where there is no check digit."""
    return with_check_digit(str(draw(st.integers(320_000_001, 399_999_999))))


def with_check_digit(nine: str) -> str:
    """Nine digits and the tenth, found by trying all; empty where none fits."""
    total = sum(w * int(d) for w, d in zip(WEIGHTS, nine, strict=True))
    return next((f"{nine}{d}" for d in range(10) if (total + d) % 11 == 0), "")


@st.composite
def gss_codes(draw: Draw) -> tuple[str, str]:
    """A code of any entity of the register, in either case."""
    code = draw(st.sampled_from(ENTITIES)) + f"{draw(st.integers(0, 999_998)):06}"
    return code, draw(st.sampled_from([code, code.lower(), f" {code} "]))


@st.composite
def bands(draw: Draw) -> tuple[str, str]:
    """A band, or band A with the disabled reduction, in the ways that systems write them."""
    value = draw(st.sampled_from([*"ABCDEFGHI", "A-"]))
    if value == "A-":
        return value, draw(st.sampled_from(["A-", "AR", "@", "band A-", "a (reduced)"]))
    before = draw(st.sampled_from(["", "band ", "Band: ", "COUNCIL TAX BAND ", " "]))
    return value, before + draw(st.sampled_from([value, value.lower()]))


@st.composite
def dates(
    draw: Draw, first: date = date(1904, 1, 1), last: date = date(2026, 1, 1)
) -> tuple[str, str]:
    """A day and one of the ways to write it."""
    day = draw(st.dates(first, last))
    if day in (date(1911, 11, 11), date(1900, 1, 1)):
        day += timedelta(days=1)
    written = draw(
        st.sampled_from(
            ["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%d-%b-%Y", "%Y%m%d", "%d%m%Y"]
        )
    )
    return day.isoformat(), day.strftime(written)


@st.composite
def phones(draw: Draw) -> tuple[str, str]:
    """A UK number of ten digits after the 0, as people write it."""
    two = draw(
        st.sampled_from(
            ["11", "13", "16", "19", "20", "24", "29", "30", "33", "70", "77", "79", "84"]
        )
    )
    rest = draw(st.text(DIGITS, min_size=8, max_size=8))
    before = draw(st.sampled_from(["0", "+44", "+44 ", "+44 (0)", "0044 ", "(0"]))
    after = ")" if before == "(0" else ""
    gap = draw(st.sampled_from(["", " ", "-", "."]))
    return f"+44{two}{rest}", f"{before}{two}{rest[:2]}{after}{gap}{rest[2:]}"


@st.composite
def emails(draw: Draw) -> tuple[str, str]:
    """An address, in a mixture of cases."""
    atom = st.text("abcxyz019!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=8)
    label = st.from_regex(r"\A[a-z0-9](?:[a-z0-9-]{0,6}[a-z0-9])?\Z")
    local = ".".join(draw(st.lists(atom, min_size=1, max_size=3)))
    domain = ".".join(draw(st.lists(label, min_size=1, max_size=3)))
    value = f"{local}@{domain}.{draw(st.sampled_from(['uk', 'com', 'gov']))}"
    return value, draw(st.sampled_from([value, value.upper(), f" {value} ", f"<{value}>"]))


@st.composite
def names(draw: Draw) -> tuple[str, str]:
    """Forenames and a surname in capitals, and a way to write them with title, suffix and comma."""
    word = st.from_regex(r"\A[A-Z][a-z]{2,6}(?:-[A-Z][a-z]{2,5})?\Z").filter(
        lambda w: not kinds_of(w.upper()) and w.upper() not in SPECIAL
    )
    fore = draw(st.lists(word, min_size=1, max_size=3))
    particle = draw(st.sampled_from(["", "van ", "De La ", "O'", "Mc "]))
    last = particle + draw(word)
    title = draw(st.sampled_from(["", "Mr ", "MRS. ", "Dr "]))
    suffix = draw(st.sampled_from(["", " Jnr", ", OBE"]))
    said = " ".join(fore)
    written = f"{last}, {title}{said}" if draw(st.booleans()) else f"{title}{said} {last}{suffix}"
    value = f"{said} {last}".upper().replace("'", "")
    return value, draw(st.sampled_from([written, written.upper()]))


@st.composite
def addresses(draw: Draw) -> tuple[str, str]:
    """A number, a street, a town, a postcode, in lines or on one, in any case."""
    street = draw(st.sampled_from(["HIGH STREET", "ST JOHN'S ROAD", "THE GREEN", "Y STRYD FAWR"]))
    town = draw(st.sampled_from(["OXFORD", "STOKE-ON-TRENT", "CAERDYDD"]))
    lines = [f"{draw(st.integers(1, 400))} {street}", town, "OX1 4AJ"]
    between = draw(st.sampled_from([", ", ",", "\n", "\r\n", " , ", ";", ",,", ".\n"]))
    written = between.join(lines)
    return ", ".join(lines), draw(st.sampled_from([written, written.lower(), f" {written}. "]))


SOUND: dict[str, Callable[[], Pairs]] = {
    "uprn": lambda: numbers(12),
    "usrn": lambda: numbers(8),
    "nhs-number": nhs_numbers,
    "nino": ninos,
    "postcode": postcodes,
    "date": dates,
    "date-of-birth": dates,
    "phone": phones,
    "address": addresses,
    "email": emails,
    "name": names,
    "council-tax-band": bands,
    "gss": gss_codes,
    "forename": lambda: st.sampled_from(
        [("BILL", "Bill"), ("ZOE", "Zoë"), ("MARY ANN", "Mary  Ann")]
    ),
    "surname": lambda: st.sampled_from([("OBRIEN", "O'Brien"), ("DE LA CRUZ", "de la Cruz")]),
}


@st.composite
def any_values(draw: Draw, kind: str) -> str | None:
    """Whatever a column of the kind may hold: sound, damaged, of another kind, nonsense, nothing."""
    sound = SOUND[kind]().map(lambda pair: pair[1])
    other = (
        st.sampled_from(sorted(SOUND)).flatmap(lambda name: SOUND[name]()).map(lambda pair: pair[1])
    )
    odd = st.text(
        st.sampled_from("0123456789AaZzOo@.,-+()/' \t\u00a0éЯß?&\u200b\u2019"), max_size=14
    )
    drawn = draw(st.one_of(sound, sound, other, odd, st.text(max_size=20), st.none()))
    if drawn and draw(st.integers(0, 2)) == 0:
        at = draw(st.integers(0, len(drawn) - 1))
        other_one = draw(st.sampled_from("?09AEOZz -.,"))
        before, after = drawn[:at], drawn[at + 1 :]
        slips = [before + after, before + other_one + drawn[at:], before + other_one + after]
        drawn = draw(st.sampled_from(slips))
    return drawn
