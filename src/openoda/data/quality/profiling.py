"""Profiling a delivery: every column measured, then what no single column can tell."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from openoda.data.quality import catalogue, estimates
from openoda.data.quality.columns import ColumnProfile, Scale
from openoda.data.quality.findings import Finding, Rows
from openoda.data.quality.fingerprints import Prints, Repeats, repeats_in
from openoda.data.quality.gathering import THREADS, Read, gather, is_text
from openoda.data.quality.issues import Issue, Place
from openoda.data.quality.keys import Sampled, pair_keys
from openoda.data.quality.measured import Measured
from openoda.data.quality.rule_runs import FILE, LINE
from openoda.data.quality.text_column import measure_text
from openoda.data.quality.typed_column import measure_typed, scale_of
from openoda.vocabulary.progress import Progress, Step, silent

CELLS_A_PASS = 80_000_000
ROWS_EXACT = 20_000_000
_SAMPLE = 50_000


@dataclass(frozen=True)
class Source:
    """Rows to profile: how to read them, how many there are, and the file's own columns in order."""

    read: Read
    rows: int
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """What profiling found. `exact` and `loose` count repeated rows (None where not counted).

    `keys` are the columns, alone or in pairs, of which every row has values of its own.
    """

    rows: int
    columns: tuple[ColumnProfile, ...]
    issues: tuple[Issue, ...]
    keys: tuple[tuple[str, ...], ...]
    exact: Repeats | None
    loose: Repeats | None

    def column(self, name: str) -> ColumnProfile:
        """One column, by its name."""
        return next(one for one in self.columns if one.name == name)


def profile(source: Source, progress: Progress = silent) -> Profile:
    """Measure every column and the table as a whole.

    Columns are gathered so many at a time that about 80 million cells are held at once. Past 20
    million rows columns are estimated in one streaming pass instead: distinct values and quantiles
    are then approximate and say so, and rows are not compared with one another.
    """
    if source.rows > ROWS_EXACT:
        columns = estimates.estimate(source.read, source.columns)
        return Profile(source.rows, columns, (), (), None, None)
    return _Work(source, progress).done()


class _Work:
    """One profile under way: what is kept from pass to pass."""

    def __init__(self, source: Source, progress: Progress) -> None:
        self._source = source
        self._progress = progress
        self._measured: list[tuple[ColumnProfile, tuple[Finding, ...]]] = []
        self._prints: Prints = np.zeros(source.rows, dtype=np.uint64)
        self._loose: Prints = np.zeros(source.rows, dtype=np.uint64)
        self._sampled: dict[str, Sampled] = {}
        self._files: pa.Array = pa.array([], pa.string())
        self._lines: Rows = np.zeros(0, dtype=np.int64)

    def done(self) -> Profile:
        """Measure all columns, a group at a time, then the rows."""
        columns = self._source.columns
        each = max(1, CELLS_A_PASS // max(1, self._source.rows))
        for start in range(0, len(columns), each):
            self._pass(columns[start : start + each], start)
        self._progress(Step("Comparing rows", 0, 0))
        exact = repeats_in(self._prints)
        loose = exact if np.array_equal(self._prints, self._loose) else repeats_in(self._loose)
        profiles = tuple(one for one, _ in self._measured)
        keys: tuple[tuple[str, ...], ...] = tuple((one.name,) for one in profiles if one.is_key)
        if not keys and self._source.rows:
            keys = pair_keys(self._sampled, profiles, self._source.read)
        issues = [self._issue(one) for _, found in self._measured for one in found]
        issues += self._repeated(exact, loose)
        return Profile(self._source.rows, profiles, tuple(issues), keys, exact, loose)

    def _pass(self, names: Sequence[str], start: int) -> None:
        """Gather some columns and measure them, two or more at a time."""
        self._progress(Step("Reading columns", start, len(self._source.columns)))
        wanted = [*names, *(() if start else (FILE, LINE))]
        arrays = gather(self._source.read(wanted), wanted)
        if not start:
            self._files = arrays.pop(FILE)
            self._lines = arrays.pop(LINE).to_numpy(zero_copy_only=False).astype(np.int64)

        def measure(place: int) -> Measured:
            name = names[place]
            return measure_column(name, arrays.pop(name), start + place)

        with ThreadPoolExecutor(THREADS) as pool:
            for place, one in enumerate(pool.map(measure, range(len(names)))):
                self._progress(Step("Measuring columns", start + place, len(self._source.columns)))
                self._keep(names[place], one)

    def _keep(self, name: str, one: Measured) -> None:
        self._measured.append((one.profile, one.findings))
        self._prints += one.prints
        self._loose += one.loose
        self._sampled[name] = one.prints[:_SAMPLE].copy()

    def _issue(self, found: Finding) -> Issue:
        about = catalogue.about_finding(found)
        return catalogue.issue(
            found.code, (found.column,), found.count, self._places(found.rows), about
        )

    def _repeated(self, exact: Repeats, loose: Repeats) -> list[Issue]:
        found = []
        if exact.extra:
            places = self._places(exact.places)
            found.append(
                catalogue.issue("duplicate-rows", (), exact.extra, places, groups=exact.groups)
            )
        if loose.extra > exact.extra:
            places = self._places(loose.places)
            found.append(
                catalogue.issue(
                    "duplicate-rows-loosely", (), loose.extra, places, groups=loose.groups
                )
            )
        return found

    def _places(self, rows: Rows) -> tuple[Place, ...]:
        files = self._files.take(pa.array(rows)).to_pylist()
        lines = self._lines[rows].tolist()
        return tuple(Place(str(file), line) for file, line in zip(files, lines, strict=True))


def measure_column(name: str, array: pa.Array, place: int) -> Measured:
    """Measure one column, shape (rows,), by what it holds; `place` is its place in the file."""
    kind = array.type.value_type if pa.types.is_dictionary(array.type) else array.type
    if is_text(kind):
        return measure_text(name, array, place)
    if scale_of(kind) is Scale.TEXT:  # bytes, lists: nothing but their presence can be told
        return measure_text(name, _as_text(array), place)
    return measure_typed(name, array, place)


def _as_text(array: pa.Array) -> pa.Array:
    if pa.types.is_nested(array.type) or pa.types.is_binary(array.type):
        return pa.array(
            [None if one is None else repr(one) for one in array.to_pylist()], pa.string()
        )
    return array.cast(pa.string())


def with_unreadable(found: Profile, unreadable: dict[str, int]) -> Profile:
    """The same, with how many of each column's nulls are values that intake couldn't type."""
    columns = tuple(
        replace(one, completeness=replace(one.completeness, unreadable=unreadable.get(one.name, 0)))
        for one in found.columns
    )
    return replace(found, columns=columns)
