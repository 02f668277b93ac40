"""`oda schedule`: sources that deliver again and again.

What a command needs is imported when it runs, so that help and refusals come at once.
"""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from openoda_cli import screen
from openoda_cli.options import (
    ClassOption,
    DelimiterOption,
    EncodingOption,
    JsonOption,
    LicenceOption,
    QueryOption,
    SourceOption,
    TableOption,
    WorkspaceOption,
)
from openoda_cli.workplace import opened

NameArgument = Annotated[str, typer.Argument(help="The source's name.")]


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(help="Sources that deliver again and again.", no_args_is_help=True)
    group.command("add")(add)
    group.command("list")(list_sources)
    group.command("run")(run)
    group.command("journal")(journal)
    group.command("remove")(remove)
    app.add_typer(group, name="schedule")


def add(
    name: Annotated[str, typer.Argument(help="A name for it: small letters, digits, hyphens.")],
    place: Annotated[
        str,
        typer.Argument(help="A pattern of files in quotes, a web address, or a database's URL."),
    ],
    dataset: Annotated[
        str, typer.Option("--dataset", help="Its dataset. Default: the source's name.")
    ] = "",
    data_class: ClassOption = None,
    schema: Annotated[
        Path | None,
        typer.Option("--schema", help="A Table Schema, or what oda propose wrote; it is copied."),
    ] = None,
    delimiter: DelimiterOption = "",
    encoding: EncodingOption = "",
    table: TableOption = "",
    query: QueryOption = "",
    licence: LicenceOption = "",
    source: SourceOption = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Schedule a source: a drop folder, a web address, or a table of a database.

    Nothing is read yet. No secret is kept: write ${NAME} (in single quotes) where the address needs
    one, and set NAME in the environment of the runs.

    Example: oda schedule add housing 'drop/housing-*.csv' --class personal --schema housing.json
    """
    from openoda.office import arrivals, intake, schedule

    described = intake.dataset_of(dataset or name, data_class, licence, source)
    office, temporary = opened(workspace)
    how = arrivals.Instructions(schema, delimiter, encoding, table, query)
    added = schedule.add(office, name, place, described, how)
    where = {"workspace": str(office.root), "temporary": temporary}
    result = {"name": added.name, "place": arrivals.shown(added.place), **where}
    words = f"Scheduled {added.name}. Take in what is there with: oda schedule run {added.name}"
    screen.answer(result, Text(words), as_json)
    return 0


def list_sources(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> int:
    """List what is scheduled, and what came of each source last.

    Example: oda schedule list --workspace office
    """
    from openoda.office import schedule

    office, _ = opened(workspace)
    found = schedule.listed(office)
    table = Table("Name", "From", "Dataset", "Class", "Last", box=None)
    for one in found:
        last = f"{one['last']['outcome']}, {one['last']['at']}" if one["last"] else "not yet"
        place = one["place"] + (f", {one['table']}" if one["table"] else "")
        cells = (one["name"], place, one["dataset"], one["class"], last)
        table.add_row(*(Text(cell) for cell in cells))
    screen.answer({"scheduled": found}, table if found else "Nothing is scheduled.", as_json)
    return 0


def run(
    names: Annotated[
        list[str] | None, typer.Argument(help="Sources to look at. Default: all.")
    ] = None,
    accept_schema: Annotated[
        bool, typer.Option("--accept-schema", help="Take in changed columns, as right from now on.")
    ] = False,
    schema: Annotated[
        Path | None,
        typer.Option("--schema", help="The schema file of the changed columns, from now on."),
    ] = None,
    settle: Annotated[
        float,
        typer.Option(
            "--settle",
            min=0,
            help="Seconds a file must have lain unchanged, or it is left for later.",
        ),
    ] = 60,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Take in what is new, and say what changed since the last delivery.

    The same bytes are never taken twice, so it may run as often as you like. A delivery with other
    columns is not taken: the source stops with the differences until they are accepted. Drift is
    reported: rows, rows lost, gaps, categories come and gone, ranges moved.

    Every Monday at six, by cron: 0 6 * * 1 oda schedule run --workspace /srv/office --json. By
    systemd: a service with that ExecStart and a timer with OnCalendar=Mon 06:00. On Windows:
    schtasks /Create /SC WEEKLY /D MON /ST 06:00 /TN oda /TR "oda schedule run --workspace D:\\office".
    Exit code 1 means that somebody should look; passwords come from the environment of the job.

    Example: oda schedule run --workspace office
    """
    from openoda.office import schedule_run

    office, _ = opened(workspace)
    orders = schedule_run.Orders(accept_schema, schema, settle)
    with screen.progress(as_json) as progress:
        entries = schedule_run.run(office, list(names or []), orders, progress)
    findings = any(schedule_run.is_finding(entry) for entry in entries)
    result = {
        "deliveries": entries,
        "findings": findings,
        "thresholds": schedule_run.thresholds(),
        "workspace": str(office.root),
    }
    screen.answer(result, Text("\n".join(_words(entries))), as_json)
    return 1 if findings else 0


def journal(
    name: Annotated[str, typer.Argument(help="One source. Default: all.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show what came of each delivery, oldest first.

    Example: oda schedule journal housing --workspace office
    """
    from openoda.office import schedule

    office, _ = opened(workspace)
    entries = schedule.journal(office, name)
    words = _words(entries, dated=True) or ["Nothing was delivered yet."]
    screen.answer({"journal": entries}, Text("\n".join(words)), as_json)
    return 0


def remove(
    name: NameArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> int:
    """Forget a source. What it delivered and its journal stay.

    Example: oda schedule remove housing --workspace office
    """
    from openoda.office import schedule

    office, _ = opened(workspace)
    schedule.remove(office, name)
    screen.answer({"removed": name}, Text(f"{name} is no longer scheduled."), as_json)
    return 0


def _words(entries: list[dict[str, Any]], dated: bool = False) -> list[str]:
    """One line a delivery, its changes and its remedy under it."""
    lines = []
    for entry in entries:
        head = f"{entry['at']}  " if dated else ""
        head += f"{entry['source']}: {entry['outcome']}"
        head += f" ({entry['arrival']})" if entry.get("arrival") else ""
        if entry["outcome"] == "taken":
            head += (
                f": {entry['rows_in']:,} rows in = {entry['accepted']:,} accepted + "
                f"{entry['quarantined']:,} quarantined; {entry['flagged_values']:,} values flagged"
            )
        lines.append(head)
        lines += [f"  {_change(one)}" for one in entry.get("drift", [])]
        lines += [f"  {entry[key]}" for key in ("note", "cause", "remedy") if entry.get(key)]
    return lines


def _change(one: dict[str, str]) -> str:
    where = f" in {one['column']}" if one["column"] else ""
    return f"{one['code']}{where}: {one['before'] or 'nothing'} → {one['now'] or 'nothing'}"
