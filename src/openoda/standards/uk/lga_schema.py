"""Schemas as the Local Government Association publishes them, turned into Table Schema.

Two dialects are about: the one that csvlint reads, where a field's type is an XML Schema address under
`constraints` and a date has a `datePattern`; and an early JSON Table Schema, where a date's format is
written `fmt:DD/MM/YYYY` and an amount's `currency`. Whatever can't be carried over is said, never
dropped without a word. In these schemas "required" may mean only that the column must be there (a
premises licence's CaseReference is required and "null before issued"): it is carried over as written.

Source: the schemas at schemas.opendata.esd.org.uk as csvlint shows them (premises licences, planning
applications) and those of data.gov.uk (datagovuk/schemas, local-gov); csvlint's own documentation of
the constraints it takes; W3C XML Schema part 2 (types).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.refusals import SchemaInvalid

XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPES: dict[str, tuple[str, int | None]] = {
    **dict.fromkeys(("string", "anyURI", "token", "normalizedString"), ("string", None)),
    **dict.fromkeys(("integer", "int", "long", "short", "byte"), ("integer", None)),
    "nonNegativeInteger": ("integer", 0),
    "positiveInteger": ("integer", 1),
    **dict.fromkeys(("decimal", "float", "double", "number"), ("number", None)),
    "boolean": ("boolean", None),
    "date": ("date", None),
    "dateTime": ("datetime", None),
    "datetime": ("datetime", None),
    "time": ("time", None),
    "gYear": ("year", None),
    "year": ("year", None),
}
_KEPT = ("required", "unique", "minLength", "maxLength", "minimum", "maximum", "pattern", "enum")
_TOKENS = (("YYYY", "%Y"), ("YY", "%y"), ("DD", "%d"), ("HH", "%H"), ("mm", "%M"), ("ss", "%S"),
           ("MM", "%m"))  # fmt: skip


@dataclass
class Converted:
    """A Table Schema's descriptor, and what of the original it doesn't hold."""

    descriptor: dict[str, Any]
    remarks: list[str] = field(default_factory=list)

    @property
    def schema(self) -> TableSchema:
        """The schema itself."""
        return TableSchema.from_descriptor(self.descriptor)


def as_table_schema(given: object, *, where: str = "") -> Converted:
    """Turn a published schema into a Table Schema.

    Raises SchemaInvalid where it has no list of named fields, or what comes out isn't sound.
    """
    fields = given.get("fields") if isinstance(given, Mapping) else None
    named = isinstance(fields, list) and all(
        isinstance(each, Mapping) and isinstance(each.get("name"), str) for each in fields
    )
    if not isinstance(given, Mapping) or not fields or not named:
        raise SchemaInvalid(
            "The schema has no list of fields with names",
            where=where,
            remedy="Give the JSON file of the schema, such as PremisesLicences.json.",
        )
    made = Converted({key: given[key] for key in ("title", "description") if key in given})
    made.descriptor["fields"] = [_field(each, made.remarks) for each in fields]
    TableSchema.from_descriptor(made.descriptor, where=where)
    return made


def _field(given: Mapping[str, Any], remarks: list[str]) -> dict[str, Any]:
    rules = given.get("constraints", {})
    rules = dict(rules) if isinstance(rules, Mapping) else {}
    written = str(rules.pop("type", given.get("type", "string"))).removeprefix(XSD)
    kind, least = _TYPES.get(written, ("string", None))
    if written not in _TYPES:
        remarks.append(f'{given["name"]}: the type "{written}" is kept as text')
    made: dict[str, Any] = {"name": given["name"], "type": kind}
    made |= {key: given[key] for key in ("title", "description") if given.get(key)}
    made |= _format(given, rules, kind, remarks)
    constraints = _constraints(given["name"], rules, kind, remarks)
    if least is not None:
        constraints.setdefault("minimum", least)
    return {**made, "constraints": constraints} if constraints else made


def _format(
    given: Mapping[str, Any], rules: dict[str, Any], kind: str, remarks: list[str]
) -> dict[str, Any]:
    """The field's format, by either dialect's way of writing it."""
    pattern, written = rules.pop("datePattern", ""), str(given.get("format", ""))
    if kind in ("date", "datetime", "time"):
        if pattern:
            return {"format": pattern}
        if written.startswith("fmt:"):
            return {"format": _directives(written.removeprefix("fmt:"))}
    elif kind == "number" and written == "currency":
        return {"bareNumber": False, "groupChar": ","}
    if written not in ("", "default"):
        remarks.append(f'{given["name"]}: the format "{written}" is not carried over')
    return {}


def _directives(written: str) -> str:
    for token, directive in _TOKENS:
        written = written.replace(token, directive)
    return written


def _constraints(name: str, rules: dict[str, Any], kind: str, remarks: list[str]) -> dict[str, Any]:
    """The constraints that Table Schema has too and that fit the type; the others become remarks."""
    kept: dict[str, Any] = {}
    for key, value in rules.items():
        lengths = key in ("minLength", "maxLength") and kind != "string"
        limits = key in ("minimum", "maximum") and kind in ("string", "boolean")
        if key not in _KEPT or lengths or limits:
            remarks.append(f'{name}: the constraint "{key}" is not carried over')
        elif value not in (False, None):
            kept[key] = value
    if "pattern" in kept and not _matches(kept["pattern"]):
        remarks.append(f"{name}: its pattern can't be matched here")
        del kept["pattern"]
    return kept


def _matches(pattern: object) -> bool:
    """Whether Table Schema takes the pattern."""
    tried = {"fields": [{"name": "x", "constraints": {"pattern": pattern}}]}
    try:
        TableSchema.from_descriptor(tried)
    except SchemaInvalid:
        return False
    return True
