"""A slow reader of delimited text, written from the rules alone, to hold the fast one against.

It works on the whole file in memory, field by field with searches, where the fast one is a state
machine over bytes in blocks. The rules are those of `openoda.data.intake.record_kernel`.
"""

import re
from dataclasses import dataclass, field

LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
BREAK = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class Accepted:
    line: int
    start: int
    stop: int
    values: tuple[str | None, ...]
    doubts: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Quarantined:
    first_line: int
    last_line: int
    start: int
    stop: int
    reason: str


@dataclass
class Reading:
    """One attempt at a record: why it stopped, at which byte, and what it met on the way."""

    start: int
    why: str = "end of record"
    at: int = 0
    values: list[bytes | None] = field(default_factory=list)
    first_break: int = -1
    strays: list[int] = field(default_factory=list)
    broken: int = 0
    crossings: int = 0


class SlowReader:
    def __init__(self, data: bytes, delimiter: bytes, columns: int, limit: int) -> None:
        self.data, self.delimiter, self.columns, self.limit = data, delimiter, columns, limit
        self.plain = re.compile(rb"[^\r\n" + re.escape(delimiter) + rb"]*")

    def records(self, start: int, line: int) -> list[Accepted | Quarantined]:
        found: list[Accepted | Quarantined] = []
        while start < len(self.data):
            record = self.judge(start, line)
            found.append(record)
            start = record.stop
            line += len(LINE.findall(self.data[record.start : record.stop]))
        return found

    def judge(self, start: int, line: int) -> Accepted | Quarantined:
        reading = self.read(start, self.columns)
        line_stop = LINE.match(self.data, start).end()
        too_long = reading.at > start + self.limit
        ran_over = 0 <= reading.first_break <= start + self.limit
        if ran_over:
            cause = "limit" if too_long else self.unclosed(reading)
            if cause:
                return Quarantined(line, line, start, line_stop, "unclosed: " + cause)
        else:
            content = BREAK.sub(b"", self.data[start:line_stop])
            if len(content) > self.limit:
                return Quarantined(line, line, start, line_stop, "too long")
            if reading.why == "text":
                return Quarantined(line, line, start, line_stop, "text")
            if reading.why == "end of file":
                return Quarantined(line, line, start, line_stop, "unclosed: end of file")
        return self.whole(reading, line)

    def whole(self, reading: Reading, line: int) -> Accepted | Quarantined:
        """A record that ends in good order."""
        content = self.data[reading.start : reading.at]
        ending = BREAK.match(self.data, reading.at)
        stop = ending.end() if ending else reading.at
        last = line + len(BREAK.findall(content))
        reason = ""
        if content == b"":
            reason = "blank"
        elif b"\0" in content:
            reason = "nul"
        elif not decodes(content):
            reason = "utf-8"
        elif len(reading.values) != self.columns:
            reason = "count"
        if reason:
            return Quarantined(line, last, reading.start, stop, reason)
        values = tuple(None if v is None else v.decode() for v in reading.values)
        doubts = [(place, "stray") for place in reading.strays]
        if last > line and self.evidence(reading) == "weak":
            doubts.append((reading.broken, "spans"))
        return Accepted(line, reading.start, stop, values, tuple(sorted(doubts)))

    def unclosed(self, reading: Reading) -> str:
        """Why a record over several lines isn't believed, or nothing."""
        if reading.why != "end of record":
            return reading.why
        if len(reading.values) != self.columns:
            return "count"
        return "records" if self.evidence(reading) == "strong" else ""

    def evidence(self, reading: Reading) -> str:
        """How strongly the lines of a record look like records themselves."""
        if self.columns == 1:
            return ""
        lines = LINE.findall(self.data[reading.start : reading.at])
        inner = lines[1:-1] if not lines[-1].endswith((b"\r", b"\n")) else lines[1:]
        last = lines[-1] if not lines[-1].endswith((b"\r", b"\n")) else b""
        whole = sum(self.alone(each) for each in inner)
        wanted = self.columns - 1
        pair = lines[0].count(self.delimiter) == wanted == last.count(self.delimiter)
        if 2 * whole >= len(inner) and (whole + 2 * pair) * wanted >= 6:
            return "strong"
        return "weak" if whole or (pair and self.columns > 2) else ""

    def alone(self, line: bytes) -> bool:
        other = SlowReader(line, self.delimiter, self.columns, self.limit)
        reading = other.read(0, self.columns)
        sound = reading.why == "end of record" and reading.first_break < 0 and not reading.strays
        return sound and len(reading.values) == self.columns

    def read(self, start: int, columns: int) -> Reading:
        """Field after field until the record ends or goes wrong."""
        data, reading, at = self.data, Reading(start), start
        while True:
            if data[at : at + 1] == b'"':
                at = self.quoted(at, reading)
                if reading.why != "end of record":
                    return reading
            else:
                value = self.plain.match(data, at).group()
                quote = value.find(b'"')
                if quote >= 0 and reading.first_break >= 0:
                    reading.why, reading.at = "stray", at + quote
                    return reading
                if quote >= 0:
                    reading.strays.append(len(reading.values))
                reading.values.append(value or None)
                at += len(value)
            reading.at = at
            if data[at : at + 1] != self.delimiter:
                return reading
            if reading.first_break >= 0 and len(reading.values) + 1 > columns:
                reading.why = "count"
                return reading
            at += 1

    def quoted(self, at: int, reading: Reading) -> int:
        """A quoted field; returns the byte after its closing quote."""
        data, begin = self.data, at + 1
        at = begin
        while True:
            quote = data.find(b'"', at)
            if data[quote + 1 : quote + 2] != b'"' or quote < 0:
                break
            at = quote + 2
        held = data[begin:quote] if quote >= 0 else data[begin:]
        lines = BREAK.search(held)
        if lines:
            reading.crossings += 1
            if reading.crossings > 64:
                reading.why, reading.at = "crossing", begin + lines.start()
                return reading.at
            if reading.first_break < 0:
                reading.first_break = begin + lines.start()
                reading.broken = len(reading.values)
        if quote < 0:
            reading.why, reading.at = "end of file", len(data)
            return len(data)
        following = data[quote + 1 : quote + 2]
        if following and following not in (self.delimiter, b"\r", b"\n"):
            reading.why, reading.at = "text", quote + 1
        reading.values.append(held.replace(b'""', b'"'))
        return quote + 1


def decodes(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
