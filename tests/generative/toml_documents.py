"""Random TOML texts, of which it is known where every key and every entry of a list stands."""

import json
import random
import re
from typing import Any

Path = tuple[str | int, ...]
BARE = re.compile(r"[A-Za-z0-9_-]+")
COMMENTS = ("# plain", "# [not.a.header]", '# a = "b', "# '''", '# """ ]]', "#", "# }, {")
Content = dict[str, Any]


class Document:
    """Writes content in one of the many ways that TOML has; `places` says where each thing begins."""

    def __init__(self, content: Content, seed: int) -> None:
        self._chance = random.Random(seed)
        self._parts: list[str] = []
        self._length = 0
        self.places: dict[Path, int] = {}
        self._end = self._chance.choice(["\n", "\r\n"])
        self._table(content, ())

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _note(self, path: Path, at: int | None = None) -> None:
        self.places.setdefault(path, self._length if at is None else at)

    def _blank(self) -> str:
        return self._chance.choice(["", "", " ", "  ", "\t"])

    def _line_end(self) -> None:
        self._put(self._blank() + self._chance.choice(["", "", "", self._chance.choice(COMMENTS)]))
        self._put(self._end)
        while self._chance.random() < 0.2:
            self._put(self._blank() + self._chance.choice(["", self._chance.choice(COMMENTS)]))
            self._put(self._end)

    def _table(self, content: Content, path: Path) -> None:
        """Values first, then the tables that get headers of their own."""
        headed = {name for name, value in content.items() if self._may_have_header(value)}
        for name, value in content.items():
            if name not in headed:
                self._put(self._blank())
                self._pair((name,), value, path)
                self._line_end()
        for name in content:
            if name in headed:
                self._headed(content[name], (*path, name))

    def _may_have_header(self, value: Any) -> bool:
        tables = isinstance(value, list) and value and all(isinstance(e, dict) for e in value)
        return bool(isinstance(value, dict) or tables) and self._chance.random() < 0.7

    def _headed(self, value: Any, path: Path) -> None:
        """`[a.b]`, or `[[a.b]]` for each of a list."""
        for place, each in enumerate(value) if isinstance(value, list) else [(None, value)]:
            self._put(self._blank())
            start = self._length
            for end in range(1, len(path) + 1):
                self._note(path[:end], start)
            inner = path if place is None else (*path, place)
            self._note(inner, start)
            keys = [self._key(step) for step in path if isinstance(step, str)]
            dotted = f"{self._blank()}.{self._blank()}".join(keys)
            opening, closing = ("[", "]") if place is None else ("[[", "]]")
            self._put(f"{opening}{self._blank()}{dotted}{self._blank()}{closing}")
            self._line_end()
            self._table(each, inner)

    def _pair(self, names: tuple[str, ...], value: Any, path: Path) -> None:
        """`key = value`; a table with one key may be written as a dotted key."""
        if isinstance(value, dict) and len(value) == 1 and self._chance.random() < 0.5:
            ((name, inner),) = value.items()
            return self._pair((*names, name), inner, path)
        for end in range(1, len(names) + 1):
            self._note((*path, *names[:end]))
        dotted = f"{self._blank()}.{self._blank()}".join(self._key(name) for name in names)
        self._put(f"{dotted}{self._blank()}={self._blank()}")
        return self._value(value, (*path, *names))

    def _key(self, name: str) -> str:
        if BARE.fullmatch(name) and self._chance.random() < 0.7:
            return name
        return self._line_of_text(name)

    def _line_of_text(self, value: str) -> str:
        plain = not any(letter < " " or letter in "'\x7f" for letter in value)
        return f"'{value}'" if plain and self._chance.random() < 0.5 else basic(value)

    def _value(self, value: Any, path: Path) -> None:
        if isinstance(value, dict):
            self._inline(value, path)
        elif isinstance(value, list):
            self._list(value, path)
        elif isinstance(value, str):
            self._put(self._text(value))
        elif isinstance(value, bool):
            self._put("true" if value else "false")
        elif isinstance(value, int | float):
            self._put(repr(value))
        else:
            shown = value.isoformat()
            self._put(shown.replace("T", self._chance.choice("T ")))

    def _text(self, value: str) -> str:
        style = self._chance.random()
        sound = not any((each < " " and each not in "\n\t") or each == "\x7f" for each in value)
        if style < 0.3 and sound and "'''" not in value:
            return f"'''\n{value}'''"
        if style < 0.6 and sound:
            inner = value.replace("\\", "\\\\").replace('"""', '""\\"')
            return f'"""\n{inner}"""'
        return basic(value) if "\n" in value else self._line_of_text(value)

    def _gap(self) -> None:
        """Between the entries of a list: blanks, line ends and comments."""
        self._put(self._blank())
        if self._chance.random() < 0.3:
            self._line_end()
            self._put(self._blank())

    def _list(self, value: list[Any], path: Path) -> None:
        self._put("[")
        self._gap()
        for place, each in enumerate(value):
            self._note((*path, place))
            self._value(each, (*path, place))
            self._gap()
            if place < len(value) - 1 or self._chance.random() < 0.3:
                self._put(",")
                self._gap()
        self._put("]")

    def _inline(self, value: Content, path: Path) -> None:
        self._put("{" + self._blank())
        for place, (name, each) in enumerate(value.items()):
            self._pair((name,), each, path)
            self._put(self._blank() + ("," if place < len(value) - 1 else "") + self._blank())
        self._put("}")


def basic(value: str) -> str:
    """A basic string on one line; JSON's escapes are TOML's but for the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def paths_in(content: Any, path: Path = ()) -> set[Path]:
    """Every path of parsed content, but the whole's."""
    inner = {path} if path else set()
    if isinstance(content, dict):
        return inner.union(*(paths_in(each, (*path, name)) for name, each in content.items()))
    if isinstance(content, list):
        return inner.union(*(paths_in(each, (*path, at)) for at, each in enumerate(content)))
    return inner
