"""`oda intake`, `oda data`, `oda synthetic`, `oda disparity`: files on their way in.

What a command needs is imported when it runs, so that help and refusals come at once.
"""

from math import isfinite
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.table import Table

from openoda_cli import screen
from openoda_cli.options import (
    ClassOption,
    DelimiterOption,
    JsonOption,
    LicenceOption,
    MapOption,
    SeedOption,
    SourceOption,
    WorkspaceOption,
)
from openoda_cli.workplace import opened


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("intake")(take_in)
    app.command("synthetic")(synthetic)
    app.command("disparity")(compare)
    group = typer.Typer(help="Data that others publish.", no_args_is_help=True)
    group.command("list")(list_published)
    group.command("get")(get)
    app.add_typer(group, name="data")


def take_in(
    files: Annotated[list[Path], typer.Argument(help="CSV, TSV, gzip of them, or Parquet.")],
    dataset: Annotated[str, typer.Option("--dataset", help="Its name. Default: the file's.")] = "",
    data_class: ClassOption = None,
    schema: Annotated[
        Path | None, typer.Option("--schema", help="A Frictionless Table Schema (JSON).")
    ] = None,
    delimiter: DelimiterOption = "",
    licence: LicenceOption = "",
    source: SourceOption = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Load files: only what is sound goes in, nothing is lost, and the count says so.

    Without a schema every value stays text: nothing is guessed.

    Example: oda intake inspections.csv --dataset inspections --class open --licence "OGL v3"
    """
    from openoda.office import intake

    name = dataset or files[0].name.split(".")[0]
    described = intake.dataset_of(name, data_class, licence, source)
    place, temporary = opened(workspace)
    with screen.progress(as_json) as progress:
        done = intake.load(place, files, described, schema, delimiter, progress)
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
    kind = "temporary workspace" if result["temporary"] else "workspace"
    return "\n".join([*lines, f"In the {kind} {result['workspace']}"])


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


def synthetic(
    package: Annotated[str, typer.Argument(help="A package's folder, or a shipped one's name.")],
    out: Annotated[Path, typer.Option("--out", help="Folder to put the file in.")] = Path(),
    seed: SeedOption = 1,
    as_json: JsonOption = False,
) -> int:
    """Make synthetic data of the shape that a package needs: nobody in it exists.

    Example: oda synthetic food-inspections --out . --seed 1
    """
    from openoda.office import published

    with screen.progress(as_json) as progress:
        file = published.make_synthetic(package, out, seed, progress)
    screen.answer({"file": str(file), "class": "synthetic"}, f"Synthetic data: {file}", as_json)
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

    described = intake.dataset_of(file.name.split(".")[0], data_class)
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
