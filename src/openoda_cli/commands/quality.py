"""`oda profile`: how good a dataset is, and what to put right.

What a command needs is imported when it runs, so that help and refusals come at once.
"""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from openoda_cli import screen
from openoda_cli.options import (
    ClassOption,
    JsonOption,
    LicenceOption,
    SourceOption,
    WorkspaceOption,
)
from openoda_cli.workplace import opened

DatasetOption = Annotated[
    str, typer.Option("--dataset", help="The name of a file's data. Default: the file's.")
]
SchemaOption = Annotated[
    Path | None, typer.Option("--schema", help="A Frictionless Table Schema (JSON), for a file.")
]
DelimiterOption = Annotated[
    str, typer.Option("--delimiter", help="What separates the fields, if not as the name says.")
]
RulesOption = Annotated[
    Path | None, typer.Option("--rules", help="Your own rules: SQL with a reason, TOML or JSON.")
]
RepeatsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--repeats",
        help="Column, or several with commas, that together name a thing. May be repeated.",
    ),
]
CompareOption = Annotated[
    str,
    typer.Option(
        "--compare", help="Snapshot to compare with, or none. Default: the delivery before."
    ),
]
ReferenceOption = Annotated[
    str, typer.Option("--reference", help="Dataset to judge accuracy by; needs --key.")
]
KeyOption = Annotated[
    str, typer.Option("--key", help="Column that names a row here and in the reference.")
]
AsAtOption = Annotated[
    str,
    typer.Option("--as-at", help="Day to judge by, YYYY-MM-DD. Default: the day of the intake."),
]


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("profile")(profile)


def profile(
    target: Annotated[str, typer.Argument(help="A file, or a dataset that the vault holds.")],
    dataset: DatasetOption = "",
    data_class: ClassOption = None,
    schema: SchemaOption = None,
    delimiter: DelimiterOption = "",
    rules: RulesOption = None,
    repeats: RepeatsOption = None,
    compare: CompareOption = "",
    reference: ReferenceOption = "",
    key: KeyOption = "",
    as_at: AsAtOption = "",
    licence: LicenceOption = "",
    source: SourceOption = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Profile a dataset: what each column holds, what can't be right, and what to put right.

    Writes a page for you, and a list of issues without values for whoever keeps the data.

    Example: oda profile register.csv --class open --rules rules.toml --workspace office
    """
    from openoda.office.profile import ProfileRequest
    from openoda.office.profile import profile as make_profile
    from openoda.rendering.profile_terminal import profile_summary

    request = ProfileRequest(
        target, dataset, data_class, licence, source, schema, delimiter, rules,
        tuple(_columns(given) for given in repeats or ()), compare, reference, key,
        _day(as_at),
    )  # fmt: skip
    place, temporary = opened(workspace)
    with screen.progress(as_json) as progress:
        done = make_profile(place, request, progress)
    result = {**done.answer, "workspace": str(place.root), "temporary": temporary}
    screen.answer(result, profile_summary(done.document, done.files), as_json)
    return 1 if done.findings else 0


def _columns(given: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in given.split(",") if name.strip())


def _day(given: str) -> date | None:
    """The day as given. Refuses what isn't one."""
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise typer.BadParameter("Write a day as 2018-03-09.", param_hint="--as-at") from error
