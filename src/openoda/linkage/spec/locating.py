"""Where each key and value of a TOML text stands, which parsers of TOML don't say.

The text must have been parsed by `tomllib` first: what is sound can be walked by far simpler rules
than it takes to find out that it is.
"""

import re
import tomllib
from bisect import bisect_right

KeyPath = tuple[str | int, ...]
"""Keys and places in lists, from the outermost: ("compare", 0, "levels", 2, "m")."""
Spot = tuple[int, int]
"""A line and a letter in it, each counted from 1."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:\\[\s\S]|"{1,2}(?!")|[^"\\])*"{3,5}'
    r"|'''(?:'{1,2}(?!')|[^'])*'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
)
_BARE = re.compile(r"[^,\]}#\r\n]*")
_KEY = re.compile(rf"""(?:[A-Za-z0-9_\-]|[ \t.]|{_STRING.pattern})+""")


def spots_of(text: str) -> dict[KeyPath, Spot]:
    """Where each key and list entry of a sound TOML text first appears."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def spot(at: int) -> Spot:
        line = bisect_right(starts, at)
        return line, at - starts[line - 1] + 1

    return {path: spot(at) for path, at in _Walk(text).run().items()}


class _Walk:
    """One pass over the text; `at` is the place reached."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._found: dict[KeyPath, int] = {}
        self._counts: dict[KeyPath, int] = {}

    def run(self) -> dict[KeyPath, int]:
        """Headers and pairs of keys and values, to the end."""
        table: KeyPath = ()
        while self._skip():
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)
        return self._found

    def _skip(self) -> bool:
        """Past blanks, line ends and comments; whether anything follows."""
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at < len(self._text)

    def _note(self, path: KeyPath, at: int) -> None:
        self._found.setdefault(path, at)

    def _header(self) -> KeyPath:
        """`[a.b]` or `[[a.b]]`: the path of the table that follows."""
        start = self._at
        many = self._text.startswith("[[", start)
        self._at += 2 if many else 1
        path: KeyPath = ()
        names = self._names()
        for place, name in enumerate(names):
            path = (*path, name)
            self._note(path, start)
            if many and place == len(names) - 1:
                self._counts[path] = self._counts.get(path, 0) + 1
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
                self._note(path, start)
        self._skip()
        self._at += 2 if many else 1
        return path

    def _names(self) -> list[str]:
        """The parts of a key, dotted or not, quoted or not."""
        self._skip()
        found = _KEY.match(self._text, self._at)
        raw = found.group() if found else ""
        self._at += len(raw)
        names = []
        inner = tomllib.loads(f"{raw} = 0")
        while isinstance(inner, dict):
            ((name, inner),) = inner.items()
            names.append(name)
        return names

    def _pair(self, table: KeyPath) -> None:
        """`key = value`."""
        start, path = self._at, table
        for name in self._names():
            path = (*path, name)
            self._note(path, start)
        self._skip()
        self._at += 1
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        self._skip()
        opening = self._text[self._at]
        if opening == "[":
            self._entries(path)
        elif opening == "{":
            self._inline(path)
        else:
            found = (_STRING if opening in "\"'" else _BARE).match(self._text, self._at)
            self._at = found.end() if found else self._at + 1

    def _entries(self, path: KeyPath) -> None:
        """`[ value, … ]`."""
        self._at += 1
        place = 0
        while self._skip() and self._text[self._at] != "]":
            self._note((*path, place), self._at)
            self._value((*path, place))
            self._past_comma()
            place += 1
        self._at += 1

    def _inline(self, path: KeyPath) -> None:
        """`{ key = value, … }`."""
        self._at += 1
        while self._skip() and self._text[self._at] != "}":
            self._pair(path)
            self._past_comma()
        self._at += 1

    def _past_comma(self) -> None:
        if self._skip() and self._text[self._at] == ",":
            self._at += 1
