"""NHS number: ten digits, the last one a check digit (modulus 11).

Rule: multiply the first nine digits by 10, 9, … 2, add, take 11 minus the remainder of the sum by 11;
11 becomes 0, and 10 means that no such number is issued. Canonical form: ten digits without spaces.
Because the weights are prime to 11, any change of one digit is noticed.

Source: NHS Data Model and Dictionary, attribute NHS NUMBER (datadictionary.nhs.uk). Scotland's CHI
number (day, month and year of birth first) and Northern Ireland's Health and Care number share form
and check digit. The ranges told in notes (CHI 010 100 0000 to 311 299 9999; Health and Care 320 000
0010 to 399 999 9999; England, Wales and Isle of Man 400 000 0000 to 499 999 9999 and 600 000 0000 to
799 999 9999; 999 000 0000 to 999 999 9999 for tests) are as commonly quoted from the NHS and were not
read in a primary document, so they never refuse a number. England also issues from 3xx (said without
bounds), so there the note says that it can be either.
"""

from openoda.standards.uk.checked import NOTHING, Checked, joined, sound, unsound

LENGTH = 10
WEIGHTS = (10, 9, 8, 7, 6, 5, 4, 3, 2)
NO_CHECK_DIGIT = 10
RANGES = (
    (101000000, 3112999999, "in the range of Scotland's CHI numbers: not an NHS number of England"),
    (3200000010, 3999999999, "in the range of Northern Ireland's Health and Care numbers"),
    (4000000000, 4999999999, "in the range issued in England, Wales and the Isle of Man"),
    (6000000000, 7999999999, "in the range issued in England, Wales and the Isle of Man"),
    (9990000000, 9999999999, "in the range kept for tests: nobody's number"),
)
UNKNOWN_RANGE = "in no range that is known to be issued"


def check_digit(first_nine: str) -> int:
    """The tenth digit for the first nine; 10 where none exists and the number isn't issued."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_nine, strict=True))
    return (11 - total % 11) % 11


def check(text: str) -> Checked:
    """The NHS number as ten digits; the notes say whose range it lies in.

    Problems: missing, not-digits, too-short, too-long, placeholder (all digits alike), check-digit.
    """
    given = joined(text)
    if not given:
        return NOTHING
    if not (given.isascii() and given.isdigit()):
        return unsound("not-digits", "An NHS number holds digits alone.")
    if len(given) < LENGTH:
        lost = " Nine digits may be a CHI number whose leading zero a spreadsheet took."
        return unsound("too-short", "An NHS number has ten digits." + lost * (len(given) == 9))
    if len(given) > LENGTH:
        return unsound("too-long", "An NHS number has ten digits.")
    if given == given[0] * LENGTH:
        return unsound("placeholder", "Ten digits alike are a filler, though some pass the check.")
    if check_digit(given[:9]) != int(given[9]):
        return unsound("check-digit", "The last digit isn't the check digit of the others.")
    return sound(given, range_of(given))


def range_of(number: str) -> str:
    """Whose range a ten-digit number lies in, in words."""
    for first, last, words in RANGES:
        if first <= int(number) <= last:
            return words
    return UNKNOWN_RANGE
