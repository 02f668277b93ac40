"""Schemas to begin from: of common council extracts, and published ones made Table Schemas."""

import json
from pathlib import Path
from typing import Any

from openoda.office.new_files import write_new
from openoda.standards.uk import extracts
from openoda.standards.uk.lga_schema import Converted, as_table_schema
from openoda.vocabulary.refusals import FileUnreadable, Misused, SchemaInvalid

MOST_BYTES = 10 * 1024**2


def listing() -> list[dict[str, Any]]:
    """Every schema of a common extract: its name, title, columns and source."""
    found = []
    for name in extracts.names():
        descriptor = extracts.descriptor(name)
        found.append({"name": name, "title": descriptor["title"], "source": descriptor["source"],
                      "columns": [each["name"] for each in descriptor["fields"]]})  # fmt: skip
    return found


def write(source: str, out: Path | None = None) -> dict[str, Any]:
    """The Table Schema of a common extract, or of a published schema's file; written to `out`.

    `remarks` says what of a published schema a Table Schema can't hold. Raises Misused (no such name or
    file, `out` is there), FileUnreadable, SchemaInvalid.
    """
    path = Path(source)
    made = _converted(path) if path.is_file() else _shipped(source)
    text = json.dumps(made.descriptor, indent=2, ensure_ascii=False) + "\n"
    if out is not None:
        write_new(out, text)
    return {
        "title": made.descriptor.get("title", source),
        "columns": [
            {"name": field["name"], "type": field.get("type", "string"),
             "title": field.get("title", ""), "standard": field.get("standard", "")}
            for field in made.descriptor["fields"]
        ],
        "remarks": made.remarks,
        "schema": made.descriptor,
        "written": str(out) if out else None,
    }  # fmt: skip


def _shipped(name: str) -> Converted:
    if name not in extracts.names():
        raise Misused(
            "It is neither a file nor the name of a schema",
            where=name,
            remedy=f"Name a file, or one of: {', '.join(extracts.names())}.",
        )
    return Converted(extracts.descriptor(name))


def _converted(path: Path) -> Converted:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SchemaInvalid(
                "The file is too large to be a schema",
                where=path.name,
                remedy="Give the JSON file of the schema, such as PremisesLicences.json.",
            )
        given = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FileUnreadable(
            f"The file can't be read: {error.strerror}", where=path.name,
            remedy="Check that this account may read it.",
        ) from error  # fmt: skip
    except (ValueError, RecursionError) as error:
        raise SchemaInvalid(
            "The file isn't JSON",
            where=path.name,
            remedy="Give the JSON file of the schema, such as PremisesLicences.json.",
        ) from error
    return as_table_schema(given, where=path.name)
