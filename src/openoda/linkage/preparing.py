"""Columns worked out from a file's own, so that what is the same is written the same.

Each derivation is a function of whole columns of text, known by its name. What a standard finds sound
is in its canonical form; what it doesn't is kept as it was written, in capitals, because a slip of the
keyboard still says something to a measure of likeness. Values that stand for nothing are missing.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.quality.placeholders import words_in
from openoda.data.standardise.columns import as_text
from openoda.data.standardise.kinds import standardiser
from openoda.linkage.spec.model import Reads, Spec
from openoda.linkage.sql_columns import SQL_DERIVATIONS
from openoda.standards.uk.folding import folded
from openoda.standards.uk.nicknames import formal_names

Derivation = Callable[[Sequence[pa.StringArray]], pa.Array]

_NOBODYS = ("placeholder", "missing")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_NUMBER = r"\A[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\z"
_WHOLE = 1e15
"""Below this a float holds whole numbers exactly, to the last digit."""
_SPIKE_TIMES, _SPIKE_RANK, _SPIKE_LEAST = 10, 10, 10


def canonical(columns: Sequence[pa.StringArray], kind: str) -> pa.StringArray:
    """By a standard of `standards.uk`: canonical where sound, in capitals where not."""
    return _by_value(columns[0], partial(_canonical, kind=kind))


def _canonical(values: pa.StringArray, kind: str) -> pa.StringArray:
    values = _plain(values)
    found = standardiser(kind)(values)
    nobodys = pc.is_in(found.problems, value_set=pa.array(_NOBODYS))
    kept = pc.coalesce(found.values, values)
    return pc.if_else(nobodys, pa.scalar(None, pa.string()), kept)


def plain(columns: Sequence[pa.StringArray]) -> pa.StringArray:
    """In capitals without accents, spaces put in order; placeholders are missing."""
    return _by_value(columns[0], _plain)


def _plain(values: pa.StringArray) -> pa.StringArray:
    trimmed = pc.utf8_trim_whitespace(values)
    nothing = pa.array(words_in(trimmed))
    empty = pc.or_(nothing, pc.equal(trimmed, ""))
    tidy = pc.replace_substring_regex(pc.if_else(empty, None, trimmed), r"\s+", " ")
    if not pc.all(pc.string_is_ascii(tidy), min_count=0).as_py():
        return pa.array([None if text is None else folded(text) for text in tidy.to_pylist()],
                        pa.string())  # fmt: skip
    return pc.utf8_upper(tidy)


def without_spikes(columns: Sequence[pa.StringArray]) -> pa.StringArray:
    """Without values so common that they must stand for nothing: 1 January 1900, noemail@….

    A value met at least ten times, and over ten times as often as the tenth most common one.
    """
    coded = columns[0].dictionary_encode()
    counts = np.bincount(coded.indices.drop_null().to_numpy(), minlength=len(coded.dictionary))
    if len(counts) <= _SPIKE_RANK:
        return columns[0]
    tenth = -np.partition(-counts, _SPIKE_RANK - 1)[_SPIKE_RANK - 1]
    spikes = (counts >= _SPIKE_LEAST) & (counts > _SPIKE_TIMES * tenth)
    kept = pc.if_else(pa.array(spikes), pa.scalar(None, pa.string()), coded.dictionary)
    return kept.take(coded.indices)


def formal(columns: Sequence[pa.StringArray]) -> pa.Array:
    """The names that the first forename may be short for, itself among them, as a list."""
    return _by_value(columns[0], _formal)


def _formal(values: pa.StringArray) -> pa.Array:
    return pa.array(
        [None if name is None else sorted({name.split(" ")[0], *formal_names(name.split(" ")[0])})
         for name in values.to_pylist()],
        pa.list_(pa.string()),
    )  # fmt: skip


def first_letters(columns: Sequence[pa.StringArray], letters: int) -> pa.StringArray:
    """The first letters; missing where there are fewer."""
    found = pc.utf8_slice_codeunits(columns[0], 0, letters)
    long = pc.greater_equal(pc.utf8_length(columns[0]), letters)
    return pc.if_else(long, found, pa.scalar(None, pa.string()))


def first_word(columns: Sequence[pa.StringArray]) -> pa.StringArray:
    """What stands before the first space."""
    return _by_value(columns[0], lambda values: pc.replace_substring_regex(values, " .*", ""))


def all_but_last(columns: Sequence[pa.StringArray], letters: int) -> pa.StringArray:
    """Without the last letters: of a postcode without two, its sector; without three, its district."""
    cut = pc.utf8_trim_whitespace(pc.utf8_slice_codeunits(columns[0], 0, stop=-letters))
    return pc.if_else(pc.equal(cut, ""), pa.scalar(None, pa.string()), cut)


def year(columns: Sequence[pa.StringArray]) -> pa.StringArray:
    """The year of a date or of a year alone; missing where it is neither."""
    form = r"\A(\d{4})(-\d{2}-\d{2})?\z"
    found = pc.replace_substring_regex(columns[0], form, r"\1")
    return pc.if_else(pc.match_substring_regex(columns[0], form), found, None)


def day_and_month_swapped(columns: Sequence[pa.StringArray]) -> pa.StringArray:
    """A date with its day and month changed over; missing where that is no date or the same one."""
    return _by_value(columns[0], _swapped)


def _swapped(values: pa.StringArray) -> pa.StringArray:
    return pa.array([_swapped_date(text) for text in values.to_pylist()], pa.string())


def _swapped_date(text: str) -> str | None:
    form = _ISO_DATE.fullmatch(text)
    other = form and "-".join(form.group(1, 3, 2))
    if not other or other == text:
        return None
    try:
        date.fromisoformat(other)
    except ValueError:
        return None
    return other


def joined(columns: Sequence[pa.StringArray]) -> pa.StringArray:
    """Several columns as one text, a space between; missing where one is."""
    return pc.binary_join_element_wise(*columns, " ")


def words(columns: Sequence[pa.StringArray]) -> pa.Array:
    """The different words and numbers of a text, as a list; missing where there are none."""
    bare = pc.replace_substring_regex(columns[0], r"[^\p{L}\p{N}]+", " ")
    trimmed = pc.utf8_trim(bare, " ")
    return pc.split_pattern(pc.if_else(pc.equal(trimmed, ""), None, trimmed), " ")


_STANDARDS = ("forename", "surname", "date-of-birth", "postcode", "nhs-number", "uprn", "nino",
              "phone", "email")  # fmt: skip
DERIVATIONS: dict[str, Derivation] = {
    **{kind: partial(canonical, kind=kind) for kind in _STANDARDS},
    "plain": plain,
    "without-spikes": without_spikes,
    "formal-names": formal,
    "first-word": first_word,
    "first-letter": partial(first_letters, letters=1),
    **{
        f"first-{letters}-letters": partial(first_letters, letters=letters) for letters in (2, 3, 4)
    },
    "postcode-sector": partial(all_but_last, letters=2),
    "postcode-district": partial(all_but_last, letters=3),
    "year": year,
    "day-and-month-swapped": day_and_month_swapped,
    "joined": joined,
    "words": words,
    **SQL_DERIVATIONS,
}
"""What a spec may ask for by name."""


def _by_value(column: pa.StringArray, work: Callable[[pa.StringArray], pa.Array]) -> pa.Array:
    """Work on each different value once."""
    coded = as_text(column).dictionary_encode()
    return work(coded.dictionary).take(coded.indices)


def with_worked_out(table: pa.Table, spec: Spec) -> pa.Table:
    """The columns that rules and comparisons look at, those that the spec works out among them.

    `table`: the columns that the spec declares and a file has, by the spec's names. Each is read as
    the spec says (see `read_as`).
    """
    columns = {name: written(table[name]) for name in table.column_names}
    waiting = [each for each in spec.columns if each.made_from]
    while waiting:
        ready = [each for each in waiting if all(name in columns for name in each.made_from)]
        if not ready:
            raise ValueError(f"columns can't be worked out: {', '.join(c.name for c in waiting)}")
        for each in ready:
            columns[each.name] = DERIVATIONS[each.by]([columns[name] for name in each.made_from])
        waiting = [each for each in waiting if each.name not in columns]
    kinds = {each.name: each.reads for each in spec.columns}
    used = [name for name in columns if name in spec.used()]
    return pa.table({name: read_as(columns[name], kinds.get(name, Reads.TEXT)) for name in used})


def read_as(column: pa.Array, kind: Reads) -> pa.Array:
    """Text as dates, numbers or lists, so that a measure has something to measure.

    Dates as `standards.uk` reads them; lists parted by commas, semicolons or bars. What can't be read
    is missing. Columns that aren't text, lists and points among them, stay as they are.
    """
    if kind in _READERS and pa.types.is_string(column.type):
        return _by_value(column, _READERS[kind])
    return column


def _dates(values: pa.StringArray) -> pa.Array:
    return standardiser("date")(values).values.cast(pa.date32())


def _numbers(values: pa.StringArray) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(values)
    sound = pc.match_substring_regex(trimmed, _NUMBER)
    return pc.if_else(sound, trimmed, pa.scalar(None, pa.string())).cast(pa.float64())


def _lists(values: pa.StringArray) -> pa.Array:
    return pa.array(
        [[part.strip() for part in re.split("[,;|]", text) if part.strip()]
         for text in values.to_pylist()],
        pa.list_(pa.string()),
    )  # fmt: skip


_READERS: dict[Reads, Callable[[pa.StringArray], pa.Array]] = {
    Reads.DATE: _dates,
    Reads.NUMBER: _numbers,
    Reads.LIST: _lists,
}


def split_names(column: pa.ChunkedArray) -> tuple[pa.StringArray, pa.StringArray]:
    """Forenames and surnames of a column of whole names, as `standards.uk.names` takes them apart."""
    coded = written(column).dictionary_encode()
    parts = standardiser("name")(coded.dictionary).parts
    return parts["forenames"].take(coded.indices), parts["surname"].take(coded.indices)


def written(column: pa.ChunkedArray) -> pa.Array:
    """A column as text: whole numbers without a point, days as year-month-day; blank is missing.

    Lists, and structs such as points, stay as they are.
    """
    array = column.combine_chunks()
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_nested(array.type):
        return array
    if pa.types.is_floating(array.type):
        return _floats_written(array)
    if pa.types.is_timestamp(array.type):
        array = array.cast(pa.date32())
    text = as_text(array)
    if pa.types.is_decimal(array.type):
        text = pc.replace_substring_regex(text, r"\.0+\z", "")
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(text), ""), None, text)


def _floats_written(array: pa.Array) -> pa.StringArray:
    """Each number by itself, so that one with a fraction doesn't cost the others their digits."""
    if pa.types.is_float16(array.type):
        array = array.cast(pa.float32())
    finite = pc.is_finite(array)
    whole = pc.and_(pc.equal(array, pc.floor(array)), pc.less(pc.abs(array), _WHOLE))
    numbers = pc.if_else(whole, array, pa.scalar(None, array.type)).cast(pa.int64())
    others = pc.if_else(finite, array, pa.scalar(None, array.type))
    return pc.coalesce(as_text(numbers), as_text(others))
