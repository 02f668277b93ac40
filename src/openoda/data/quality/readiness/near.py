"""Values that differ by one slip of the hand: a letter changed, dropped, added, or two swapped.

Source: optimal string alignment (Damerau, Communications of the ACM 7, 1964: four in five misspellings
are one such slip); the search by dropped letters is that of deletion neighbourhoods (Mor and Fraenkel,
Communications of the ACM 25, 1982).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator


def one_slip(first: str, second: str) -> bool:
    """Whether exactly one slip turns one text into the other. Equal texts are none apart."""
    if len(first) > len(second):
        first, second = second, first
    start = 0
    while start < len(first) and first[start] == second[start]:
        start += 1
    rest, other = first[start:], second[start:]
    if len(first) < len(second):
        return rest == other[1:]
    if not rest:
        return False
    return rest[1:] == other[1:] or (
        len(rest) > 1 and rest[0] == other[1] and rest[1] == other[0] and rest[2:] == other[2:]
    )


class NearTo:
    """Texts, arranged to ask which other text is one slip from any of them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_part: dict[str, list[str]] = defaultdict(list)
        for text in texts:
            for part in _parts(text):
                self._by_part[part].append(text)

    def __contains__(self, text: str) -> bool:
        """Whether one of the texts is one slip from this one."""
        return any(
            one_slip(text, other) for part in _parts(text) for other in self._by_part.get(part, ())
        )


def _parts(text: str) -> Iterator[str]:
    """The text, and the text without each one of its letters."""
    yield text
    for place in range(len(text)):
        yield text[:place] + text[place + 1 :]
