"""NHS number: ten digits, the last one a check digit (modulus 11).

Rule: multiply the first nine digits by 10, 9, … 2, add, take 11 minus the remainder of the sum by 11;
11 becomes 0, and 10 means that no such number is issued. Canonical form: ten digits without spaces.
Because the weights are prime to 11, any change of one digit is noticed.

Source: NHS Data Model and Dictionary (datadictionary.nhs.uk), read: NHS NUMBER (the rule, in five
steps); COMMUNITY HEALTH INDEX NUMBER (Scotland: date of birth DDMMYY, two digits, one that is even for
females and odd for males, the check digit); HEALTH AND CARE NUMBER (Northern Ireland: same form, from
320 000 001 to 399 999 999, each with its check digit, a range reserved for it). They share form and
check digit, so a note tells them apart and none is ever refused.

Not read in a primary text, so in notes alone: 400 000 000 to 499 999 999 and 600 000 000 to 799 999 999
for England, Wales and the Isle of Man (secondary: a pre-release FHIR profile of NHS England,
England-Identifier-NHS-Number); 999 for tests (secondary: NHSDigital/manage-vaccinations-in-schools);
the rest of 9 not issued and used by test systems (secondary: the nhs-number project, and the examples
of NHS England's own interfaces, which lie there). That England issues numbers beginning with 3 is said
by Wikipedia alone, contradicts the dictionary, and is not used.
"""

from datetime import date

from openoda.standards.uk.checked import NOTHING, Checked, joined, sound, unsound

LENGTH = 10
WEIGHTS = (10, 9, 8, 7, 6, 5, 4, 3, 2)
NO_CHECK_DIGIT = 10
RANGES = (
    (3200000010, 3999999999, "in the range of Northern Ireland's Health and Care numbers"),
    (4000000000, 4999999999, "in the range issued in England, Wales and the Isle of Man"),
    (6000000000, 7999999999, "in the range issued in England, Wales and the Isle of Man"),
    (9000000000, 9989999999, "in a range that is not issued, which test systems use"),
    (9990000000, 9999999999, "in the range kept for tests: nobody's number"),
)
SCOTLAND = "begins with a date, as Scotland's CHI numbers do: not an NHS number of England"
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
    """Whose number of ten digits it may be, in words."""
    if begins_with_date(number):
        return SCOTLAND
    for first, last, words in RANGES:
        if first <= int(number) <= last:
            return words
    return UNKNOWN_RANGE


def begins_with_date(number: str) -> bool:
    """Whether the first six digits are a day, month and year (of either century)."""
    try:
        # Leap years fall alike in both centuries but for 00, which was one in 2000.
        date(2000 + int(number[4:6]), int(number[2:4]), int(number[:2]))
    except ValueError:
        return False
    return True
