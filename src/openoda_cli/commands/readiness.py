"""`oda readiness`: what each party measures by itself, and what two parties' records would link.

What a command needs is imported when it runs, so that help and refusals come at once.
"""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from openoda_cli import screen
from openoda_cli.options import (
    ClassOption,
    DelimiterOption,
    EncodingOption,
    JsonOption,
    LicenceOption,
    SourceOption,
    TableOption,
    WorkspaceOption,
)
from openoda_cli.workplace import opened

FIELDS = (
    "forename, surname, name (both in one), date_of_birth, postcode, address, uprn, nhs_number, nino, "
    "phone, email"
)
LIMITS_SHOWN, REASONS_SHOWN = 8, 3
_WHAT = {"gaps": "no gaps in", "errors": "no differences in"}


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(
        help="What two parties' records would link, before any of them is shared.",
        no_args_is_help=True,
    )
    group.command("measure")(measure)
    group.command("compare")(compare)
    app.add_typer(group, name="readiness")


def measure(
    target: Annotated[str, typer.Argument(help="A file, or the name of a dataset of the vault.")],
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help=f"FIELD=COLUMN; may be repeated. Fields: {FIELDS}. A column of dates that begin with "
            "the month: date_of_birth=COLUMN:month-first.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="A new file for the statistics, to be shared.")
    ] = None,
    as_at: Annotated[
        str,
        typer.Option("--as-at", help="Day (YYYY-MM-DD) that births are seen from. Default: today."),
    ] = "",
    dataset: Annotated[
        str, typer.Option("--dataset", help="The name of a file's data. Default: the file's.")
    ] = "",
    data_class: ClassOption = None,
    licence: LicenceOption = "",
    source: SourceOption = "",
    delimiter: DelimiterOption = "",
    encoding: EncodingOption = "",
    table: TableOption = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Measure how ready your records are to be linked, in statistics that hold no record of anybody.

    They are counts of ten and more, to the nearest five, and rates. Nothing of the file is stored. The
    other party does the same with its own records; then each can compare.

    Example: oda readiness measure people.csv --class synthetic --map surname=last_name --out ours.json
    """
    from openoda.office.readiness import Request, measure, parse_day, parse_mapping

    request = Request(
        target, parse_mapping(mapping or []), data_class, dataset, licence, source,
        delimiter, encoding, table, parse_day(as_at), out,
    )  # fmt: skip
    place, temporary = opened(workspace)
    with screen.progress(as_json) as progress:
        told = measure(place, request, progress)
    result = {**told, "workspace": str(place.root), "temporary": temporary}
    screen.answer(result, _measured(result), as_json)
    return 0 if told["all_read"] else 1


def compare(
    ours: Annotated[Path, typer.Argument(help="The statistics of our records.")],
    theirs: Annotated[Path, typer.Argument(help="The statistics that the other party sent.")],
    common: Annotated[
        int,
        typer.Option("--common", help="How many of our records are of people whom they have too."),
    ],
    rules: Annotated[
        Path | None,
        typer.Option("--rules", help="Linking rules (TOML). Default: a usual cascade of twelve."),
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """See what share of the records in common would link, how sure that is, and what limits it.

    Made from the two statistics files and nothing else. How many records are in common can't be seen in
    them: say what you know, or try several numbers.

    Example: oda readiness compare ours.json theirs.json --common 4000
    """
    from openoda.office.readiness import compare

    with screen.progress(as_json) as progress:
        result = compare(ours, theirs, common, rules, progress)
    screen.answer(result, _forecast(result), as_json)
    return 0


def _measured(result: dict[str, Any]) -> RenderableType:
    table = Table("Linking field", "Usable", "Of records", "Why not", box=None)
    for name, facts in result["fields"].items():
        why = [f"{_words(code)} {_count(many)}" for code, many in facts["unusable"].items()]
        usable = facts["usable"]
        share = f"{usable / result['rows']:.1%}" if usable is not None else "fewer than ten"
        table.add_row(_words(name), _count(usable), share, Text(", ".join(why[:REASONS_SHOWN])))
    lines = [
        f"{result['dataset']} ({result['class']}): about {result['rows']:,} records.",
        "Counts are of ten or more, to the nearest five.",
        "",
    ]
    end = ["", f"Records of people who are in already: {_count(result['repeated'])}."]
    if not result["all_read"]:
        end.append(f"Set aside, because they can't be read: {_count(result['quarantined'])}.")
    if result["written"]:
        end.append(f"To share, no value of any record in it: {result['written']}")
    else:
        end.append("To share the statistics, write them with --out.")
    return Group(Text("\n".join(lines)), table, Text("\n".join(end)))


def _forecast(result: dict[str, Any]) -> RenderableType:
    said = Text.assemble(
        f"Of {result['common']:,} records of {result['ours']} in common with {result['theirs']},\n",
        (f"{result['recall']:.1%} would link", "bold"),
        f" (95%: {result['low']:.1%} to {result['high']:.1%}; {result['label']}).\n",
    )
    parts: list[RenderableType] = [said]
    if result["limits"]:
        table = Table("If this were so", "in", "would link besides", box=None)
        for one in result["limits"][:LIMITS_SHOWN]:
            what = _mending(one["what"], one["field"])
            table.add_row(what, Text(one["party"]), f"{one['won'] * 100:.1f} in 100")
        parts.append(table)
    impossible = [rule for rule in result["rules"] if not rule["possible"]]
    rules = f"Rules: {len(result['rules'])}; {len(impossible)} need a field that one party lacks."
    parts.append(Text(f"\n{rules}\nWhat the statistics don't show, and was allowed for:"))
    unknown = Table(box=None, show_header=False, padding=(0, 1))
    for one in result["unknown"]:
        unknown.add_row("-", Text(f"{one}."))
    return Group(*parts, unknown)


_MENDED = {"address": "every address up to date", "names swapped": "no names in each other's place"}


def _mending(what: str, field: str) -> str:
    """What would have to be so for the gain."""
    return _MENDED.get(field) or f"{_WHAT[what]} {_words(field)}"


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").replace("nhs ", "NHS ").replace("nino", "NINO")


def _count(many: int | None) -> str:
    return "fewer than ten" if many is None else f"{many:,}"
