"""Measuring a column of text: on its different values, each with the rows that have it."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.quality import fingerprints, kinds, placeholders, reading, shapes, spellings
from openoda.data.quality.columns import ColumnProfile, Completeness, Counted, Scale
from openoda.data.quality.findings import Finding, Mask, finding
from openoda.data.quality.fingerprints import Prints
from openoda.data.quality.measured import Measured
from openoda.data.quality.ordered import Ordered, measure_ordered
from openoda.data.quality.runs import Counts, weighted_runs

TOP_SHOWN = 10
_BROKEN = "\ufffd|\u00c3[\u0080-\u00bf]|\u00e2\u20ac|[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]"


@dataclass(frozen=True)
class Texts:
    """A column's different texts, shape (n,), the rows of each, and each row's code (-1 for null)."""

    name: str
    values: pa.Array
    counts: Counts
    codes: Counts

    def rows_where(self, at: Mask) -> Mask:
        """The rows, shape (rows,), whose text is one of those where `at`, shape (n,), is true."""
        return np.append(at, False)[self.codes]

    def some(self, at: Mask) -> tuple[pa.Array, Counts]:
        """The texts where `at` is true, and the rows of each."""
        return self.values.filter(pa.array(at)), self.counts[at]


def texts_of(name: str, array: pa.Array) -> Texts:
    """A column of text, plain or dictionary-coded, by its different values."""
    coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    count = len(coded.dictionary)
    counts = np.bincount(codes[codes >= 0] if coded.null_count else codes, minlength=count)
    return Texts(name, coded.dictionary, counts.astype(np.int64), codes)


def measure_text(name: str, array: pa.Array, place: int) -> Measured:
    """Measure one column of text; `place` is its place in the file, from 0."""
    texts = texts_of(name, array)
    blank = _true(pc.equal(pc.binary_length(pc.utf8_trim_whitespace(texts.values)), 0))
    stands_for_nothing = placeholders.words_in(texts.values) & ~blank
    filled = ~(blank | stands_for_nothing)
    found = [_edge_spaces(texts, filled), _broken(texts, filled)]
    held = kinds.named_kind(name, *texts.some(filled))
    read = None if held else reading.reading_of(*texts.some(filled))
    ordered = None
    if read is not None:
        ordered = _as_ordered(texts, filled, read)
        stands_for_nothing |= ordered.placeholders
    elif held is None:
        held = kinds.text_kind(*texts.some(filled))
    if held:
        found.append(_impossible(texts, filled, held))
    loose = spellings.spelling_codes(texts.values)
    spelled, rare = _spellings(texts, filled, loose) if read is None else (0, None)
    found += [
        rare,
        _placeholders(texts, stands_for_nothing),
        *(ordered.findings if ordered else ()),
    ]
    lengths = pc.min_max(pc.utf8_length(texts.values.filter(pa.array(filled)))).as_py()
    shown = shapes.shapes_in(*texts.some(filled), lengths["max"] or 0)
    profile = ColumnProfile(
        name=name,
        type=Scale.TEXT if texts.counts.any() else Scale.NOTHING,
        reads_as=read.scale if read else (Scale.TEXT if texts.counts.any() else Scale.NOTHING),
        completeness=_completeness(texts, blank, stands_for_nothing),
        distinct=int(np.count_nonzero(texts.counts)),
        kind=held.kind.code if held else (ordered.kind if ordered else ""),
        spread=ordered.spread if ordered else None,
        outliers=ordered.outliers if ordered else None,
        shortest=lengths["min"],
        longest=lengths["max"],
        shapes=shown[0],
        shapes_of=shown[1],
        top=_top(texts, filled),
        spellings=spelled,
    )
    nulls = texts.codes < 0
    prints = fingerprints.mixed(texts.codes.copy(), place, nulls)
    found_here = tuple(one for one in found if one)
    return Measured(profile, found_here, prints, _loose_prints(texts, loose, place, prints))


def _loose_prints(texts: Texts, loose: Counts, place: int, prints: Prints) -> Prints:
    """The fingerprints of the normalised texts: the very same where no two texts become one."""
    if not len(loose) or loose[-1] == len(loose) - 1:
        return prints
    return fingerprints.mixed(np.append(loose, -1)[texts.codes], place, texts.codes < 0)


def _as_ordered(texts: Texts, filled: Mask, read: reading.ReadAs) -> Ordered:
    """The measures of text that reads as numbers or dates, rows found by their text's code."""
    sound = np.zeros(len(filled), dtype=bool)
    sound[filled] = read.sound
    values = np.zeros(len(filled), dtype=read.values.dtype)
    values[filled] = read.values

    def rows_where(test: kinds.Test) -> Mask:
        return texts.rows_where(sound & test(values))

    runs = weighted_runs(read.values[read.sound], texts.counts[filled][read.sound])
    ordered = measure_ordered(texts.name, read.scale, runs, rows_where)
    unread = finding(
        "reads-otherwise", texts.name, texts.rows_where(filled & ~sound), read.scale.value
    )
    in_texts = sound & np.isin(values, ordered.placeholder_values)
    return ordered.with_texts(unread, in_texts)


def _completeness(texts: Texts, blank: Mask, stands_for_nothing: Mask) -> Completeness:
    named = np.flatnonzero(stands_for_nothing & (texts.counts > 0))
    named = named[np.argsort(-texts.counts[named], kind="stable")]
    words = texts.values.take(pa.array(named)).to_pylist()
    return Completeness(
        rows=len(texts.codes),
        null=int(np.count_nonzero(texts.codes < 0)),
        empty=int(texts.counts[blank].sum()),
        placeholder=int(texts.counts[stands_for_nothing].sum()),
        placeholders=tuple(
            Counted(word, int(texts.counts[at]))
            for word, at in zip(words[:TOP_SHOWN], named, strict=False)
        ),
    )


def _top(texts: Texts, filled: Mask) -> tuple[Counted, ...]:
    counts = np.where(filled, texts.counts, 0)
    most = np.argpartition(-counts, TOP_SHOWN)[:TOP_SHOWN] if len(counts) > TOP_SHOWN else (
        np.arange(len(counts))
    )  # fmt: skip
    most = most[np.lexsort((most, -counts[most]))]
    most = most[counts[most] > 0]
    words = texts.values.take(pa.array(most)).to_pylist()
    return tuple(Counted(word, int(counts[at])) for word, at in zip(words, most, strict=True))


def _placeholders(texts: Texts, at: Mask) -> Finding | None:
    return finding("placeholder", texts.name, texts.rows_where(at))


def _edge_spaces(texts: Texts, filled: Mask) -> Finding | None:
    edged = _true(pc.match_substring_regex(texts.values, r"\A\s|\s\z"))
    return finding("edge-spaces", texts.name, texts.rows_where(edged & filled))


def _broken(texts: Texts, filled: Mask) -> Finding | None:
    broken = _true(pc.match_substring_regex(texts.values, _BROKEN))
    return finding("broken-characters", texts.name, texts.rows_where(broken & filled))


def _impossible(texts: Texts, filled: Mask, held: kinds.Held) -> Finding | None:
    wrong = np.zeros(len(filled), dtype=bool)
    wrong[filled] = held.wrong
    about = held.kind.code
    return finding("impossible", texts.name, texts.rows_where(wrong), about)


def _spellings(texts: Texts, filled: Mask, loose: Counts) -> tuple[int, Finding | None]:
    """Rows of a category whose value is a less common spelling of another one."""
    if len(loose) > spellings.VALUES_AT_MOST:
        return 0, None
    rarer = np.zeros(len(filled), dtype=bool)
    rarer[spellings.rarer_spellings(loose, texts.counts)] = True
    rarer &= filled
    found = finding("spellings", texts.name, texts.rows_where(rarer))
    return (found.count if found else 0), found


def _true(mask: pa.Array) -> Mask:
    return np.asarray(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))
