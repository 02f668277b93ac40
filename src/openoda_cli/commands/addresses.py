"""`oda addresses match`: free-text addresses to UPRNs.

What a command needs is imported when it runs, so that help and refusals come at once.
"""

from typing import Annotated, Any

import typer
from rich.console import Group
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

ColumnOption = Annotated[
    list[str] | None,
    typer.Option("--column", help="A column of the address; may be repeated, in order."),
]
UprnOption = Annotated[
    str, typer.Option("--gazetteer-uprn", help="Its column of UPRNs. Default: UPRN.")
]
GazetteerColumnOption = Annotated[
    list[str] | None,
    typer.Option("--gazetteer-column", help="A column of its address; may be repeated."),
]
PrecisionOption = Annotated[
    float,
    typer.Option("--least-precision", help="What the threshold must be expected to reach."),
]


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(help="Addresses and UPRNs.", no_args_is_help=True)
    group.command("match")(match)
    app.add_typer(group, name="addresses")


def match(
    source: Annotated[str, typer.Argument(help="A dataset's name, or a file.")],
    gazetteer: Annotated[
        str, typer.Option("--gazetteer", help="A gazetteer with UPRNs: dataset's name, or a file.")
    ],
    columns: ColumnOption = None,
    uprn: UprnOption = "",
    gazetteer_columns: GazetteerColumnOption = None,
    least_precision: PrecisionOption = 0.9,
    dataset: Annotated[
        str, typer.Option("--dataset", help="Name of the result. Default: the source's, -matched.")
    ] = "",
    data_class: ClassOption = None,
    licence: LicenceOption = "",
    origin: SourceOption = "",
    gazetteer_class: Annotated[
        str | None,
        typer.Option("--gazetteer-class", help="What a gazetteer's file is. Default: as --class."),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Match addresses to a gazetteer's UPRNs; the run chooses its threshold and says what to expect.

    The result is a new dataset with a row an address: BS 7666 parts, UPRN, probability, status
    (matched, ambiguous, not found), reasons. Ties and flats without a number are never matched.

    Example: oda addresses match licences.csv --gazetteer addressbase.csv --class open
    """
    from openoda.office import addresses as office

    request = office.Request(
        office.Source(source, columns or [], data_class, licence, origin),
        office.Source(gazetteer, gazetteer_columns or [], gazetteer_class or data_class),
        uprn, dataset, least_precision,
    )  # fmt: skip
    place, temporary = opened(workspace)
    with screen.progress(as_json) as progress:
        done = office.match(place, request, progress)
    result = {**done, "workspace": str(place.root), "temporary": temporary}
    screen.answer(result, _shown(result), as_json)
    return 1 if result["ambiguous"] or result["not_found"] else 0


def _shown(result: dict[str, Any]) -> Group:
    threshold, book = result["threshold"], result["gazetteer"]
    table = Table("Status", "Addresses", "Share", box=None)
    for name in ("matched", "ambiguous", "not_found"):
        share = result[name] / result["rows"]
        table.add_row(name.replace("_", " "), f"{result[name]:,}", f"{share:.1%}")
    return Group(
        f"{result['dataset']} ({result['class']}): {result['rows']:,} addresses against "
        f"{book['rows']:,} of {book['dataset']} ({book['layout']})",
        table,
        f"Threshold chosen by the run: probability {threshold['probability']:.2f}. Expected of it: "
        f"precision {threshold['expected_precision']:.1%}, recall "
        f"{threshold['expected_recall']:.1%} (projected by the model, not checked).",
        f"In the workspace {result['workspace']}",
    )
