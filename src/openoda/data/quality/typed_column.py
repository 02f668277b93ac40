"""Measuring a column that intake has typed: numbers, dates, times, true or false."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.quality import fingerprints
from openoda.data.quality.columns import ColumnProfile, Completeness, Counted, Scale
from openoda.data.quality.findings import Finding, Mask, finding
from openoda.data.quality.kinds import Test
from openoda.data.quality.measured import Measured
from openoda.data.quality.ordered import measure_ordered, top_of
from openoda.data.quality.runs import Numbers, runs_of


def scale_of(kind: pa.DataType) -> Scale:
    """What values of an Arrow type are; what isn't known is text."""
    for test, scale in (
        (pa.types.is_boolean, Scale.FLAG), (pa.types.is_integer, Scale.WHOLE),
        (pa.types.is_floating, Scale.NUMBER), (pa.types.is_decimal, Scale.NUMBER),
        (pa.types.is_date, Scale.DATE), (pa.types.is_timestamp, Scale.MOMENT),
        (pa.types.is_time, Scale.TIME), (pa.types.is_null, Scale.NOTHING),
    ):  # fmt: skip
        if test(kind):
            return scale
    return Scale.TEXT


def measure_typed(name: str, array: pa.Array, place: int) -> Measured:
    """Measure one typed column; `place` is its place in the file, from 0."""
    scale = scale_of(array.type)
    null = ~_true(pc.is_valid(array))
    values = _numbers(array, scale)
    bits = values.view(np.int64).copy() if values.dtype.itemsize == 8 else values.astype(np.int64)
    prints = fingerprints.mixed(bits, place, null)
    if scale in (Scale.FLAG, Scale.NOTHING):
        return Measured(_flag_profile(name, scale, values, null), (), prints, prints)
    wrong = null | (~np.isfinite(values) if values.dtype.kind == "f" else False)
    runs = runs_of(values[~wrong])

    def rows_where(test: Test) -> Mask:
        with np.errstate(invalid="ignore"):
            return test(values) & ~wrong

    ordered = measure_ordered(name, scale, runs, rows_where)
    not_numbers = finding("not-a-number", name, wrong & ~null)
    found: list[Finding | None] = [not_numbers, *ordered.findings]
    if len(ordered.placeholder_values):
        stand_ins = rows_where(lambda some: np.isin(some, ordered.placeholder_values))
        found.append(finding("placeholder", name, stand_ins))
    profile = ColumnProfile(
        name=name,
        type=scale,
        reads_as=scale,
        completeness=Completeness(
            rows=len(array),
            null=int(np.count_nonzero(null)),
            placeholder=ordered.placeholder_rows,
            placeholders=ordered.placeholder_words,
        ),
        distinct=len(runs.values),
        kind=ordered.kind,
        spread=ordered.spread,
        outliers=ordered.outliers,
        top=top_of(ordered.runs, scale),
    )
    return Measured(profile, tuple(one for one in found if one), prints, prints)


def _flag_profile(name: str, scale: Scale, values: Numbers, null: Mask) -> ColumnProfile:
    counted = [
        Counted(word, int(np.count_nonzero((values == number) & ~null)))
        for word, number in (("true", 1), ("false", 0))
    ]
    there = sorted((one for one in counted if one.rows), key=lambda one: -one.rows)
    empty = Completeness(rows=len(null), null=int(np.count_nonzero(null)))
    return ColumnProfile(name, scale, scale, empty, distinct=len(there), top=tuple(there))


def _numbers(array: pa.Array, scale: Scale) -> Numbers:
    """The values as numpy numbers, shape (rows,); where null they mean nothing.

    Days since 1970-01-01, microseconds since then or since midnight, 1 and 0 for true and false.
    """
    if scale is Scale.NOTHING:
        return np.zeros(len(array), dtype=np.int64)
    if scale is Scale.FLAG:
        array = array.cast(pa.int8())
    elif scale is Scale.DATE:
        array = array.cast(pa.date32()).cast(pa.int32())
    elif scale is Scale.MOMENT:
        array = array.cast(pa.timestamp("us", tz=array.type.tz), safe=False).cast(pa.int64())
    elif scale is Scale.TIME:
        array = array.cast(pa.time64("us"), safe=False).cast(pa.int64())
    elif pa.types.is_decimal(array.type):
        array = array.cast(pa.float64())
    filled = pc.fill_null(array, pa.scalar(0, array.type)) if array.null_count else array
    values: Numbers = filled.to_numpy(zero_copy_only=False)
    return values + 0.0 if values.dtype.kind == "f" else values  # -0.0 is 0.0


def _true(mask: pa.Array) -> Mask:
    return np.asarray(mask.to_numpy(zero_copy_only=False))
