"""`oda init`, `datasets`, `export`, `verify`, `audit`: the office's folder and what it holds.

What a command needs is imported when it runs, so that help and refusals come at once.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from openoda_cli import screen
from openoda_cli.options import JsonOption, WorkspaceOption
from openoda_cli.workplace import opened


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("init")(init)
    app.command("datasets")(datasets)
    app.command("export")(export)
    app.command("verify")(verify)
    app.command("audit")(audit)


def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make, or an empty one.")],
    name: Annotated[
        str, typer.Option("--name", help="The office's name, shown on its pages.")
    ] = "",
    as_json: JsonOption = False,
) -> int:
    """Make a workspace: one folder that is the whole office.

    Example: oda init office --name "Office of Data Analytics"
    """
    from openoda.office.workplace import create_workspace

    workspace = create_workspace(folder, name)
    result = {"workspace": str(workspace.root), "office": workspace.settings.office_name}
    shown = f"{result['office']}: {result['workspace']}\nNext: oda intake FILE --class open"
    screen.answer(result, shown, as_json)
    return 0


def datasets(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> int:
    """List what the vault holds: names, classes, dates and counts, never records.

    Example: oda datasets --workspace office
    """
    from openoda.office import keeping

    place, _ = opened(workspace, must_exist=True)
    found = keeping.datasets(place)
    name = Column("Dataset", overflow="fold")
    table = Table(name, "Class", "Taken", "Rows", "Quarantined", "Snapshot", box=None)
    for one in found:
        counts = (f"{one['rows']:,}", f"{one['quarantined']:,}")
        table.add_row(one["dataset"], one["class"], one["taken_at"], *counts, one["snapshot"][:12])
    empty = "The vault is empty. Load a file with: oda intake FILE --class open"
    screen.answer({"datasets": found}, table if found else empty, as_json)
    return 0


def export(
    dataset: Annotated[str, typer.Argument(help="Its name, from: oda datasets.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="A new file, .csv or .parquet. Default: its name, .csv."),
    ] = None,
    part: Annotated[
        str, typer.Option("--part", help="accepted, quarantined, or flags: the flagged values.")
    ] = "accepted",
    exact: Annotated[
        bool,
        typer.Option("--exact", help="CSV without apostrophes: for programs, not spreadsheets."),
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write a dataset's accepted rows to a file, as CSV or Parquet: open and synthetic data only.

    What other commands made, such as matched addresses or standardised columns, is a dataset too.
    In CSV a text that a spreadsheet would run gets an apostrophe before it; Parquet is exact.

    Example: oda export licences-matched --out licences-matched.csv
    """
    from openoda.office.export import export as write

    place, _ = opened(workspace, must_exist=True)
    with screen.progress(as_json) as progress:
        done = write(place, dataset, out, part, exact, progress)
    licence = f", {done['licence']}" if done["licence"] else ""
    shown = f"{done['dataset']} ({done['class']}{licence}): {done['rows']:,} rows in {done['file']}"
    if done["emptied"]:
        shown += (f"\n{done['emptied']:,} flagged values may be empty in it; as they came: "
                  "--part flags")  # fmt: skip
    if done["guarded"]:
        shown += (f"\n{done['guarded']:,} texts that a spreadsheet would run have an apostrophe before "
                  "them; --exact or Parquet keep them as they are")  # fmt: skip
    screen.answer(done, shown, as_json)
    return 0


def verify(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> int:
    """Check every file of the vault and every entry of the audit log against its hash.

    Example: oda verify --workspace office
    """
    from openoda.office import keeping
    from openoda.rendering.wording import plural

    place, _ = opened(workspace, must_exist=True)
    with screen.progress(as_json) as progress:
        result = keeping.verify(place, progress)
    files = plural(result["files"], "file", "files")
    entries = plural(result["entries"], "entry", "entries")
    lines = [f"{files} in the vault, {entries} in the audit log."]
    lines += [f"Damaged: {fault}" for fault in result["faults"]]
    lines += [f"Interrupted: {text}" for text in result["interrupted"]]
    lines += [] if result["faults"] else ["Everything is as it was written."]
    screen.answer(result, "\n".join(lines), as_json)
    return 1 if result["faults"] else 0


def audit(
    workspace: WorkspaceOption = None,
    last: Annotated[int, typer.Option("--last", help="How many of the last entries.", min=1)] = 20,
    as_json: JsonOption = False,
) -> int:
    """Show who did what: the last entries of the audit log.

    Example: oda audit --last 50
    """
    from openoda.office import keeping

    place, _ = opened(workspace, must_exist=True)
    entries = keeping.audit(place, last)
    folded = (
        Column(name, overflow="fold") for name in ("When", "Who", "What", "Of what", "Outcome")
    )
    table = Table("No.", *folded, box=None)
    for one in entries:
        cells = (one["at"], one["actor"], one["action"], one["subject"], one["outcome"])
        table.add_row(str(one["seq"]), *cells)
    screen.answer({"entries": entries}, table, as_json)
    return 0
