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
3. it has more fields than the header, or
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

The first cause met in reading order is the one reported. Bounded work: a line that opens a quote
which a scan from an earlier line passes must add a field to that scan, and rule 3 ends it, so no
byte is read more often than the header has fields, nor further ahead than the limit.
"""

import numpy as np

from openoda.data.intake.compiled import compiled

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

# Marks on a value of an accepted record.
STRAY, SPANS = 0, 1

# Why a walk over a record stopped.
ENDED, TEXT, STRAY_LATER, MANY, RAN_OUT, MORE = 0, 1, 2, 3, 4, 5
_AT_START, _PLAIN, _QUOTED, _CLOSED = 0, 1, 2, 3

STRONG = 6
LF, CR = 10, 13


def byte_kinds(delimiter: int) -> np.ndarray:
    """The kind of each of the 256 bytes, for one delimiter."""
    kinds = np.zeros(256, dtype=np.uint8)
    kinds[[0, LF, CR, ord('"')]] = [NUL, LINE_END, LINE_END, QUOTE]
    kinds[delimiter] = DELIMITER
    return kinds


@compiled
def line_break(data, at, end, final):  # type: ignore[no-untyped-def]
    """Bytes of the line end at `at` (1 or 2); 0 if the byte after a last CR must be seen first."""
    if data[at] == LF:
        return 1
    if at + 1 < end:
        return 2 if data[at + 1] == LF else 1
    return 1 if final else 0


@compiled
def line_end(data, at, end, final):  # type: ignore[no-untyped-def]
    """Index just past the physical line that holds `at`; -1 if it isn't all in `data`."""
    while at < end:
        if data[at] == LF or data[at] == CR:
            size = line_break(data, at, end, final)
            return at + size if size else -1
        at += 1
    return end if final else -1


@compiled
def walk(data, start, stop, end, final, kinds, expected, marks, marked, record):  # type: ignore[no-untyped-def]
    """Read one record from `start`, no further than `stop`.

    Returns where it stopped, why, whether inside quotes, fields, line ends inside quotes, the end of
    its first line (0 if it has one line), the field that ran over it, the bytes or-ed together,
    whether a NUL was seen, and the number of marks.
    """
    at, state, fields, breaks, first_end, over = start, _AT_START, 1, 0, 0, 0
    seen, nul, why = 0, False, RAN_OUT
    last_stray = 0
    while at < stop:
        byte = data[at]
        kind = kinds[byte]
        if kind == ORDINARY or kind == NUL or (kind == DELIMITER and state == _QUOTED):
            if state == _CLOSED:
                why = TEXT
                break
            if state == _AT_START:
                state = _PLAIN
            seen |= byte
            nul = nul or kind == NUL
        elif kind == DELIMITER:
            fields += 1
            state = _AT_START
            if breaks and fields > expected:
                why = MANY
                break
        elif kind == QUOTE:
            if state == _PLAIN:
                if breaks:
                    why = STRAY_LATER
                    break
                if last_stray != fields and fields <= expected:
                    last_stray = fields
                    marks[marked, 0], marks[marked, 1], marks[marked, 2] = record, fields, STRAY
                    marked += 1
            else:
                state = _CLOSED if state == _QUOTED else _QUOTED
        else:
            size = line_break(data, at, end, final)
            if size == 0:
                why = MORE
                break
            if state != _QUOTED:
                why = ENDED
                break
            at += size - 1
            breaks += 1
            if breaks == 1:
                first_end, over = at + 1, fields
        at += 1
    return at, why, state == _QUOTED, fields, breaks, first_end, over, seen, nul, marked


@compiled
def is_utf8(data, at, end):  # type: ignore[no-untyped-def]
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
def delimiters(data, at, end, kinds):  # type: ignore[no-untyped-def]
    """How many delimiters the bytes hold, every quote taken for text."""
    count = 0
    while at < end:
        count += kinds[data[at]] == DELIMITER
        at += 1
    return count


@compiled
def swallowed(data, start, end, kinds, expected, marks, marked):  # type: ignore[no-untyped-def]
    """Rule 7 on a record of several lines that ends before `end`: 0 no sign, 1 weak, 2 strong."""
    if expected < 2:
        return 0
    line, stop = start, line_end(data, start, end, True)
    first = delimiters(data, line, stop, kinds)
    inner = whole = 0
    line, stop = stop, line_end(data, stop, end, True)
    while stop < end:
        at, why, quoted, fields, breaks, _, _, _, _, strays = walk(
            data, line, stop, stop, True, kinds, expected, marks, marked, 0
        )
        tidy = (why == ENDED or why == RAN_OUT) and not quoted and breaks == 0
        whole += tidy and strays == marked and fields == expected
        inner += 1
        line, stop = stop, line_end(data, stop, end, True)
    pair = first == expected - 1 and delimiters(data, line, stop, kinds) == expected - 1
    if 2 * whole >= inner and (whole + 2 * pair) * (expected - 1) >= STRONG:
        return 2
    return 1 if whole or (pair and expected > 2) else 0


@compiled
def _verdict_on_end(data, start, at, fields, expected, seen, nul):  # type: ignore[no-untyped-def]
    """What becomes of a record that ends in good order at `at`."""
    if at == start:
        return BLANK
    if nul:
        return HAS_NUL
    if seen >= 0x80 and not is_utf8(data, start, at):
        return NOT_UTF8
    return ACCEPTED if fields == expected else WRONG_COUNT


@compiled
def _several_lines(data, start, at, why, quoted, fields, expected, sign):  # type: ignore[no-untyped-def]
    """Why a record of several lines is taken for an unclosed quote, or ACCEPTED if it isn't."""
    if why == TEXT:
        return UNCLOSED_TEXT
    if why == STRAY_LATER:
        return UNCLOSED_STRAY
    if why == MANY:
        return UNCLOSED_COUNT
    if quoted:
        return UNCLOSED_END
    if fields != expected:
        return UNCLOSED_COUNT
    return UNCLOSED_RECORDS if sign == 2 else ACCEPTED


@compiled
def read_record(data, start, end, final, kinds, expected, limit, marks, marked, record):  # type: ignore[no-untyped-def]
    """Judge the record at `start`: its end, line ends used, verdict, fields found, marks.

    An end of -1 says that more bytes are needed, -2 that a line longer than the limit doesn't end
    in `data`.
    """
    stop = min(end, start + limit + 1)
    at, why, quoted, fields, breaks, first_end, over, seen, nul, now = walk(
        data, start, stop, end, final, kinds, expected, marks, marked, record
    )
    too_long = why == RAN_OUT and at > start + limit
    if why == MORE or (why == RAN_OUT and not too_long and not final):
        return -1, 0, 0, 0, marked
    if breaks:
        if too_long:
            return first_end, 1, UNCLOSED_LONG, fields, marked
        sign = 0
        if (why == ENDED or why == RAN_OUT) and not quoted and fields == expected:
            sign = swallowed(data, start, at, kinds, expected, marks, now)
        verdict = _several_lines(data, start, at, why, quoted, fields, expected, sign)
        if verdict:
            return first_end, 1, verdict, fields, marked
        if sign == 1:
            marks[now, 0], marks[now, 1], marks[now, 2] = record, over, SPANS
            now += 1
    if too_long or why == TEXT:
        stop = line_end(data, at, end, final)
        if stop < 0:  # a last CR may still end a line of exactly the limit
            return (-2 if end - start > limit + 1 else -1), 0, TOO_LONG, 0, marked
        long = content_end(data, start, stop) - start > limit
        return stop, 1, TOO_LONG if long else TEXT_AFTER_QUOTE, fields, marked
    size = line_break(data, at, end, final) if why == ENDED else 0
    verdict = UNCLOSED_END if quoted else 0
    if verdict == 0:
        verdict = _verdict_on_end(data, start, at, fields, expected, seen, nul)
    return at + size, breaks + 1, verdict, fields, (marked if verdict else now)


@compiled
def content_end(data, start, end):  # type: ignore[no-untyped-def]
    """Index of the line end that closes the bytes from `start` to `end`, or `end` without one."""
    if end > start and data[end - 1] == LF:
        end -= 1
        return end - 1 if end > start and data[end - 1] == CR else end
    return end - 1 if end > start and data[end - 1] == CR else end


@compiled
def split(data, start, end, final, kinds, expected, limit, ends, lines, verdicts, found, marks):  # type: ignore[no-untyped-def]
    """Judge records from `start` until the bytes or the room in the outputs run out.

    Fills `ends` (index just past each record), `lines` (physical lines it takes), `verdicts`,
    `found` (its fields) and `marks` (record, field from 1, mark). Returns the number of records, of
    marks, the index reached, and 1 if a line longer than the limit starts there.
    """
    count = marked = 0
    at = start
    room = marks.shape[0] - 2 * expected - 2
    while at < end and count < ends.shape[0] and marked < room:
        stop, used, verdict, fields, marked = read_record(
            data, at, end, final, kinds, expected, limit, marks, marked, count
        )
        if stop < 0:
            return count, marked, at, int(stop == -2)
        ends[count], lines[count], verdicts[count], found[count] = stop, used, verdict, fields
        count += 1
        at = stop
    return count, marked, at, 0
