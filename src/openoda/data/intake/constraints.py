"""What a schema demands of values beyond their type, checked on one column.

Source: Table Schema, "constraints". A value that breaks one is nulled like a value of the wrong type,
its text kept among the flags; of several broken constraints the first in the order below is named.
A missing value satisfies all of them but `required`.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.intake.casting import Cast, Places, Typed, arrow_type, cast_for
from openoda.standards.table_schema import Field, TableSchema, whole
from openoda.vocabulary.refusals import SchemaInvalid

# A rule takes text and typed values and returns which satisfy it.
Rule = tuple[Callable[[pa.StringArray, pa.Array], pa.BooleanArray], str]

# Which JSON values stand for themselves as a limit or choice; others are written as text.
_PLAIN: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "year": (int,),
}


def checked_cast(field: Field, schema: TableSchema) -> Cast:
    """The function that types a field's text and checks its constraints (but not uniqueness)."""
    cast = cast_for(field, schema)
    rules = rules_for(field, schema)
    required = field.constraints.required or field.name in schema.primary_key
    if not rules and not required:
        return cast
    return partial(_cast_and_check, cast=cast, rules=rules, required=required)


def _cast_and_check(
    text: pa.StringArray, *, cast: Cast, rules: list[Rule], required: bool
) -> Typed:
    return check(text, cast(text), rules, required)


def check(text: pa.StringArray, typed: Typed, rules: list[Rule], required: bool) -> Typed:
    """Null the values that break a rule and name them; then name those that are required."""
    values, bad = typed.values, list(typed.bad)
    absent = _true(pc.is_null(values)) if required else np.empty(0, dtype=np.int64)
    if required:
        absent = np.setdiff1d(absent, np.concatenate([absent[:0], *(at for at, _ in bad)]))
    for satisfies, reason in rules:
        broken = _true(pc.and_(pc.is_valid(values), pc.invert(satisfies(text, values))))
        if len(broken):
            values = nulled(values, broken)
            bad.append((broken, reason))
    if len(absent):
        bad.append((absent, "required, but missing"))
    return Typed(values, tuple(bad))


def nulled(values: pa.Array, places: Places) -> pa.Array:
    """The values with null at these places."""
    mask = np.zeros(len(values), dtype=bool)
    mask[places] = True
    return pc.if_else(pa.array(mask), pa.scalar(None, values.type), values)


def _true(mask: pa.BooleanArray) -> Places:
    return np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))


def rules_for(field: Field, schema: TableSchema) -> list[Rule]:
    """The rules of a field, as functions over text and typed values."""
    wanted = field.constraints
    found: list[Rule] = []
    if wanted.pattern is not None:
        found.append((partial(_matches, pattern=whole(wanted.pattern)), "not of the pattern"))
    if wanted.enum:
        members = pa.array(
            [_bound(field, schema, each, "enum").as_py() for each in wanted.enum],
            arrow_type(field),
        )
        found.append((partial(_among, members=members), "not one of the values listed"))
    for name, compare in (("minimum", pc.greater_equal), ("maximum", pc.less_equal)):
        limit = getattr(wanted, name)
        if limit is not None:
            bound = _bound(field, schema, limit, name)
            side = "below" if name == "minimum" else "above"
            found.append((partial(_within, compare=compare, bound=bound), f"{side} the {name}"))
    if wanted.min_length is not None:
        found.append((partial(_long, least=wanted.min_length), "shorter than allowed"))
    if wanted.max_length is not None:
        found.append((partial(_short, most=wanted.max_length), "longer than allowed"))
    return found


def _matches(text: pa.StringArray, values: pa.Array, *, pattern: str) -> pa.BooleanArray:
    return pc.match_substring_regex(text, pattern)


def _among(text: pa.StringArray, values: pa.Array, *, members: pa.Array) -> pa.BooleanArray:
    return pc.is_in(values, value_set=members)


def _within(
    text: pa.StringArray, values: pa.Array, *, compare: Any, bound: pa.Scalar
) -> pa.BooleanArray:
    return compare(values, bound)


def _long(text: pa.StringArray, values: pa.Array, *, least: int) -> pa.BooleanArray:
    return pc.greater_equal(pc.utf8_length(values), least)


def _short(text: pa.StringArray, values: pa.Array, *, most: int) -> pa.BooleanArray:
    return pc.less_equal(pc.utf8_length(values), most)


def _bound(field: Field, schema: TableSchema, value: object, name: str) -> pa.Scalar:
    """A limit or choice of the schema as a value of the field's type.

    Text is read as the field's own values are, else as the type's default form has it.
    """
    kind = arrow_type(field)
    if isinstance(value, str):
        for way in (field, Field(name=field.name, type=field.type)):
            read = cast_for(way, TableSchema((way,)))(pa.array([value], pa.string())).values
            if read.null_count == 0:
                return read.cast(kind)[0]
    elif type(value) in _PLAIN.get(field.type, ()):
        try:
            return pa.scalar(value, kind)
        except (pa.ArrowInvalid, OverflowError):
            pass  # too large: refused below, in words
    raise SchemaInvalid(
        f'The {name} of field "{field.name}" is not a {field.type}',
        remedy="Write it as the field's own values are written.",
    )
