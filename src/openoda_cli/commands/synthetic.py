"""`oda synthetic frame` and `oda synthetic city`: made-up data, labelled so.

`oda synthetic PACKAGE` is short for `oda synthetic frame PACKAGE`. What a command needs is imported
when it runs, so that help and refusals come at once.
"""

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from openoda_cli import screen
from openoda_cli.options import JsonOption, SeedOption, WorkspaceOption
from openoda_cli.workplace import opened

GROUP_HELP = """Make data about nobody: the frame of a package, or a whole city.

Without either word, PACKAGE is taken for a frame's. Both commands take --json.

Example: oda synthetic city --people 10000 --seed 1 --out city
"""


class FrameByDefault(TyperGroup):
    """A group whose first word may be left out: what is no command is the package of a frame."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `frame` before arguments that begin with none of the group's commands."""
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["frame", *args]
        return list(super().parse_args(ctx, args))


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(cls=FrameByDefault, help=GROUP_HELP, no_args_is_help=True)
    group.command("frame")(frame)
    group.command("city")(city)
    app.add_typer(group, name="synthetic")


def frame(
    package: Annotated[str, typer.Argument(help="A package's folder, or a shipped one's name.")],
    out: Annotated[Path, typer.Option("--out", help="Folder to put the file in.")] = Path(),
    seed: SeedOption = 1,
    as_json: JsonOption = False,
) -> int:
    """Make synthetic data of the shape that a package needs: nobody in it exists.

    Example: oda synthetic frame food-inspections --out . --seed 1
    """
    from openoda.office import published

    with screen.progress(as_json) as progress:
        file = published.make_synthetic(package, out, seed, progress)
    screen.answer({"file": str(file), "class": "synthetic"}, f"Synthetic data: {file}", as_json)
    return 0


def city(
    people: Annotated[
        int, typer.Option("--people", help="How many people: 10000 to 10000000.")
    ] = 10_000,
    seed: SeedOption = 1,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="A new or empty folder. Default: the workspace's vault, one dataset a table.",
            show_default=False,
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Make a synthetic city: people, homes, businesses, and what a dozen agencies hold of them.

    The agencies' extracts are messy as in life; whom each record is truly about, and which
    irregularities were planted, is kept in tables of its own. The same people and seed always give
    the same city: the manifest has the hashes.

    Example: oda synthetic city --people 10000 --seed 1 --out city
    """
    # Arrow's own pool keeps for each idle thread what it once took: of ten million people half as much
    # again as the system's. It is read once, when Arrow is first imported.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    from openoda.office import synthetic_city

    if out is not None:
        with screen.progress(as_json) as progress:
            made = synthetic_city.in_folder(people, seed, out, progress)
        where = f"In the folder {out}: manifest.json has the hashes, README.md the columns"
    else:
        place, temporary = opened(workspace)
        with screen.progress(as_json) as progress:
            made = synthetic_city.in_workspace(place, people, seed, progress)
        made |= {"workspace": str(place.root), "temporary": temporary}
        where = f"In the {'temporary ' * temporary}workspace {place.root}, one dataset a table"
    screen.answer(made, _words(made, where), as_json)
    return 0


def _words(made: dict[str, Any], where: str) -> str:
    lines = [
        f"A synthetic city of {made['people']:,} people, seed {made['seed']}: nobody in it exists"
    ]
    lines += [f"  {each['rows']:>12,}  {each['table']}" for each in made["tables"]]
    return "\n".join([*lines, where])
