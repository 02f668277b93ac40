"""A package's input: the schema fitted to the columns of the file at hand."""

import json
from dataclasses import replace
from typing import Any

import pyarrow as pa

from openoda.library.manifest import Package
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.refusals import Misused, SchemaInvalid

GROUP = "group"


def parse_mapping(given: list[str]) -> dict[str, str]:
    """NAME=COLUMN pairs. Refuses (Misused) what isn't one, or names twice."""
    mapping: dict[str, str] = {}
    for pair in given:
        name, equals, column = pair.partition("=")
        if not (name and equals and column) or name in mapping:
            raise Misused(
                "A mapping isn't NAME=COLUMN, or names the same thing twice",
                where=f"--map {pair}",
                remedy="Write --map NAME=COLUMN: the package's name, then the file's column.",
            )
        mapping[name] = column
    return mapping


def with_mapping(package: Package, mapping: dict[str, str]) -> tuple[Package, dict[str, str]]:
    """The package, and its schema's field to the file's column for every field renamed.

    Names may be the schema's fields or the package's roles; `group` may be added this way.
    """
    names = [field["name"] for field in descriptor_of(package)["fields"]]
    roles = dict(package["roles"])
    fields: dict[str, str] = {}
    for name, column in mapping.items():
        if name == GROUP and not roles[GROUP]:
            roles[GROUP] = GROUP
            fields[GROUP] = column
        elif name in names or roles.get(name):
            fields[name if name in names else roles[name]] = column
        else:
            raise Misused(
                f"The package has no column or role called {name}",
                where=f"--map {name}={column}",
                remedy=f"Use one of: {', '.join([*roles, *names])}.",
            )
    return replace(package, tables={**package.tables, "roles": roles}), fields


def descriptor_of(package: Package) -> dict[str, Any]:
    """The package's Table Schema, as JSON."""
    where = f"{package.name}/{package['data']['schema']}"
    try:
        descriptor = json.loads(package.text("data", "schema"))
        TableSchema.from_descriptor(descriptor, where=where)
    except json.JSONDecodeError as error:
        raise SchemaInvalid(
            f"The package's schema is not JSON: {error}", where=where, remedy="Correct that line."
        ) from error
    names = {field["name"] for field in descriptor["fields"]}
    lost = [name for role, name in package["roles"].items() if name and name not in names | {GROUP}]
    if lost:
        raise SchemaInvalid(
            f"The package's roles name columns that its schema doesn't have: {', '.join(lost)}",
            where=where,
            remedy="Name the schema's fields in [roles].",
        )
    return dict(descriptor)


def fitted_schema(package: Package, fields: dict[str, str], columns: list[str]) -> TableSchema:
    """The package's schema in the names of the file; columns it doesn't know are kept as text."""
    descriptor = descriptor_of(package)
    known = [
        {**field, "name": fields.get(field["name"], field["name"])}
        for field in descriptor["fields"]
    ]
    if GROUP in fields and fields[GROUP] not in {field["name"] for field in known}:
        known.append({"name": fields[GROUP], "type": "string"})
    named = {field["name"] for field in known}
    mistyped = [f"{name}={column}" for name, column in fields.items() if column not in columns]
    if mistyped:
        raise SchemaInvalid(
            f"The file has no column of the name given ({', '.join(mistyped)})",
            where=", ".join(columns[:12]) + (", …" if len(columns) > 12 else ""),
            remedy="Give --map NAME=COLUMN once for each, with the column as the file spells it.",
        )
    names = [field["name"] for field in known]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Misused(
            f"One column of the file stands for two of the package's ({', '.join(twice)})",
            where="--map",
            remedy="Map each of the package's names to a column of its own.",
        )
    missing = [field["name"] for field in known if field["name"] not in columns]
    if missing:
        raise SchemaInvalid(
            f"The file lacks {len(missing)} of the {len(known)} columns that the package needs",
            where=", ".join(missing[:8]) + (", …" if len(missing) > 8 else ""),
            remedy="Where a column has another name, say so with --map NAME=COLUMN. Where the file "
            "doesn't hold it, write a package for your columns: see the guide's chapter 8.",
        )
    rest = [{"name": name, "type": "string"} for name in columns if name not in named]
    return TableSchema.from_descriptor(
        {**descriptor, "fields": known + rest}, where=f"{package.name}/{package['data']['schema']}"
    )


def in_package_names(table: pa.Table, package: Package, fields: dict[str, str]) -> pa.Table:
    """The table with only the schema's columns, by the schema's names."""
    names = [field["name"] for field in descriptor_of(package)["fields"]]
    if GROUP in fields:
        names.append(GROUP)
    return pa.table({name: table[fields.get(name, name)] for name in names})
