"""Personal names: taken apart into title, forenames, surname and suffix; nothing is replaced.

Rule: "Forenames Surname" or, with a comma, "Surname, Forenames". Titles before and suffixes after are
set apart. Particles before the last word belong to the surname ("van der Berg", "Mc Donald", "O
Brien"). A single word is a surname, as in passports. Canonical form: forenames and surname in capitals,
folded (`folding`), without apostrophes and dots, with hyphens. The original is kept beside it by
whoever keeps the text; nicknames are looked up beside it (`nicknames`), never put in its place; a name
in brackets or quotes is kept as `known_as`.

Told apart: several people in one field, organisations, "The Occupier" and the like, the dead person's
executors. "Null", "Na" and "Test" are surnames and stay.

Where it errs: two family names without hyphen count as forename and surname ("Garcia Lopez": only
Lopez); names whose family name comes first without a comma are read as if it came last; O before a
surname may have been an initial.

Source: no standard takes British names apart. ICAO Doc 9303 part 3 (passports; cited without being
read) puts a single name into the primary identifier, the surname's place; the word lists are our own
(`name_words`).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from openoda.standards.uk.checked import NOTHING, Checked, plain, sound, unsound
from openoda.standards.uk.folding import folded
from openoda.standards.uk.name_words import (
    AND_WORDS,
    COMMA,
    MAYBE_SUFFIX,
    MAYBE_TITLE,
    NOBODY,
    ON_BEHALF,
    ORGANISATIONS,
    PARTICLE,
    SUFFIX,
    TITLE,
    kinds_of,
)

MOST_LENGTH = 200
_ALIAS = re.compile(r"\(([^()]*)\)|\"([^\"]*)\"|(?<!\S)'([^']+)'(?!\S)")
_HYPHEN = re.compile(r" ?- ?(?:- ?)*")
_AND = re.compile(r"[&+/;]")
_ODD = unsound("not-a-name", "It holds digits or signs that names don't have.")


class Part(IntEnum):
    """Which part of a name a word belongs to."""

    TITLE = 0
    FORENAME = 1
    SURNAME = 2
    SUFFIX = 3


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name taken apart, folded; empty where a part isn't there."""

    title: str = ""
    forenames: str = ""
    surname: str = ""
    suffix: str = ""
    known_as: str = ""

    @property
    def canonical(self) -> str:
        """Forenames and surname."""
        return f"{self.forenames} {self.surname}".strip()


def check(text: str) -> Checked:
    """The whole name, forenames first.

    Problems: missing, not-a-name, several-people, organisation, not-a-person, placeholder,
    order-unclear, too-long.
    """
    return examine(text)[0]


def check_part(text: str) -> Checked:
    """A forename or a surname in a column of its own, folded; it isn't taken apart.

    Problems: missing, not-a-name, several-people, placeholder, whole-name (it has a comma), too-long.
    """
    given, _ = _without_alias(_tidied(text))
    fault = _fault(given)
    if fault:
        return fault
    if "," in given.strip(" ,"):
        return unsound("whole-name", "It has a comma, so it seems to be a whole name.")
    words = [word_folded(word) for word in _words(given)]
    name = " ".join(word for word in words if word)
    if not name:
        return _ODD
    return _whole_fault(name.split(" ")) or sound(name)


def examine(text: str) -> tuple[Checked, PersonName]:
    """What `check` says, and the name taken apart (empty where there is a problem)."""
    given, alias = _without_alias(_tidied(text))
    fault = _fault(given)
    if fault:
        return fault, PersonName()
    tokens = _words(given)
    words = [word_folded(token) for token in tokens]
    if not words or not all(words):
        return _ODD, PersonName()
    fault = _whole_fault(words) or _organisation_fault(words)
    if fault:
        return fault, PersonName()
    parts = layout([token_kinds(token) for token in tokens])
    if not parts:
        return unsound("order-unclear", "It has more commas than a name."), PersonName()
    title, forenames, surname, suffix = (_joined(words, parts, part) for part in Part)
    name = PersonName(title, forenames, surname, suffix, alias)
    return sound(name.canonical, *_notes(name)), name


def layout(kinds: Sequence[int]) -> tuple[Part, ...]:
    """Which part each word belongs to, from what each can be; empty where commas are unclear."""
    last = len(kinds)
    first = _titles(kinds, 0, last)
    while last - first > 1 and _is_suffix(kinds, first, last):
        last -= 1
    parts = [Part.TITLE] * first + [Part.SURNAME] * (last - first)
    parts += [Part.SUFFIX] * (len(kinds) - last)
    commas = [at for at in range(first, last - 1) if kinds[at] & COMMA]
    if len(commas) > 1:
        return ()
    if commas:
        begin = _titles(kinds, commas[0] + 1, last, least=0)
        parts[commas[0] + 1 : begin] = [Part.TITLE] * (begin - commas[0] - 1)
        parts[begin:last] = [Part.FORENAME] * (last - begin)
        return tuple(parts)
    surname = last - 1
    while surname - 1 > first and kinds[surname - 1] & PARTICLE:
        surname -= 1
    parts[first:surname] = [Part.FORENAME] * (surname - first)
    return tuple(parts)


def token_kinds(token: str) -> int:
    """The bits of one word as written, its comma included."""
    return kinds_of(word_folded(token)) | (COMMA if token.endswith(",") else 0)


def _titles(kinds: Sequence[int], at: int, last: int, least: int = 1) -> int:
    """Where the titles from `at` on end; `least` words must be left."""
    while at < last and not kinds[at] & COMMA:
        left = last - at - 1
        if not (
            (kinds[at] & TITLE and left >= least) or (kinds[at] & MAYBE_TITLE and left >= least + 1)
        ):
            break
        at += 1
    return at


def _is_suffix(kinds: Sequence[int], first: int, last: int) -> bool:
    kind = kinds[last - 1]
    return bool(kind & SUFFIX) or bool(kind & MAYBE_SUFFIX and last - first > 2)


def _tidied(text: str) -> str:
    tidy = plain(text)
    return tidy if tidy.isascii() else unicodedata.normalize("NFC", tidy)


def _without_alias(given: str) -> tuple[str, str]:
    """The name without what stands in brackets or quotes, and that (folded)."""
    found = _ALIAS.search(given)
    if not found:
        return given, ""
    alias = folded(next(group for group in found.groups() if group is not None))
    rest = " ".join(_ALIAS.sub(" ", given).split())
    return rest, " ".join(re.sub(r"[^\w\- ]", "", alias).split())


def _fault(given: str) -> Checked | None:
    """What is wrong with the characters, or None."""
    if not given:
        return NOTHING
    if len(given) > MOST_LENGTH:
        return unsound("too-long", f"It has more than {MOST_LENGTH} characters.")
    if _AND.search(given):
        return unsound("several-people", "It seems to name more than one person.")
    if not all(c in " '-.," or c.isalpha() or unicodedata.combining(c) for c in given):
        return _ODD
    return None


def _words(given: str) -> list[str]:
    """The words as written, each with the comma or dot after it, none of them empty."""
    spread = given.replace(".", ". ").replace(",", ", ")
    spread = _HYPHEN.sub("-", " ".join(spread.split())).replace("' ", "'")
    for mark in ",.":
        spread = spread.replace(f" {mark}", mark)
    return spread.strip(" ,'-").split()


def word_folded(token: str) -> str:
    """A word as written, folded, without apostrophes, dots and commas."""
    return folded(token.replace("'", "").rstrip(".,")).strip("-").replace(".", "").replace(",", "")


def _whole_fault(words: list[str]) -> Checked | None:
    if " ".join(words) in NOBODY:
        return unsound("placeholder", "It stands where nobody's name is known.")
    if AND_WORDS & set(words[1:-1]):
        return unsound("several-people", "It seems to name more than one person.")
    return None


def _organisation_fault(words: list[str]) -> Checked | None:
    if len(words) > 1 and ON_BEHALF & set(words):
        return unsound("not-a-person", "It names somebody's executors or estate.")
    if len(words) > 1 and ORGANISATIONS & set(words[1:]):
        return unsound("organisation", "It seems to be an organisation's name.")
    return None


def _joined(words: list[str], parts: Sequence[Part], part: Part) -> str:
    return " ".join(word for word, its in zip(words, parts, strict=True) if its is part)


def _notes(name: PersonName) -> tuple[str, ...]:
    notes = []
    if not name.forenames:
        notes.append("a single name: taken for the surname")
    if not name.canonical.isascii():
        notes.append("not in Latin letters: kept as written")
    if name.known_as:
        notes.append("a name in brackets or quotes is kept beside it")
    return tuple(notes)
