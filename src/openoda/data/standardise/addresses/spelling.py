"""Whether two words are one slip of the keyboard apart."""


def one_slip(word: str, other: str) -> bool:
    """Whether one sign dropped, added or changed, or two neighbours swapped, makes them alike."""
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    a, b = word[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b or a == b[1:]
