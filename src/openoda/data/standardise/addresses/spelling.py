"""Whether two words are one slip of the keyboard apart, and how to find such words fast."""


def one_slip(word: str, other: str) -> bool:
    """Whether one sign dropped, added or changed, or two neighbours swapped, makes them alike."""
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    a, b = word[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b or a == b[1:]


def shortened(word: str) -> set[str]:
    """The word, and all that one sign less leaves of it."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


class Slips:
    """Known words, to be asked which are one slip from another word.

    One deletion on either side makes such words alike: the idea of symmetric deletion spelling
    correction (Garbe, 2012). `asked` are all the words that will be asked for.
    """

    def __init__(self, known: list[str], asked: set[str]) -> None:
        wanted = {part for word in asked for part in shortened(word)}
        self._alike: dict[str, list[str]] = {}
        for word in known:
            for part in shortened(word):
                if part in wanted:
                    self._alike.setdefault(part, []).append(word)

    def near(self, word: str) -> list[str]:
        """The known words one slip away, those with the same first sign first."""
        alike = {other for part in shortened(word) for other in self._alike.get(part, [])}
        close = [other for other in alike if one_slip(word, other)]
        return sorted(close, key=lambda other: (other[0] != word[0], other))
