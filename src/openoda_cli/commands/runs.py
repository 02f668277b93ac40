"""`oda run`, `oda outcomes`, `oda runs`, `oda reproduce`: interventions at work.

What a command needs is imported when it runs, so that help and refusals come at once.
"""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.table import Column, Table

from openoda.vocabulary.refusals import Misused
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
    app.command("run")(run_package)
    app.command("outcomes")(outcomes)
    app.command("runs")(runs)
    app.command("reproduce")(again)


def run_package(
    package: Annotated[str, typer.Argument(help="A package's folder, or a shipped one's name.")],
    data: Annotated[Path | None, typer.Option("--data", help="The file to run it on.")] = None,
    example: Annotated[
        bool, typer.Option("--example", help="Use published data at hand, else synthetic data.")
    ] = False,
    universe: Annotated[
        Path | None, typer.Option("--universe", help="A file of all units that exist.")
    ] = None,
    order: Annotated[
        str | None, typer.Option("--order", help="Make the list by this order instead.")
    ] = None,
    data_class: ClassOption = None,
    licence: LicenceOption = "",
    source: SourceOption = "",
    mapping: MapOption = None,
    delimiter: DelimiterOption = "",
    seed: SeedOption = 1,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Run an intervention package: from a file to a ranked worklist, with the checks beside it.

    Example: oda run food-inspections --data inspections.csv --workspace office
    """
    from openoda.office import published
    from openoda.office.frame import parse_mapping
    from openoda.office.request import Request
    from openoda.office.run import run
    from openoda.rendering.terminal import run_summary

    if (data is None) != example:
        raise Misused(
            "A run needs a file or the example" + (", not both" if example else ""),
            where="oda run",
            remedy="Give --data FILE, or --example to try the package.",
        )
    place, temporary = opened(workspace)
    with screen.progress(as_json) as progress:
        if data is None:
            chosen = published.example(place, package, seed, progress)
            data, data_class = chosen.file, chosen.data_class.value
            licence, source = chosen.licence, chosen.source
        request = Request(
            package=package,
            data_class=data_class,
            licence=licence,
            source=source,
            mapping=parse_mapping(mapping or []),
            seed=seed,
            order=order,
            universe=universe,
        )
        done = run(place, request, data, progress, delimiter=delimiter)
    files = {what: str(path) for what, path in done.files.items()}
    result = {
        **done.figures,
        "problems": done.problems,
        "files": files,
        "workspace": str(place.root),
        "temporary": temporary,
    }
    shown = Group(*screen.problem_lines(done.problems), run_summary(done.findings, done.files))
    screen.answer(result, shown, as_json)
    return 0 if done.all_sound else 1


def outcomes(
    file: Annotated[Path, typer.Argument(help="The filled worklist, CSV or XLSX.")],
    run_name: Annotated[
        str | None, typer.Option("--run", help="The run it belongs to, if the file doesn't say.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Take the filled worklist back: what was found, by rank and by lottery.

    A row without an outcome was not visited, and never counts as negative. Teams may send their
    sheets one by one: what all files of a run say is added up, the newest word on a case counting.

    Example: oda outcomes worklist.xlsx --workspace office
    """
    from openoda.office.outcomes import take_outcomes

    place, _ = opened(workspace, must_exist=True)
    taken = take_outcomes(place, file, run_name)
    result = taken.as_json()
    screen.answer(result, _outcome_words(result), as_json)
    return 1 if taken.problems or taken.flags else 0


def _outcome_words(result: dict[str, Any]) -> str:
    lines = [
        f"{result['run']}: {result['rows_in']:,} rows in = {result['accepted']:,} taken + "
        f"{result['quarantined']:,} with a problem",
        _so_far(result["files"])
        + ", ".join(f"{word} {count:,}" for word, count in result["outcomes"].items()),
    ]
    for route, found in result["routes"].items():
        share = "nothing settled yet"
        if found["settled"]:
            low, high = found["interval"]
            share = f"{found['share_found']:.0%} found (95% interval {low:.0%} to {high:.0%})"
        lines.append(f"By {route}: {found['settled']:,} of {found['places']:,} settled, {share}")
    if result["changed"]:
        lines.append(f"Cases of which an earlier file said otherwise: {result['changed']:,}.")
    if result["absent"]:
        lines.append(f"Places of the run's list without a sound row so far: {result['absent']:,}.")
    lines += [f"Row {one['row']}: {one['what']}. {one['remedy']}" for one in result["problems"]]
    return "\n".join(lines)


def _so_far(files: int) -> str:
    return f"So far, from {files:,} files: " if files > 1 else ""


def runs(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> int:
    """List the runs of the workspace.

    Example: oda runs --workspace office
    """
    from openoda.office.record import list_runs

    place, _ = opened(workspace, must_exist=True)
    records = list_runs(place.runs)
    table = Table(Column("Run", no_wrap=True), "Dataset", "Rows", "Seed", box=None)
    for one in records:
        table.add_row(one.run, one.dataset, f"{one.rows:,}", str(one.settings["seed"]))
    found = [
        {"run": one.run, "package": one.package, "dataset": one.dataset, "rows": one.rows}
        for one in records
    ]
    empty = "There are no runs yet. Try: oda run food-inspections --example"
    screen.answer({"runs": found}, table if found else empty, as_json)
    return 0


def again(
    run_name: Annotated[str, typer.Argument(metavar="RUN", help="The run, from: oda runs.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Make a run's files again from its record and the vault, and compare them byte by byte.

    Example: oda reproduce food-inspections-0123456789ab --workspace office
    """
    from openoda.office.run import reproduce

    place, _ = opened(workspace, must_exist=True)
    with screen.progress(as_json) as progress:
        same = reproduce(place, run_name, progress)
    lines = [f"{'same' if equal else 'DIFFERENT'}  {name}" for name, equal in same.items()]
    screen.answer({"run": run_name, "same": same}, Group(*lines), as_json)
    return 0 if all(same.values()) else 1
