"""Draws of UK values: sound ones written in many ways, and slips that the rules promise to notice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import strategies as st

from openoda.standards.uk.name_words import SPECIAL, kinds_of
from openoda.standards.uk.nhs_number import WEIGHTS

DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BARRED = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ", "CR", "MW", "NC", "PP", "PY", "PZ")
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
    total = sum(w * int(d) for w, d in zip(WEIGHTS, nine, strict=True))
    tenth = [d for d in range(10) if (total + d) % 11 == 0]
    value = f"{nine}{tenth[0]}" if tenth and len(set(f"{nine}{tenth[0]}")) > 1 else "9434765919"
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
    """A postcode of each form."""
    outward = draw(
        st.one_of(
            st.tuples(
                st.sampled_from(["B", "M", "LS", "BT", "ZE", "JE", "BF", "SW"]),
                st.integers(0, 99).map(str),
            ).map("".join),
            st.sampled_from(["W1A", "EC1A", "E1W", "N1C", "SW1P", "WC2N", "SE1P", "NW1W"]),
        )
    )
    unit = draw(st.text("ABDEFGHJLNPQRSTUWXYZ", min_size=2, max_size=2))
    value = f"{outward} {draw(st.integers(0, 9))}{unit}"
    return value, draw(
        st.sampled_from([value, value.lower(), value.replace(" ", ""), f" {value} "])
    )


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
    "council-tax-band": lambda: st.sampled_from([(b, f"band {b}") for b in "ABCDEFGHI"]),
    "gss": lambda: st.integers(1, 999998).map(lambda n: (f"E05{n:06}", f"e05{n:06}")),
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
