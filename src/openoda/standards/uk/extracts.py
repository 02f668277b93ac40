"""Table Schemas for common council extracts, to begin from: each council's system differs.

They lie in `schemas/`, one a file, each with its source. A field's `standard` names the kind of
`registry` that its values are held against; Table Schema itself takes no notice of it.
"""

import json
from pathlib import Path
from typing import Any

from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.refusals import Misused

_FOLDER = Path(__file__).parent / "schemas"


def names() -> list[str]:
    """The extracts that there are schemas for."""
    return sorted(file.stem for file in _FOLDER.glob("*.json"))


def descriptor(name: str) -> dict[str, Any]:
    """An extract's schema as JSON. Refuses (Misused) a name there isn't, and names those there are."""
    if name not in names():
        raise Misused(
            f"There is no schema for an extract called {name}",
            remedy=f"Choose one of: {', '.join(names())}.",
        )
    return dict(json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def schema(name: str) -> TableSchema:
    """An extract's schema, checked."""
    return TableSchema.from_descriptor(descriptor(name), where=name)


def kinds(name: str) -> dict[str, str]:
    """Which columns of an extract are held against which kind of standard."""
    fields = descriptor(name)["fields"]
    return {field["name"]: field["standard"] for field in fields if "standard" in field}
