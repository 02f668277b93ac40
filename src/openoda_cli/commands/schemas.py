"""`oda schema list`, `oda schema write`: Table Schemas to begin from.

What a command needs is imported when it runs, so that help and refusals come at once.
"""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.table import Table
from rich.text import Text

from openoda_cli import screen
from openoda_cli.options import JsonOption


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(help="Schemas of common council extracts.", no_args_is_help=True)
    group.command("list")(list_schemas)
    group.command("write")(write)
    app.add_typer(group, name="schema")


def list_schemas(as_json: JsonOption = False) -> int:
    """List the schemas of common council extracts, to begin from.

    Example: oda schema list
    """
    from openoda.office import schemas

    found = schemas.listing()
    table = Table("Name", "Title", "Columns", box=None)
    for one in found:
        table.add_row(one["name"], one["title"], str(len(one["columns"])))
    last = Text("To see one, or keep it: oda schema write NAME --out FILE")
    screen.answer({"schemas": found}, Group(table, last), as_json)
    return 0


def write(
    source: Annotated[
        str, typer.Argument(help="A name from oda schema list, or a published schema's JSON file.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the schema file here, to keep and correct.")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Show a schema, and write it as a Table Schema for `oda intake --schema`.

    Takes the name of a common extract, or a schema as the Local Government Association and data.gov.uk
    publish them; what of it a Table Schema can't hold is said.

    Example: oda schema write council-tax --out council-tax.schema.json
    """
    from openoda.office import schemas

    found = schemas.write(source, out)
    screen.answer(found, _shown(found), as_json)
    return 1 if found["remarks"] else 0


def _shown(found: dict[str, Any]) -> Group:
    table = Table("Column", "Type", "Held against", "Meaning", box=None)
    for column in found["columns"]:
        cells = (column["name"], column["type"], column["standard"], column["title"])
        table.add_row(*(Text(cell) for cell in cells))
    lines = [Text(f"Not carried over: {remark}") for remark in found["remarks"]]
    if found["written"]:
        lines.append(Text(f"Written: {found['written']}. Correct it where your system differs, then: "
                          f"oda intake FILE --schema {found['written']}"))  # fmt: skip
    else:
        lines.append(Text("Nothing written. To keep it: --out FILE"))
    return Group(Text(found["title"]), table, *lines)
