"""Rows of free text as streams of tokens, numbered in one vocabulary."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.standardise.addresses import token_kernel as kernel
from openoda.data.standardise.addresses.vocabulary import Vocabulary

ROWS_AT_ONCE = 50_000
WORKERS = 2
_KINDS = kernel.byte_kinds()
# What Unicode adds to ASCII's signs: dashes and apostrophes of typesetting.
_DASHES, _APOSTROPHES = "[\\u2010-\\u2015\\u2212]", "[\\u2018\\u2019\\u02BC\\u00B4]"


@dataclass(frozen=True)
class Tokens:
    """Tokens of many rows: `ids` in a vocabulary, `flags` (marks of token_kernel) beside them.

    Row r's tokens stand from `rows[r]` to `rows[r + 1]`.
    """

    ids: npt.NDArray[np.int32]
    flags: npt.NDArray[np.uint8]
    rows: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.rows) - 1


def join_columns(columns: list[pa.Array], sign: str = ", ") -> pa.StringArray:
    """Several columns of text as one, a sign between; nulls and empty texts left out."""
    joined, *others = (pc.fill_null(each.cast(pa.string()), "") for each in columns)
    for other in others:
        both = pc.binary_join_element_wise(joined, other, sign)
        either = pc.if_else(pc.equal(joined, ""), other, joined)
        alone = pc.or_(pc.equal(joined, ""), pc.equal(other, ""))
        joined = pc.if_else(alone, either, both)
    return joined


def tokenised(text: pa.StringArray, vocabulary: Vocabulary) -> Tokens:
    """The tokens of each row of `text` (null counts as empty)."""
    pieces = [text.slice(at, ROWS_AT_ONCE) for at in range(0, max(len(text), 1), ROWS_AT_ONCE)]
    with ThreadPoolExecutor(WORKERS) as pool:
        done = list(pool.map(_split, pieces))
    ids = [vocabulary.ids(words)[codes] for words, codes, _, _ in done]
    rows, total = [np.zeros(1, np.int32)], 0
    for each in done:
        rows.append(each[3][1:] + np.int32(total))
        total += int(each[3][-1])
    return Tokens(
        np.concatenate(ids), np.concatenate([each[2] for each in done]), np.concatenate(rows)
    )


_Split = tuple[list[str], npt.NDArray[np.int32], npt.NDArray[np.uint8], npt.NDArray[np.int32]]


def _split(text: pa.StringArray) -> _Split:
    """The distinct words of a piece, each token's place among them, its flag, and the rows."""
    offsets, data = _buffers(_plain(text))
    first, last = int(offsets[0]), int(offsets[-1])
    room = last - first + 1
    out, starts = np.empty(3 * room, np.uint8), np.empty(room + 1, np.int32)
    flags, rows = np.empty(room + 1, np.uint8), np.empty(len(text) + 1, np.int32)
    count = kernel.split_rows(
        (data, offsets), (_KINDS, kernel.MARK_OF_KIND), out, starts, flags, rows
    )
    words = pa.StringArray.from_buffers(
        count, pa.py_buffer(starts[: count + 1]), pa.py_buffer(out[: starts[count]])
    )
    coded = words.dictionary_encode()
    codes = np.asarray(coded.indices, dtype=np.int32)
    return coded.dictionary.to_pylist(), codes, flags[:count].copy(), rows


def _buffers(text: pa.StringArray) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    _, offsets, data = text.buffers()
    ends = np.frombuffer(offsets, np.int32)[text.offset : text.offset + len(text) + 1]
    content = np.frombuffer(data, np.uint8) if data else np.empty(0, np.uint8)
    return (ends if len(ends) else np.zeros(1, np.int32)), content


def _plain(text: pa.StringArray) -> pa.StringArray:
    """Letters without accents in capitals, dashes and apostrophes as ASCII has them."""
    text = pc.fill_null(text, "")
    offsets, data = _buffers(text)
    if not (data[offsets[0] : offsets[-1]] > 127).any():
        return text
    bare = pc.replace_substring_regex(pc.utf8_normalize(text, "NFKD"), r"\p{M}", "")
    bare = pc.replace_substring_regex(bare, _escaped(_DASHES), "-")
    bare = pc.replace_substring_regex(bare, _escaped(_APOSTROPHES), "'")
    bare = pc.replace_substring_regex(bare, r"[^\p{L}\p{N}\x00-\x7f]", " ")
    return pc.utf8_upper(bare)


def _escaped(pattern: str) -> str:
    return pattern.encode().decode("unicode_escape")
