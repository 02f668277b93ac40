"""`oda standardise`, `oda check-identifier`: values brought to the form that UK standards give them.

What a command needs is imported when it runs, so that help and refusals come at once.
"""

import sys
from typing import Annotated, Any

import typer
from rich.table import Table

from openoda_cli import screen
from openoda_cli.options import (
    ClassOption,
    JsonOption,
    LicenceOption,
    SourceOption,
    WorkspaceOption,
)
from openoda_cli.workplace import opened

KINDS = (
    "uprn, usrn, nhs-number, nino, postcode, gss, council-tax-band, date, date-of-birth, name, "
    "forename, surname, phone, email, address"
)


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("standardise")(standardise)
    app.command("check-identifier")(check)


def standardise(
    source: Annotated[str, typer.Argument(help="A dataset's name, or a file.")],
    kinds: Annotated[
        list[str] | None,
        typer.Option("--as", help=f"COLUMN=KIND; may be repeated. Kinds: {KINDS}."),
    ] = None,
    dataset: Annotated[
        str,
        typer.Option("--dataset", help="Name of the result. Default: the source's, -standardised."),
    ] = "",
    as_at: Annotated[
        str,
        typer.Option("--as-at", help="Day (YYYY-MM-DD) that births are seen from. Default: today."),
    ] = "",
    data_class: ClassOption = None,
    licence: LicenceOption = "",
    origin: SourceOption = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Bring columns to the form of UK standards, the raw values kept beside.

    The result is a new dataset. Of each column named it has COLUMN (canonical, empty where the value
    has a problem), COLUMN_problem (which) and COLUMN_raw (as it came); of names also their parts.

    Example: oda standardise residents --as uprn=uprn --as dob=date-of-birth --as full_name=name
    """
    from openoda.office import standardise as office

    request = office.Request(
        source,
        office.parse_kinds(kinds or []),
        dataset,
        office.parse_day(as_at),
        data_class,
        licence,
        origin,
    )
    place, temporary = opened(workspace)
    with screen.progress(as_json) as progress:
        done = office.standardise(place, request, progress)
    result = {**done, "workspace": str(place.root), "temporary": temporary}
    screen.answer(result, _table(result), as_json)
    problems = any(column["problems"] for column in result["columns"])
    return 1 if problems or result["quarantined"] else 0


def _table(result: dict[str, Any]) -> Table:
    lost = f", {result['quarantined']:,} quarantined" if result["quarantined"] else ""
    table = Table(
        "Column", "Kind", "Sound", "Missing", "Problem", "Values", box=None, title_justify="left",
        title=f"{result['dataset']} ({result['class']}): {result['rows']:,} rows{lost}",
        caption_justify="left", caption=f"In the workspace {result['workspace']}",
    )  # fmt: skip
    for column in result["columns"]:
        found = column["problems"] or [{"problem": "none", "count": 0}]
        for place, problem in enumerate(found):
            about = (column["column"], column["kind"], f"{column['sound']:,}")
            first = (*about, f"{column['missing']:,}") if place == 0 else ("", "", "", "")
            table.add_row(*first, problem["problem"], f"{problem['count']:,}")
    return table


def check(
    kind: Annotated[str, typer.Argument(help=f"One of: {KINDS}.")],
    value: Annotated[
        str,
        typer.Argument(help="The value; - reads it from standard input, unseen by the history."),
    ],
    as_json: JsonOption = False,
) -> int:
    """Say what the official rule makes of one value, and which rule that is. Nothing is stored.

    Example: oda check-identifier nhs-number "943 476 5919"
    """
    from openoda.office.identifier import check_value

    result = check_value(kind, sys.stdin.readline() if value == "-" else value)
    if result["sound"]:
        said = [f"Sound: {result['value']}"]
    else:
        said = [f"Not a sound {kind} ({result['problem']}): {result['words']}"]
    said += [f"Note: {note}." for note in result["notes"]]
    said += [f"Rule: {result['rule']}", f"Source: {result['source']}."]
    screen.answer(result, "\n".join(said), as_json)
    return 0 if result["sound"] else 1
