"""Columns of names, by the rule of `standards.uk.names`.

Plain names (Latin letters, spaces, apostrophes, hyphens, dots and commas where they belong) are taken
apart together: each distinct word is folded once, each distinct sequence of kinds of words is laid out
once, and both by the rule's own functions. Every other name is asked of the rule by itself.
"""

import re
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.standardise.columns import (
    MOST_REMEMBERED,
    Remembered,
    Standardised,
    by_distinct,
    pieces,
    text_array,
)
from openoda.data.standardise.identifiers import Standardiser
from openoda.data.standardise.name_kernel import gather
from openoda.standards.uk import names
from openoda.standards.uk.checked import MISSING
from openoda.standards.uk.name_words import SPECIAL
from openoda.standards.uk.nicknames import formal_names

PARTS = ("title", "forenames", "surname", "suffix", "known_as", "formal")
BETWEEN_FORMAL = "|"

_MOST_WORDS = 8
_PRESENT, _LEFT_TO_RULE, _KINDS = 64, 128, 63
_WORD = r"[A-Za-z]+(?:['-][A-Za-z]+)*\.?"
_PLAIN_WORD = re.compile(_WORD + ",?")
_PLAIN_NAME = rf"\A(?:[A-Za-z'\-.]+,? ){{0,{_MOST_WORDS - 1}}}[A-Za-z'\-.]+\z"
_NO_PART = 255

Flags = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


def whole_names() -> Standardiser:
    """Whole names: canonical, and `PARTS` as further columns."""
    return WholeNames()


def forenames() -> Standardiser:
    """Forenames in a column of their own, with `formal`: the names that the first may be short for."""
    return partial(_with_formal, rule=Remembered(names.check_part))


def surnames() -> Standardiser:
    """Surnames in a column of their own."""
    return partial(by_distinct, rule=Remembered(names.check_part))


@dataclass(frozen=True)
class _Words:
    """The words of many names.

    `places`: for each word, its place among the distinct ones; `begins`: where each name begins (and
    the last one ends) in `places`; `folded`, `kinds`: of each distinct word, folded and its bits.
    """

    places: npt.NDArray[np.int32]
    begins: npt.NDArray[np.int32]
    folded: pa.StringArray
    kinds: Flags

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """For each word, the row of its name."""
        return np.repeat(np.arange(len(self.begins) - 1), np.diff(self.begins))


class WholeNames:
    """Takes columns of whole names apart; remembers words and rare names from batch to batch."""

    def __init__(self) -> None:
        self._words: dict[str, tuple[str, int]] = {}
        self._examined: dict[str, tuple[str | None, ...]] = {}

    def __call__(self, column: pa.StringArray) -> Standardised:
        """The canonical names, problems and parts of a column."""
        plain = _is_plain(column)
        words = self._split(column.filter(pa.array(plain)))
        layouts, unclear = _layouts(words)
        settled = pa.array(~unclear)
        together = [array.filter(settled) for array in _taken_apart(words, layouts)]
        left = ~plain
        left[np.flatnonzero(plain)[unclear]] = True
        singly = self._by_rule(column.filter(pa.array(left)))
        whole = [_woven(left, a, b) for a, b in zip(together, singly, strict=True)]
        return Standardised(whole[0], whole[1], dict(zip(PARTS, whole[2:], strict=True)))

    def _split(self, column: pa.StringArray) -> _Words:
        lists = pc.split_pattern(column, " ")
        encoded = lists.flatten().dictionary_encode()
        known = [self._word(word) for word in encoded.dictionary.to_pylist()]
        begins = lists.offsets.to_numpy()
        return _Words(
            encoded.indices.to_numpy(),
            np.ascontiguousarray(begins - begins[0], np.int32),
            pa.array([folded for folded, _ in known], pa.string()),
            np.array([kind for _, kind in known], np.uint8),
        )

    def _word(self, word: str) -> tuple[str, int]:
        """A word folded and its bits; one that the rule may see otherwise is left to the rule."""
        found = self._words.get(word)
        if found is None:
            if len(self._words) >= MOST_REMEMBERED:
                self._words.clear()
            folded = names.word_folded(word)
            odd = folded in SPECIAL or not _PLAIN_WORD.fullmatch(word)
            kinds = names.token_kinds(word) | _PRESENT | (_LEFT_TO_RULE if odd else 0)
            found = self._words[word] = folded, kinds
        return found

    def _by_rule(self, column: pa.StringArray) -> list[pa.StringArray]:
        """Canonical, problem and parts of names asked of the rule one by one."""
        encoded = column.dictionary_encode()
        found = [self._examine(text) for text in encoded.dictionary.to_pylist()]
        columns: list[tuple[str | None, ...]] = list(zip(*found, strict=True))
        if not columns:
            columns = [()] * (2 + len(PARTS))
        arrays = [pa.array(each, pa.string()).take(encoded.indices) for each in columns]
        arrays[1] = pc.if_else(pc.is_null(column), pa.scalar(MISSING), arrays[1])
        return arrays

    def _examine(self, text: str) -> tuple[str | None, ...]:
        known = self._examined.get(text)
        if known is None:
            if len(self._examined) >= MOST_REMEMBERED:
                self._examined.clear()
            checked, name = names.examine(text)
            parts = (name.title, name.forenames, name.surname, name.suffix, name.known_as)
            made = (checked.problem, *parts, _formal_of(name.forenames))
            known = self._examined[text] = (checked.value, *(each or None for each in made))
        return known


def _is_plain(column: pa.StringArray) -> Mask:
    fits = pc.less_equal(pc.binary_length(column), names.MOST_LENGTH)
    plain = pc.and_(pc.match_substring_regex(column, _PLAIN_NAME), fits)
    return np.array(pc.fill_null(plain, False).to_numpy(zero_copy_only=False))


def _layouts(words: _Words) -> tuple[Flags, Mask]:
    """The part of each word, by one question for each distinct sequence of bits; and for each name
    whether the rule must be asked instead.
    """
    rows = words.rows
    at = np.arange(len(rows)) - words.begins[rows]
    bits = np.zeros((len(words.begins) - 1, _MOST_WORDS), np.uint8)
    bits[rows, at] = words.kinds[words.places]
    sequences, which = np.unique(bits.view(np.uint64).ravel(), return_inverse=True)
    parts = np.full((len(sequences), _MOST_WORDS), _NO_PART, np.uint8)
    for sequence, kinds in enumerate(sequences.view(np.uint8).reshape(-1, _MOST_WORDS)):
        present = kinds[kinds != 0]
        if not (present & _LEFT_TO_RULE).any():
            found = names.layout([int(kind) & _KINDS for kind in present])
            parts[sequence, : len(found)] = found
    unclear = parts[:, 0][which] == _NO_PART
    return parts[which[rows], at], unclear


def _taken_apart(words: _Words, layouts: Flags) -> list[pa.StringArray]:
    """Canonical, problem and parts of names by the part of each word."""
    title, forename, surname, suffix = (_written(words, layouts == part) for part in names.Part)
    canonical = pc.ascii_trim(
        pc.binary_join_element_wise(pc.fill_null(forename, ""), pc.fill_null(surname, ""), " "), " "
    )
    named = np.flatnonzero(layouts == names.Part.FORENAME)
    first = np.zeros(len(layouts), np.bool_)
    first[named[np.diff(words.rows[named], prepend=-1) != 0]] = True
    nothing = pa.nulls(len(surname), pa.string())
    formal = _formal(_written(words, first))
    return [canonical, nothing, title, forename, surname, suffix, nothing, formal]


def _written(words: _Words, chosen: Mask) -> pa.StringArray:
    """Of each name the words that are chosen; null where none is."""
    data, offsets, _ = pieces(words.folded)
    sizes = np.diff(offsets)[words.places[chosen]] + 1
    out = np.empty(int(sizes.sum()), np.uint8)
    ends = np.zeros(len(words.begins), np.int32)
    gather((data, offsets), (words.places, words.begins), chosen.view(np.uint8), out, ends)
    return text_array(out, ends, np.diff(ends) > 0)


def _with_formal(column: pa.StringArray, rule: Remembered) -> Standardised:
    found = by_distinct(column, rule)
    return Standardised(found.values, found.problems, {"formal": _formal(found.values)})


def _formal(forenames: pa.StringArray) -> pa.StringArray:
    """The formal names of each first forename, joined; null where there is none."""
    encoded = forenames.dictionary_encode()
    formal = [_formal_of(text) or None for text in encoded.dictionary.to_pylist()]
    return pa.array(formal, pa.string()).take(encoded.indices)


def _formal_of(forenames: str) -> str:
    return BETWEEN_FORMAL.join(formal_names(forenames.split(" ")[0]))


def _woven(right: Mask, left_array: pa.StringArray, right_array: pa.StringArray) -> pa.StringArray:
    """One array from two: where `right`, the next of the second, else the next of the first."""
    mask = pa.array(right)
    whole = pc.replace_with_mask(pa.nulls(len(right), pa.string()), pc.invert(mask), left_array)
    return pc.replace_with_mask(whole, mask, right_array)
