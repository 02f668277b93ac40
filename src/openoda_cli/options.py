"""Options that several commands share, worded once."""

from pathlib import Path
from typing import Annotated

import typer

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        help="The office's folder. Default: the nearest oda.toml upwards, else a temporary one.",
        show_default=False,
    ),
]
ClassOption = Annotated[
    str | None,
    typer.Option(
        "--class", help="What the data is: open, synthetic or personal.", show_default=False
    ),
]
DelimiterOption = Annotated[
    str,
    typer.Option("--delimiter", help="What separates the fields, if not as the file's name says."),
]
EncodingOption = Annotated[
    str, typer.Option("--encoding", help="Its encoding, such as cp1252, if not UTF-8.")
]
TableOption = Annotated[
    str, typer.Option("--table", help="Sheet, table or archive member, where there are several.")
]
QueryOption = Annotated[
    str, typer.Option("--query", help="A SELECT whose rows are read from the database, no table.")
]
AskPasswordOption = Annotated[
    bool, typer.Option("--ask-password", help="Ask for the database's password.")
]
LicenceOption = Annotated[str, typer.Option("--licence", help="Licence of open data.")]
SourceOption = Annotated[str, typer.Option("--source", help="Who published it, and where.")]
MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", help="NAME=COLUMN: our name, then the file's column. May be repeated."),
]
SeedOption = Annotated[
    int, typer.Option("--seed", min=0, help="Seed of every draw: same seed, same result.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on standard output.")
]
