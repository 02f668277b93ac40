"""Making a party's columns comparable, and taking out what can't be used to link."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.quality.placeholders import words_in
from openoda.data.quality.readiness.fields import ADDRESS, NAMES, WHOLE_NAME, Mask, Prepared
from openoda.data.standardise.columns import as_text
from openoda.data.standardise.kinds import standardiser
from openoda.standards.uk.name_words import MAYBE_TITLES, PARTICLES, TITLES
from openoda.vocabulary.refusals import Misused

MONTH_FIRST = "month-first"
PLACEHOLDER, FILLER, INITIAL = "placeholder", "filler", "initial-only"
_KIND = {
    "forename": "forename", "surname": "surname", "date_of_birth": "date-of-birth",
    "postcode": "postcode", "uprn": "uprn", "nhs_number": "nhs-number", "nino": "nino",
    "phone": "phone", "email": "email", WHOLE_NAME: "name",
}  # fmt: skip
NOBODY = (
    "BABY", "INFANT", "TWIN", "MALE", "FEMALE", "BOY", "GIRL", "TEST", "ANON", "ANONYMOUS", "UNKNOWN",
    "OCCUPIER", "TENANT", "RESIDENT", "UNNAMED", "NOTKNOWN", "NOTGIVEN", "SURNAME", "FORENAME",
)  # fmt: skip
"""Words in a name's place that name nobody. Our own list; a person called Baby is lost with them."""
_NO_SUCH_AREA = "unknown-area"
_SPIKE, _FEW, _TAIL = 10, 10, 0.995
_TITLES = TITLES | MAYBE_TITLES


def prepare(
    batches: Iterable[pa.RecordBatch], mapping: Mapping[str, str], as_at: date | None = None
) -> Prepared:
    """Make the mapped columns comparable, batch by batch.

    `mapping`: field to column; a column of dates may end in `:month-first`. `as_at`: the day as seen
    from which dates of birth are judged. Of forenames the first counts, and an initial isn't usable;
    surnames lose spaces and hyphens; NINOs their suffix. Refuses (Misused) a column that isn't there.
    """
    work = _Work(mapping, as_at)
    for batch in batches:
        work.take(batch)
    return work.done()


class _Work:
    """Columns under way, one standardiser each."""

    def __init__(self, mapping: Mapping[str, str], as_at: date | None) -> None:
        self._as_at = as_at
        self._columns = {name: _column_of(given) for name, given in mapping.items()}
        self._run = {name: standardiser(_KIND[name], as_at) for name in mapping if name != ADDRESS}
        self._rows = 0
        self._values: dict[str, list[pa.Array]] = {}
        self._troubles: dict[str, Counter[str]] = {}
        self._lengths: dict[str, Counter[int]] = {}
        self._compound: list[Mask] = []
        self._houses: list[pa.Array] = []
        self._unlisted: list[pa.Array] = []

    def take(self, batch: pa.RecordBatch) -> None:
        """Make one batch comparable."""
        self._rows += batch.num_rows
        for name, (column, month_first) in self._columns.items():
            text = as_text(_given(batch, column))
            if name == ADDRESS:
                self._houses.append(_numbers(text))
            elif name == WHOLE_NAME:
                done = self._run[name](text)
                self._name("forename", done.parts["forenames"], done.problems)
                self._name("surname", done.parts["surname"], done.problems)
            else:
                done = self._run[name](_day_first(text) if month_first else text)
                self._field(name, text, done.values, done.problems)

    def _field(self, name: str, text: pa.Array, values: pa.Array, problems: pa.Array) -> None:
        if name in NAMES:
            self._count_lengths(name, text)
            self._name(name, values, problems)
            return
        if name == "postcode":
            self._unlisted.append(_unlisted(text, problems))
        self._keep(
            name, pc.utf8_slice_codeunits(values, 0, 8) if name == "nino" else values, problems
        )

    def _name(self, name: str, values: pa.Array, problems: pa.Array) -> None:
        """A name's part as it is compared; what it can't be compared on is put with the problems."""
        if name == "surname":
            self._compound.append(_compound(values))
            self._keep(name, _letters(values), problems)
            return
        first = _first_words(values)
        initial = pc.fill_null(pc.equal(pc.utf8_length(first), 1), False)
        problems = pc.if_else(initial, pa.scalar(INITIAL), problems)
        self._keep(name, pc.if_else(initial, None, first), problems)

    def _count_lengths(self, name: str, text: pa.Array) -> None:
        lengths = pc.utf8_length(pc.utf8_trim_whitespace(text)).drop_null().to_numpy()
        counts = np.bincount(lengths) if len(lengths) else ()
        found = self._lengths.setdefault(name, Counter())
        found.update({length: int(many) for length, many in enumerate(counts) if many and length})

    def _keep(self, name: str, values: pa.Array, problems: pa.Array) -> None:
        nothing = pc.fill_null(pa.array(words_in(values)), False)
        if name in NAMES:
            nothing = pc.or_(nothing, pc.is_in(values, value_set=pa.array(NOBODY)))
        values = pc.if_else(nothing, None, values)
        self._values.setdefault(name, []).append(values)
        found = self._troubles.setdefault(name, Counter())
        codes = pc.fill_null(problems.filter(pc.is_null(values)), PLACEHOLDER)
        for entry in pc.value_counts(codes).to_pylist():
            found[entry["values"]] += entry["counts"]

    def done(self) -> Prepared:
        """All batches together, fillers taken out."""
        values = {name: pa.concat_arrays(parts) for name, parts in self._values.items()}
        self._take_unlisted_postcodes(values)
        for name in set(values) - set(NAMES):
            values[name], out = _without_fillers(values[name])
            self._troubles[name] += Counter({FILLER: out} if out else {})
        compound = np.concatenate(self._compound) if self._compound else None
        house = pa.concat_arrays(self._houses) if self._houses else None
        return Prepared(
            self._rows, values, self._troubles, self._lengths, compound, house, self._as_at
        )

    def _take_unlisted_postcodes(self, values: dict[str, pa.Array]) -> None:
        """Where most postcodes lie in no known area, as made-up ones do, take them as they are."""
        if not self._unlisted:
            return
        unlisted = pa.concat_arrays(self._unlisted)
        there = len(unlisted) - unlisted.null_count
        if there > len(values["postcode"]) - values["postcode"].null_count:
            values["postcode"] = pc.coalesce(values["postcode"], unlisted)
            del self._troubles["postcode"][_NO_SUCH_AREA]


def _column_of(given: str) -> tuple[str, bool]:
    column, _, how = given.rpartition(":")
    return (column, True) if column and how == MONTH_FIRST else (given, False)


def _given(batch: pa.RecordBatch, name: str) -> pa.Array:
    if name not in batch.schema.names:
        raise Misused(
            f"There is no column called {name}",
            where=", ".join(batch.schema.names[:12]),
            remedy="Give --map FIELD=COLUMN with the column as the data spells it.",
        )
    return batch.column(name)


def _day_first(text: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(
        text, r"^\s*(\d{1,2})([/. -])(\d{1,2})([/. -])(\d{2,4})", r"\3\2\1\4\5"
    )


def _unlisted(text: pa.Array, problems: pa.Array) -> pa.Array:
    """Postcodes of the right shape in an area that there isn't; null elsewhere."""
    bare = pc.utf8_upper(pc.replace_substring_regex(text, r"\s", ""))
    spaced = pc.replace_substring_regex(bare, r"^(.+)(\d[A-Z]{2})$", r"\1 \2")
    return pc.if_else(pc.fill_null(pc.equal(problems, _NO_SUCH_AREA), False), spaced, None)


def _numbers(text: pa.Array) -> pa.Array:
    """The numbers of an address, in order: what tells homes in a street apart."""
    found = pc.replace_substring_regex(pc.utf8_upper(text), r"[^0-9]*(\d+[A-Z]?\b)?[^0-9]*", r"\1 ")
    found = pc.utf8_trim_whitespace(found)
    return pc.if_else(pc.equal(found, ""), None, found)


def _first_words(names: pa.Array) -> pa.Array:
    encoded = names.dictionary_encode()
    changed = [_first(text) for text in encoded.dictionary.to_pylist()]
    return pa.array(changed, pa.string()).take(encoded.indices)


def _first(text: str) -> str | None:
    """The first forename, without titles; None where nothing is left."""
    words = text.replace("-", " ").replace(".", " ").split() if text else []
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    return words[0] if words and words[0] not in TITLES else None


def _compound(surnames: pa.Array) -> Mask:
    """Which surnames have several parts, particles apart ("van der Berg" has one)."""

    def several(text: str) -> bool:
        words = text.replace("-", " ").split() if text else []
        return sum(len(word) > 1 and word not in PARTICLES for word in words) > 1

    encoded = surnames.dictionary_encode()
    found = np.array([several(text) for text in encoded.dictionary.to_pylist()] + [False])
    places = pc.fill_null(encoded.indices, len(found) - 1).to_numpy(zero_copy_only=False)
    return np.asarray(found[places])


def _letters(names: pa.Array) -> pa.Array:
    found = pc.replace_substring_regex(names, r"[\s\-.']", "")
    return pc.if_else(pc.equal(found, ""), None, found)


def _without_fillers(values: pa.Array) -> tuple[pa.Array, int]:
    """The values without those that stand for nothing, and how many records held one.

    A filler is met more than ten times, and more than ten times as often as 995 in 1,000 of the values
    there are. Names aren't asked: some are that common.
    """
    encoded = values.dictionary_encode()
    codes = encoded.indices.drop_null().to_numpy()
    if not len(codes):
        return values, 0
    counts = np.bincount(codes, minlength=len(encoded.dictionary))
    often = max(_FEW, _SPIKE * float(np.quantile(counts, _TAIL, method="lower")))
    fillers = encoded.dictionary.filter(pa.array(counts > often))
    if not len(fillers):
        return values, 0
    out = pc.is_in(values, value_set=fillers)
    return pc.if_else(out, None, values), int(pc.sum(out).as_py())
