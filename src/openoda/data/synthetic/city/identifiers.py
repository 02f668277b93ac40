"""Identifiers that look like real ones and that nobody has or will have.

NHS number: weights 10 to 2, check digit 11 − sum mod 11 (NHS Data Dictionary). 999 000 0000 to
999 999 9999 is the range for tests; it has 900,000 usable numbers here, and a larger city goes on in
900 … to 998 …: issued numbers begin with 4, 6 or 7, and 3 in England, none with 9.
NINO: HMRC's manual NIM39110 says that Q is used neither as first nor as second letter, so every
number here begins with Q. A strict check of prefixes must therefore fail all of them; there is no
range that passes it and is promised never to be issued.
Telephone: Ofcom, numbers for use in drama: 07700 900xxx, and xxx in 01632 960, 020 7946 0 and seven
other cities. Those are 1,000 mobiles and 9,000 landlines in all, so numbers recur far more than in
life: no linker should be judged by them.
Email: example.com, .net, .org and the top-level domain .example (RFC 2606).
Pupil number: DfE's form (check letter, authority, school, year, serial) with authority 000.
Vehicle: current form with the memory tag QQ, as Q never stands in one (DVLA).
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.synthetic.city.draws import Draws, Whole
from openoda.data.synthetic.city.text import chosen, digits, glue, put, take

TEST_RANGE = 900_000
"""NHS numbers that 999 gives: 100,000 stems of eight digits, nine of the ten next digits each."""
_NINO_SECOND = chosen(list("ABCEGHJKLMNPRSTWXYZ"))
_NINO_LAST = chosen(list("ABCD"))
LANDLINES = (
    "01632 960", "020 7946 0", "0113 496 0", "0114 496 0", "0115 496 0", "0117 496 0", "0121 496 0",
    "0131 496 0", "0161 496 0",
)  # fmt: skip
MOBILE = "07700 900"
DOMAINS = (
    "example.com", "example.org", "example.net", "mail.example", "post.example", "inbox.example",
)  # fmt: skip
_UPN_LETTERS = chosen(list("ABCDEFGHJKLMNPQRTUVWXYZ"))


def nhs_numbers(index: Whole) -> pa.Array:
    """NHS numbers of ten digits, one for each person's number (0 to 89 million), in no order."""
    tests = index < TEST_RANGE
    at = np.where(tests, index * 524_287 % TEST_RANGE, index - TEST_RANGE)
    at = np.where(tests, at, at * 6_700_417 % 89_100_000)
    stem = np.where(tests, 99_900_000, 90_000_000) + at // 9
    total = np.zeros(len(index), dtype=np.int64)
    for place in range(8):
        total += stem // 10 ** (7 - place) % 10 * (10 - place)
    # The ninth digit has weight 2: one value of it in eleven would need 10 as check digit.
    barred = (1 - total) * 6 % 11
    ninth = at % 9 + (at % 9 >= barred)
    check = (11 - (total + 2 * ninth) % 11) % 11
    return digits(stem * 100 + ninth * 10 + check)


def ninos(index: Whole) -> pa.Array:
    """National Insurance numbers that begin with Q, one for each number below 76 million."""
    at = index * 15_485_863 % 76_000_000
    prefix = glue("Q", take(_NINO_SECOND, at // 4_000_000))
    return glue(prefix, digits(at // 4 % 1_000_000, 6), take(_NINO_LAST, at % 4))


def mobiles(draws: Draws, keys: Whole) -> pa.Array:
    """Mobile numbers as people write them: five digits, a space, six."""
    return glue(MOBILE, digits(draws.below("mobile", keys, 1000), 3))


def landlines(draws: Draws, keys: Whole) -> pa.Array:
    """Landline numbers, one for each household."""
    return glue(
        take(chosen(list(LANDLINES)), draws.below("landline/area", keys, len(LANDLINES))),
        digits(draws.below("landline", keys, 1000), 3),
    )


def emails(draws: Draws, given: pa.Array, family: pa.Array, born: Whole) -> pa.Array:
    """Addresses made of unaccented names and perhaps a year or a number, at reserved domains."""
    keys = np.arange(len(born))
    names = [_letters(each) for each in (given, family)]
    custom = draws.below("email/custom", keys, 5)
    year = digits(born * 4 // 1461 % 100, 2)
    number = digits(draws.below("email/number", keys, 1000))
    local = glue(names[0], ".", names[1], number)
    local = put(local, custom == 1, glue(pc.utf8_slice_codeunits(names[0], 0, 1), names[1], year))
    local = put(local, custom == 2, glue(names[0], "_", names[1]))
    local = put(local, custom == 3, glue(names[1], ".", names[0], year))
    domain = take(chosen(list(DOMAINS)), draws.below("email/domain", keys, len(DOMAINS)))
    return glue(local, "@", domain)


def _letters(names: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(pc.utf8_lower(names), r"[^a-z]", "")


def pupil_numbers(index: Whole, start_year: Whole) -> pa.Array:
    """Unique pupil numbers of the authority 000, which doesn't exist."""
    at = index * 7_919 % 10_000_000
    letter = take(_UPN_LETTERS, at % 23)
    return glue(
        letter, "000", digits(at // 1000, 4), digits(start_year % 100, 2), digits(at % 1000, 3)
    )


def plates(draws: Draws, keys: Whole) -> pa.Array:
    """Vehicle registrations with the memory tag QQ, which is none."""
    letters = chosen(list("ABCDEFGHJKLMNOPRSTUVWXYZ"))
    years = draws.below("plate/year", keys, 25) + np.where(
        draws.chance("plate/half", keys, 0.5), 51, 1
    )
    last = [take(letters, draws.below(f"plate/{place}", keys, len(letters))) for place in range(3)]
    return glue("QQ", digits(years, 2), " ", *last)
