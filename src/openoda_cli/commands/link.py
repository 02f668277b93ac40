"""`oda link`: which records are of one person, within a file or across several.

What a command needs is imported when it runs, so that help and refusals come at once.
"""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.table import Table

from openoda_cli import screen
from openoda_cli.options import (
    DelimiterOption,
    EncodingOption,
    JsonOption,
    LicenceOption,
    SourceOption,
    TableOption,
    WorkspaceOption,
)
from openoda_cli.workplace import opened

SpecOption = Annotated[
    str, typer.Option("--spec", help="A shipped spec's name (see oda link specs), or a file.")
]
OutOption = Annotated[Path, typer.Option("--out", help="A new or empty folder for the result.")]
IdOption = Annotated[
    str,
    typer.Option(
        "--id", help="The column of record numbers. Default: unique_id, id, record; else lines."
    ),
]
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map", help="NAME=COLUMN: the spec's name for a column of yours; may be repeated."
    ),
]
ThresholdOption = Annotated[
    float | None,
    typer.Option("--threshold", help="Least match weight of a pair. Default: the run chooses."),
]
TruthOption = Annotated[
    str, typer.Option("--truth", help="A column that says who each record is of, to judge by.")
]
AllPairsOption = Annotated[
    bool, typer.Option("--all-pairs", help="Write every pair that was looked at, with its weight.")
]
SeedOption = Annotated[
    int, typer.Option("--seed", min=0, help="Seed of the pairs drawn: same seed, same result.")
]
ClassOption = Annotated[
    str, typer.Option("--class", help="What a file's data is: open, synthetic or personal.")
]
_SHOWN = {"precision": "Precision", "recall": "Recall", "f1": "F1"}


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(help="Linkage: which records are of one person.", no_args_is_help=True)
    group.command("dedupe")(dedupe)
    group.command("join")(join)
    group.command("specs")(specs)
    group.command("export-splink")(export_splink)
    group.command("import-splink")(import_splink)
    app.add_typer(group, name="link")


def dedupe(
    target: Annotated[str, typer.Argument(help="A file, or a dataset's name.")],
    out: OutOption,
    spec: SpecOption = "residents",
    id_column: IdOption = "",
    mapping: MapOption = None,
    threshold: ThresholdOption = None,
    truth: TruthOption = "",
    all_pairs: AllPairsOption = False,
    seed: SeedOption = 1,
    data_class: ClassOption = "personal",
    licence: LicenceOption = "",
    source: SourceOption = "",
    delimiter: DelimiterOption = "",
    encoding: EncodingOption = "",
    table: TableOption = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Find which records of one file are of the same person.

    Learns from your records how much each agreement and difference says, chooses a threshold, and says
    what to expect of it. Nothing of the file is stored, and the result holds only numbers of records.

    Example: oda link dedupe people.csv --out people-linked
    """
    from openoda.office.link import InputRequest, LinkType, Request, parse_mapping

    inputs = InputRequest(
        (target,), parse_mapping(mapping or []), id_column, truth, data_class, licence, source,
        delimiter, encoding, table,
    )  # fmt: skip
    kind = LinkType.DEDUPE
    return _run(Request(inputs, out, spec, kind, threshold, all_pairs, seed), workspace, as_json)


def join(
    targets: Annotated[list[str], typer.Argument(help="Files or datasets' names, two at least.")],
    out: OutOption,
    within: Annotated[
        bool, typer.Option("--within", help="Look for pairs inside each input too.")
    ] = False,
    spec: SpecOption = "residents",
    id_column: IdOption = "",
    mapping: MapOption = None,
    threshold: ThresholdOption = None,
    truth: TruthOption = "",
    all_pairs: AllPairsOption = False,
    seed: SeedOption = 1,
    data_class: ClassOption = "personal",
    licence: LicenceOption = "",
    source: SourceOption = "",
    delimiter: DelimiterOption = "",
    encoding: EncodingOption = "",
    table: TableOption = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Find which records of several files are of the same person.

    As oda link dedupe does, for pairs of records of different inputs; inside one only with --within.

    Example: oda link join housing.csv benefits.csv --out both --id ref
    """
    from openoda.office.link import InputRequest, LinkType, Request, parse_mapping

    inputs = InputRequest(
        tuple(targets), parse_mapping(mapping or []), id_column, truth, data_class, licence, source,
        delimiter, encoding, table,
    )  # fmt: skip
    kind = LinkType.BOTH if within else LinkType.LINK
    return _run(Request(inputs, out, spec, kind, threshold, all_pairs, seed), workspace, as_json)


def specs(
    name: Annotated[str, typer.Argument(help="A shipped spec, to be shown whole.")] = "",
    as_json: JsonOption = False,
) -> int:
    """List the linkage specs that come with OpenODA, or show one, to be changed and kept.

    Example: oda link specs residents
    """
    from openoda.office.link import specs

    told = specs(name)
    if name and not as_json:
        screen.say_whole(told["text"])
    else:
        screen.answer(told, _listed(told.get("specs", [])), as_json)
    return 0


def export_splink(
    spec: Annotated[str, typer.Argument(help="A shipped spec's name, or a spec's file.")],
    out: Annotated[Path, typer.Option("--out", help="A new file for Splink's settings (JSON).")],
    as_json: JsonOption = False,
) -> int:
    """Write a linkage spec as the settings of Splink 5 (DuckDB); the two give the same weights.

    Example: oda link export-splink residents --out settings.json
    """
    from openoda.office.link import export_splink

    told = export_splink(spec, out)
    lines = [f"{told['spec']} as settings of Splink: {told['written']}"]
    if told["columns"]:
        lines.append("Columns that the data must hold, since SQL can't work them out: "
                     f"{', '.join(told['columns'])}.")  # fmt: skip
    screen.answer(told, Group(*lines), as_json)
    return 0


def import_splink(
    settings: Annotated[Path, typer.Argument(help="Settings that Splink 5 saved (JSON).")],
    out: Annotated[Path, typer.Option("--out", help="A new file for the spec (TOML).")],
    as_json: JsonOption = False,
) -> int:
    """Write Splink's settings as a linkage spec, trained weights and all.

    What a spec can't say is refused, all of it at once. Needs the extra openoda[link].

    Example: oda link import-splink settings.json --out ours.toml
    """
    from openoda.office.link import import_splink

    told = import_splink(settings, out)
    screen.answer(
        told, f"{told['spec']}: {', '.join(told['comparisons'])}: {told['written']}", as_json
    )
    return 0


def _run(request: Any, workspace: Path | None, as_json: bool) -> int:
    from openoda.office.link import run

    place, temporary = opened(workspace)
    with screen.progress(as_json) as progress:
        told = run(place, request, progress)
    result = {**told, "workspace": str(place.root), "temporary": temporary}
    screen.answer(result, _shown(result), as_json)
    return 1 if any(each["quarantined"] for each in result["sources"]) else 0


def _listed(found: list[dict[str, Any]]) -> Table:
    table = Table("Spec", "Columns", "Comparisons", box=None)
    for each in found:
        table.add_row(each["name"], ", ".join(each["columns"]), ", ".join(each["comparisons"]))
    return table


def _shown(result: dict[str, Any]) -> RenderableType:
    expected = result["expected"]
    lines: list[RenderableType] = [_source(each) for each in result["sources"]]
    if result["rules_left_out"]:
        many = ", ".join(each["on"] for each in result["rules_left_out"])
        lines.append(f"Too many pairs for these rules, so they were left out: {many}.")
    lines += [
        f"{result['candidate_pairs']:,} pairs looked at; {result['pairs']:,} at or above the threshold "
        f"(match weight {result['threshold']:.2f}).",
        f"{result['records']:,} records are of {result['clusters']:,} people: {result['alone']:,} stand "
        f"alone, the largest has {result['largest_cluster']:,} records.",
    ]
    if expected["precision"] is not None:
        lines.append(
            f"Expected of the pairs: precision {expected['precision']:.1%}, recall "
            f"{expected['recall']:.1%} (projected by the model, not checked)."
        )
    if "truth" in result:
        lines += ["", _judged(result)]
    lines += ["", *[f"{name}: {path}" for name, path in result["written"].items()]]
    return Group(*lines)


def _source(source: dict[str, Any]) -> str:
    said = f"{source['dataset']} ({source['class']}): {source['records']:,} records."
    if source["quarantined"]:
        said += f" {source['quarantined']:,} set aside, because they can't be read."
    if source["recognised"]:
        named = ", ".join(f"{column} as {name}" for name, column in source["recognised"].items())
        said += f" Recognised: {named}."
    if source["absent"]:
        said += f" Not there: {', '.join(source['absent'])}."
    return said


def _judged(result: dict[str, Any]) -> Table:
    table = Table("Against the truth", *_SHOWN.values(), box=None)
    for when, name in (("at_threshold", "as chosen"), ("best", "at best")):
        for kind in ("pairs", "clusters"):
            figures = result[when][kind]
            shares = ["-" if figures[key] is None else f"{figures[key]:.4f}" for key in _SHOWN]
            table.add_row(f"{kind}, {name}", *shares)
    return table
