"""`oda intake`, `oda data`, `oda disparity`: files on their way in.

What a command needs is imported when it runs, so that help and refusals come at once.
"""

import shlex
from math import isfinite
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.table import Table
from rich.text import Text

from openoda_cli import screen
from openoda_cli.options import (
    AskPasswordOption,
    ClassOption,
    DelimiterOption,
    EncodingOption,
    JsonOption,
    LicenceOption,
    MapOption,
    QueryOption,
    SourceOption,
    TableOption,
    WorkspaceOption,
)
from openoda_cli.workplace import opened

FORMATS = "CSV, TSV, fixed width, XLSX, JSON, GeoJSON, GeoPackage, SQLite, Parquet; .gz or .zip."
NOTES_SHOWN = 5

PLACES = "Or an http(s) address, or a database's URL."


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("intake")(take_in)
    app.command("propose")(propose)
    app.command("disparity")(compare)
    group = typer.Typer(help="Data that others publish.", no_args_is_help=True)
    group.command("list")(list_published)
    group.command("get")(get)
    app.add_typer(group, name="data")


def take_in(
    files: Annotated[list[str], typer.Argument(metavar="FILE_OR_URL", help=f"{FORMATS} {PLACES}")],
    dataset: Annotated[str, typer.Option("--dataset", help="Its name. Default: the file's.")] = "",
    data_class: ClassOption = None,
    schema: Annotated[
        Path | None,
        typer.Option("--schema", help="A Table Schema, or what oda propose wrote (JSON)."),
    ] = None,
    delimiter: DelimiterOption = "",
    encoding: EncodingOption = "",
    table: TableOption = "",
    query: QueryOption = "",
    ask_password: AskPasswordOption = False,
    licence: LicenceOption = "",
    source: SourceOption = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Load files: only what is sound goes in, nothing is lost, and the count says so.

    Without a schema every value stays text: nothing is guessed. Where a file can be read in more
    than one way it is refused, and `oda propose` finds out how it is written.

    A place may be a web address, or a table of a database: postgresql://user@host/base?table=name,
    mysql://…, sqlite:///file.db?table=name, and (not yet tried on a server) mssql://… and oracle://….
    Databases are only read, in one transaction. A password belongs in ODA_PASSWORD, in the driver's
    own place (.pgpass) or behind --ask-password; it is never stored or shown.

    Example: oda intake inspections.csv --dataset inspections --class open --licence "OGL v3"
    """
    from openoda.office import arrivals, intake

    name = dataset or arrivals.default_name(files[0])
    described = intake.dataset_of(name, data_class, licence, source)
    place, temporary = opened(workspace)
    asked = screen.ask_secret if ask_password else None
    how = arrivals.Instructions(schema, delimiter, encoding, table, query, asked, screen.warn)
    with screen.progress(as_json) as progress:
        done = arrivals.load(place, files, described, how, progress)
    result = {**done.as_json(), "workspace": str(place.root), "temporary": temporary}
    screen.answer(result, _intake_words(result), as_json)
    return 1 if done.findings else 0


def _intake_words(result: dict[str, Any]) -> str:
    lines = [
        f"{result['dataset']} ({result['class']}): {result['rows_in']:,} rows in = "
        f"{result['accepted']:,} accepted + {result['quarantined']:,} quarantined",
        f"{result['flagged_values']:,} values flagged (kept as they came, empty when typed)",
    ]
    lines += screen.problem_lines(result["problems"])
    for file in result["files"]:
        lines += [f"{file['file']}: {note}" for note in file["notes"][:NOTES_SHOWN]]
    kind = "temporary workspace" if result["temporary"] else "workspace"
    return "\n".join([*lines, f"In the {kind} {result['workspace']}"])


def propose(
    file: Annotated[Path, typer.Argument(help=FORMATS)],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the schema file here, to keep and correct.")
    ] = None,
    data_class: ClassOption = None,
    show_values: Annotated[
        bool, typer.Option("--show-values", help="Show examples of values, even of personal data.")
    ] = False,
    delimiter: DelimiterOption = "",
    encoding: EncodingOption = "",
    table: TableOption = "",
    as_json: JsonOption = False,
) -> int:
    """Propose how a file is written and what its columns hold, with the evidence for each.

    Looks at a sample and stores nothing. Correct the schema file it writes where it is wrong, then
    give it to `oda intake --schema`, now and for every later delivery.

    Example: oda propose register.csv --class open --out register.schema.json
    """
    from openoda.office import intake

    with screen.progress(as_json) as progress:
        found = intake.look_at(
            file,
            data_class,
            out,
            show_values=show_values,
            delimiter=delimiter,
            encoding=encoding,
            table=table,
            progress=progress,
        )
    screen.answer(found, _proposal_shown(found, data_class or "CLASS"), as_json)
    return 1 if found["doubtful"] or found["set_aside"] else 0


def _proposal_shown(found: dict[str, Any], data_class: str) -> Group:
    """The evidence as lines, the columns as a table."""
    values = any("examples" in column for column in found["columns"])
    table = Table("Column", "Type", "Fits", "Missing", "Look at", box=None)
    if values:
        table.add_column("For example")
    for column in found["columns"]:
        described = [column["type"], column.get("format", "")]
        for key, word in (("decimalChar", "decimal"), ("groupChar", "thousands")):
            described += [f"{word} {column[key]}"] if key in column else []
        note = ("! " if column["doubtful"] else "") + column["note"]
        cells = [column["name"], " ".join(filter(None, described)), f"{column['share']:.1%}"]
        cells += [f"{column['missing']:,}", note]
        examples = [", ".join(column["examples"])] if values else []
        table.add_row(*(Text(cell) for cell in (*cells, *examples)))
    head = [f"{found['file']}: {found['format']}", *(f"  {each}" for each in found["evidence"])]
    head.append(f"Sample: {found['sample']}; {found['set_aside']:,} records would be set aside")
    last = ["Nothing written. To keep it: --out FILE"]
    if found["written"]:
        words = [
            "oda",
            "intake",
            found["file"],
            "--schema",
            found["written"],
            "--class",
            data_class,
        ]
        last = [f"Written: {found['written']}. Correct it, then:", shlex.join(words)]
    return Group(*(Text(line) for line in head), table, *(Text(line) for line in last))


def list_published(as_json: JsonOption = False) -> int:
    """List the published data that can be downloaded.

    Example: oda data list
    """
    from openoda.office import published

    found = [
        {"name": name, "licence": one.licence, "source": one.source, "url": one.url}
        for name, one in published.names().items()
    ]
    table = Table("Name", "Licence", "Source", box=None)
    for entry in found:
        table.add_row(entry["name"], entry["licence"], entry["source"])
    screen.answer({"published": found}, table, as_json)
    return 0


def get(
    name: Annotated[str, typer.Argument(help="Its name, from: oda data list.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Download published data from its publisher, checked against what was published.

    Example: oda data get chicago-food-inspections --workspace office
    """
    from openoda.office import published

    place, _ = opened(workspace)
    with screen.progress(as_json) as progress:
        file = published.get(place, name, progress)
    screen.answer({"name": name, "file": str(file)}, f"Downloaded and checked: {file}", as_json)
    return 0


def compare(
    file: Annotated[Path, typer.Argument(help="A file with selected (0/1), outcome (0/1), group.")],
    mapping: MapOption = None,
    reference: Annotated[
        str | None, typer.Option("--reference", help="Group to compare with. Default: the largest.")
    ] = None,
    data_class: ClassOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Compare groups: is one of them wrongly picked more often than another?

    Example: oda disparity scores.csv --class open --map selected=score --map group=area
    """
    from openoda.office import disparity, intake
    from openoda.office.frame import parse_mapping
    from openoda.vocabulary.dataset_names import name_of_file

    described = intake.dataset_of(name_of_file(file.name), data_class)
    place, _ = opened(workspace)
    with screen.progress(as_json) as progress:
        result = disparity.compare_groups(
            place, file, described, parse_mapping(mapping or []), reference, progress
        )
    table = Table("Group", "Cases", "Wrongly picked", "Ratio", "95% interval", box=None)
    for one in result["groups"]:
        low, high = one["interval"]
        table.add_row(
            one["group"],
            f"{one['cases']:,}",
            *(
                (
                    f"{one['false_positive_rate']:.1%}",
                    f"{one['ratio']:.3f}",
                    f"{low:.2f} to {high:.2f}",
                )
                if isfinite(low)
                else ("not measured", "", "")
            ),
        )
    warnings = [
        f"Warning ({one['code']}): {one['text']} {one['remedy']}" for one in result["warnings"]
    ]
    used = f"{result['rows']:,} of {result['rows_in']:,} rows used"
    lost = f"{result['quarantined']:,} quarantined, {result['flagged_values']:,} values flagged"
    screen.answer(result, Group(table, f"{used}; {lost}.", *warnings), as_json)
    return 1 if warnings or result["quarantined"] or result["flagged_values"] else 0
