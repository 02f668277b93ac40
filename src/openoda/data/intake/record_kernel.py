"""Where records begin and end: the rules, as a loop over bytes compiled by numba.

A physical line ends with LF, CRLF or a bare CR, which may be mixed in one file. A record starts at
the start of a line. A field that starts with a quote runs to its closing quote, across delimiters
and line ends; a doubled quote inside it stands for one. Anywhere else a quote is an ordinary
character, and the field is marked as stray. A record is accepted when it has as many fields as the
header, holds no NUL, is UTF-8 and is no longer than the limit (its own line end not counted).

What is wrong with a record on one line costs that line. A record that runs over several lines is
only believed when it holds together. It is taken for a quote that was never closed, and costs its
first physical line alone (reading resumes on the second), when after its first line end

1. text follows a closing quote, or
2. a quote stands inside an unquoted field, or
3. it has more fields than the header, or more than `CROSSING` of its fields run over a line end, or
4. the file ends inside the quotes, or
5. it passes the limit of size; or when it ends, but
6. with fewer fields than the header, or
7. the lines it swallowed look like whole records: of its inner lines (neither its first nor its
   last) at least half are, read alone, whole records without a stray quote, and at least
   `STRONG` delimiters stand as whole records would have them. Each such inner line counts the
   header's delimiters; so do the first and the last line, if both hold exactly that many when every
   quote is taken for text.

Fewer than `STRONG` is no proof, since free text holds commas too: such a record is accepted, and the
value is marked as `SPANS`. A one-column file has no delimiters, so rule 7 says nothing there.

The first cause met in reading order is the one reported.

Bounded work: suppose that the scan of an unclosed record passes a later line that would, read alone,
open a quote too. Inside quotes such a line must close a field and open another that runs over its
end (doubled quotes alone open nothing), and rule 3 allows `CROSSING` of these. So no byte is scanned
more than `CROSSING` + 2 times, whatever the file, nor further ahead than the limit.
"""

import numpy as np

from openoda.data.intake.compiled import ByteRoom, Bytes, LongRoom, Marks, SmallRoom, compiled
from openoda.data.intake.dialect import Dialect

# Kinds of byte.
ORDINARY, DELIMITER, QUOTE, LINE_END, NUL = 0, 1, 2, 3, 4

# What became of a record. From BLANK on: quarantined.
ACCEPTED = 0
BLANK = 1
WRONG_COUNT = 2
TEXT_AFTER_QUOTE = 3
HAS_NUL = 4
NOT_UTF8 = 5
TOO_LONG = 6
UNCLOSED_TEXT = 7
UNCLOSED_STRAY = 8
UNCLOSED_COUNT = 9
UNCLOSED_END = 10
UNCLOSED_LONG = 11
UNCLOSED_RECORDS = 12
UNCLOSED_CROSSING = 13

# Marks on a value of an accepted record.
STRAY, SPANS = 0, 1

# Why a walk over a record stopped.
ENDED, TEXT, STRAY_LATER, MANY, CROSSED, RAN_OUT, MORE = 0, 1, 2, 3, 4, 5, 6
_AT_START, _PLAIN, _QUOTED, _CLOSED = 0, 1, 2, 3

STRONG = 6
CROSSING = 64
LF, CR = 10, 13

# The bytes at hand, where they end, and whether the file ends there.
Text = tuple[Bytes, int, bool]
# The kind of each byte, the header's number of fields, and the limit of a record's size.
Rules = tuple[Bytes, int, int]
# Where marks are noted (record, field from 1, mark), how many are, and the record to note.
Notes = tuple[Marks, int, int]
# Where a walk stopped, why, whether inside quotes, fields, line ends inside quotes, the end of its
# first line (0 if it has one line), the field that ran over it, its bytes or-ed together, whether a
# NUL was among them, and the marks now noted.
Walked = tuple[int, int, bool, int, int, int, int, int, bool, int]


def byte_kinds(dialect: Dialect) -> Bytes:
    """The kind of each of the 256 bytes; without a quote character quotes are ordinary ones."""
    kinds = np.zeros(256, dtype=np.uint8)
    kinds[[0, LF, CR]] = [NUL, LINE_END, LINE_END]
    if dialect.quote:
        kinds[ord(dialect.quote)] = QUOTE
    kinds[ord(dialect.delimiter)] = DELIMITER
    return kinds


@compiled
def line_break(text: Text, at: int) -> int:
    """Bytes of the line end at `at` (1 or 2); 0 if the byte after a last CR must be seen first."""
    data, end, final = text
    if data[at] == LF:
        return 1
    if at + 1 < end:
        return 2 if data[at + 1] == LF else 1
    return 1 if final else 0


@compiled
def line_end(text: Text, at: int) -> int:
    """Index just past the physical line that holds `at`; -1 if it isn't all at hand."""
    data, end, final = text
    while at < end:
        if data[at] == LF or data[at] == CR:
            size = line_break(text, at)
            return at + size if size else -1
        at += 1
    return end if final else -1


@compiled
def note(marks: Marks, marked: int, record: int, field: int, mark: int) -> int:
    """Note a mark; returns how many there are now."""
    marks[marked, 0], marks[marked, 1], marks[marked, 2] = record, field, mark
    return marked + 1


# One loop on purpose: a call for each byte would cost more than the work itself.
@compiled
def walk(text: Text, start: int, stop: int, rules: Rules, notes: Notes) -> Walked:  # noqa: C901
    """Read one record from `start`, no further than `stop`; what it met is told by `Walked`."""
    data, kinds, expected = text[0], rules[0], rules[1]
    marks, marked, record = notes
    at, state, fields, breaks, first_end, over = start, _AT_START, 1, 0, 0, 0
    seen, nul, why = 0, False, RAN_OUT
    last_stray = crossings = crossed = 0
    while at < stop:
        kind = kinds[data[at]]
        if kind == ORDINARY and state != _CLOSED:
            if state == _AT_START:
                state = _PLAIN
            while at < stop and kinds[data[at]] == ORDINARY:
                seen = seen | data[at]
                at += 1
            continue
        elif kind == LINE_END:
            size = line_break(text, at)
            crossings, crossed = crossings + (crossed != fields), fields
            if size == 0 or state != _QUOTED or crossings > CROSSING:
                why = MORE if size == 0 else ENDED if state != _QUOTED else CROSSED
                break
            at += size - 1
            breaks += 1
            if breaks == 1:
                first_end, over = at + 1, fields
        elif kind == QUOTE and state != _PLAIN:
            state = _CLOSED if state == _QUOTED else _QUOTED
        elif kind == QUOTE:
            if breaks:
                why = STRAY_LATER
                break
            if last_stray != fields and fields <= expected:
                last_stray = fields
                marked = note(marks, marked, record, fields, STRAY)
        elif kind == DELIMITER and state != _QUOTED:
            fields += 1
            state = _AT_START
            if breaks and fields > expected:
                why = MANY
                break
        elif state == _CLOSED:
            why = TEXT
            break
        else:
            nul = nul or kind == NUL
            if state == _AT_START:
                state = _PLAIN
        at += 1
    return at, why, state == _QUOTED, fields, breaks, first_end, over, seen, nul, marked


@compiled
def is_utf8(data: Bytes, at: int, end: int) -> bool:
    """Whether the bytes are UTF-8 (Unicode 15, table 3-7: no surrogates, no overlong forms)."""
    while at < end:
        first = data[at]
        at += 1
        if first < 0x80:
            continue
        low, high = 0x80, 0xBF
        if 0xC2 <= first <= 0xDF:
            more = 1
        elif 0xE0 <= first <= 0xEF:
            more = 2
            low = 0xA0 if first == 0xE0 else low
            high = 0x9F if first == 0xED else high
        elif 0xF0 <= first <= 0xF4:
            more = 3
            low = 0x90 if first == 0xF0 else low
            high = 0x8F if first == 0xF4 else high
        else:
            return False
        if at + more > end:
            return False
        for _ in range(more):
            if data[at] < low or data[at] > high:
                return False
            low, high = 0x80, 0xBF
            at += 1
    return True


@compiled
def delimiters(data: Bytes, at: int, end: int, kinds: Bytes) -> int:
    """How many delimiters the bytes hold, every quote taken for text."""
    count = 0
    while at < end:
        count += kinds[data[at]] == DELIMITER
        at += 1
    return count


@compiled
def alone(data: Bytes, line: int, stop: int, rules: Rules, notes: Notes) -> bool:
    """Whether a physical line is, read by itself, a whole record without a stray quote."""
    _, why, quoted, fields, breaks, _, _, _, _, strays = walk(
        (data, stop, True), line, stop, rules, notes
    )
    tidy = why in (ENDED, RAN_OUT) and not quoted and breaks == 0
    return tidy and strays == notes[1] and fields == rules[1]


@compiled
def swallowed(data: Bytes, start: int, end: int, rules: Rules, notes: Notes) -> int:
    """Rule 7 on a record of several lines that ends before `end`: 0 no sign, 1 weak, 2 strong."""
    kinds, expected, _ = rules
    if expected < 2:
        return 0
    text = (data, end, True)
    line, stop = start, line_end(text, start)
    first = delimiters(data, line, stop, kinds)
    inner = whole = 0
    line, stop = stop, line_end(text, stop)
    while stop < end:
        whole += alone(data, line, stop, rules, notes)
        inner += 1
        line, stop = stop, line_end(text, stop)
    pair = first == expected - 1 and delimiters(data, line, stop, kinds) == expected - 1
    if 2 * whole >= inner and (whole + 2 * pair) * (expected - 1) >= STRONG:
        return 2
    return 1 if whole or (pair and expected > 2) else 0


@compiled
def several_lines(
    data: Bytes, start: int, walked: Walked, rules: Rules, notes: Notes
) -> tuple[int, int]:
    """Why a record over several lines is taken for an unclosed quote, and the sign of rule 7.

    ACCEPTED if it isn't taken for one.
    """
    at, why, quoted, fields, _, _, _, _, _, marked = walked
    if why == TEXT:
        return UNCLOSED_TEXT, 0
    if why == STRAY_LATER:
        return UNCLOSED_STRAY, 0
    if why == CROSSED:
        return UNCLOSED_CROSSING, 0
    if why == MANY:
        return UNCLOSED_COUNT, 0
    if why == RAN_OUT and at > start + rules[2]:
        return UNCLOSED_LONG, 0
    if quoted:
        return UNCLOSED_END, 0
    if fields != rules[1]:
        return UNCLOSED_COUNT, 0
    sign = swallowed(data, start, at, rules, (notes[0], marked, notes[2]))
    return (UNCLOSED_RECORDS if sign == 2 else ACCEPTED), sign


@compiled
def content_end(data: Bytes, start: int, end: int) -> int:
    """Index of the line end that closes the bytes from `start` to `end`, or `end` without one."""
    if end > start and data[end - 1] == LF:
        end -= 1
    elif end == start or data[end - 1] != CR:
        return end
    else:
        return end - 1
    return end - 1 if end > start and data[end - 1] == CR else end


@compiled
def one_line(text: Text, start: int, at: int, limit: int) -> tuple[int, int]:
    """End and verdict of a line that is too long or has text after a closing quote at `at`.

    An end of -1 asks for more bytes; -2 says that a line over the limit doesn't end in them.
    """
    stop = line_end(text, at)
    if stop < 0:  # a last CR may still end a line of exactly the limit
        return (-2 if text[1] - start > limit + 1 else -1), TOO_LONG
    long = content_end(text[0], start, stop) - start > limit
    return stop, TOO_LONG if long else TEXT_AFTER_QUOTE


@compiled
def in_good_order(data: Bytes, start: int, walked: Walked, expected: int) -> int:
    """What becomes of a record whose quotes and size are sound."""
    at, _, quoted, fields, _, _, _, seen, nul, _ = walked
    if quoted:
        return UNCLOSED_END
    if at == start:
        return BLANK
    if nul:
        return HAS_NUL
    if seen >= 0x80 and not is_utf8(data, start, at):
        return NOT_UTF8
    return ACCEPTED if fields == expected else WRONG_COUNT


@compiled
def read_record(
    text: Text, start: int, rules: Rules, notes: Notes
) -> tuple[int, int, int, int, int]:
    """Judge the record at `start`: its end, line ends used, verdict, fields found, marks noted.

    An end of -1 or -2 means what it does for `one_line`.
    """
    (data, end, final), (_, expected, limit), (marks, marked, record) = text, rules, notes
    walked = walk(text, start, min(end, start + limit + 1), rules, notes)
    at, why, _, fields, breaks, first_end, over, _, _, now = walked
    too_long = why == RAN_OUT and at > start + limit
    if why == MORE or (why == RAN_OUT and not too_long and not final):
        return -1, 0, 0, 0, marked
    sign = 0
    if breaks:
        verdict, sign = several_lines(data, start, walked, rules, notes)
        if verdict:
            return first_end, 1, verdict, fields, marked
    elif too_long or why == TEXT:
        stop, verdict = one_line(text, start, at, limit)
        return stop, 1, verdict, fields, marked
    verdict = in_good_order(data, start, walked, expected)
    stop = at + (line_break(text, at) if why == ENDED else 0)
    if verdict:
        return stop, breaks + 1, verdict, fields, marked
    if sign:
        now = note(marks, now, record, over, SPANS)
    return stop, breaks + 1, verdict, fields, now


Out = tuple[LongRoom, SmallRoom, ByteRoom, SmallRoom]


@compiled
def split(text: Text, at: int, rules: Rules, out: Out, marks: Marks) -> tuple[int, int, int, int]:
    """Judge records from `at` until the bytes or the room in the outputs run out.

    `out` takes the index just past each record, its physical lines, verdict and fields; `marks` rows
    of record, field from 1, mark. Returns the number of records, of marks, the index reached, and 1
    if a line longer than the limit starts there.
    """
    ends, lines, verdicts, found = out
    count = marked = 0
    room = marks.shape[0] - 2 * rules[1] - 2
    while at < text[1] and count < ends.shape[0] and marked < room:
        stop, used, verdict, fields, marked = read_record(text, at, rules, (marks, marked, count))
        if stop < 0:
            return count, marked, at, int(stop == -2)
        ends[count], lines[count], verdicts[count], found[count] = stop, used, verdict, fields
        count += 1
        at = stop
    return count, marked, at, 0
