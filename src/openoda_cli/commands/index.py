"""`oda index`: ids of people that last, as linkages come and go.

What a command needs is imported when it runs, so that help and refusals come at once.
"""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group

from openoda_cli import screen
from openoda_cli.options import JsonOption, WorkspaceOption
from openoda_cli.workplace import opened

IndexOption = Annotated[str, typer.Option("--index", help="The index's name.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, in a few words; it is kept.")]
_KINDS = {"created": "new", "joined": "joined to known ids", "merged": "merged", "split": "split"}


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(help="An index: ids of people that last.", no_args_is_help=True)
    group.command("update")(update)
    group.command("find")(find)
    group.command("changes")(changes)
    group.command("undo")(undo)
    app.add_typer(group, name="index")


def update(
    linked: Annotated[Path, typer.Argument(help="The folder that oda link wrote.")],
    reason: ReasonOption,
    index: IndexOption = "residents",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Take a linkage into the index: known people keep their ids, new ones get one.

    The first update makes the index. No id is ever renamed silently or used again: one that is merged or
    split leads to those that have its records now. Ends with 1 where a batch changed suspiciously much.

    Example: oda index update linked --reason "first delivery"
    """
    from openoda.office import index as office

    place, temporary = opened(workspace)
    with screen.progress(as_json) as progress:
        told = office.update(place, index, linked, reason, progress)
    result = {**told, "workspace": str(place.root), "temporary": temporary}
    lines = [_state(result), _changes(result)]
    lines += [f"Look at this: {each['what']} ({each['measured']:.3g}, over {each['limit']:.3g})."
              for each in result["alarms"]]  # fmt: skip
    screen.answer(result, Group(*lines), as_json)
    return 1 if result["alarms"] else 0


def find(
    asked: Annotated[str, typer.Argument(help="An id, or with --source a record's number.")],
    source: Annotated[str, typer.Option("--source", help="The source of the record.")] = "",
    index: IndexOption = "residents",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Find a person's id and records: by the id, or by one of the records.

    Ids of long ago are found too, and lead to those that live now.

    Example: oda index find 722079413 --source residents
    """
    from openoda.office import index as office

    place, temporary = opened(workspace)
    result = {**office.find(place, index, asked, source), "workspace": str(place.root),
              "temporary": temporary}  # fmt: skip
    lines = [f"{result['id']}: {result['standing']}"]
    for each in result["living"]:
        records = ", ".join(f"{one['source']} {one['record']}" for one in each["records"])
        lines.append(f"{each['id']}: {records}")
    screen.answer(result, Group(*lines), as_json)
    return 0


def changes(
    since: Annotated[int, typer.Option("--since", help="The act after which to look; 0: all.")] = 0,
    index: IndexOption = "residents",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """See what changed in the index since an act, and which ids lead elsewhere now.

    Example: oda index changes --since 1
    """
    from openoda.office import index as office

    place, temporary = opened(workspace)
    result = {**office.changes(place, index, since), "workspace": str(place.root),
              "temporary": temporary}  # fmt: skip
    lines = [_state(result), _changes(result)]
    lines += [f"{each['old_id']} -> {each['new_id']} ({each['records']:,} records)"
              for each in result["renamed"]]  # fmt: skip
    screen.answer(result, Group(*lines), as_json)
    return 0


def undo(
    act: Annotated[int, typer.Argument(help="The number of the act.")],
    reason: ReasonOption,
    index: IndexOption = "residents",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> int:
    """Undo an act of the index, as an act of its own: nothing is forgotten.

    Example: oda index undo 2 --reason "the wrong file"
    """
    from openoda.office import index as office

    place, temporary = opened(workspace)
    result = {**office.undo(place, index, act, reason), "workspace": str(place.root),
              "temporary": temporary}  # fmt: skip
    screen.answer(result, Group(_state(result), _changes(result)), as_json)
    return 0


def _state(result: dict[str, Any]) -> str:
    return (
        f"{result['index']}: {result['people']:,} people, {result['records']:,} records, after "
        f"{result['acts']:,} acts."
    )


def _changes(result: dict[str, Any]) -> str:
    found = [
        f"{many:,} {_KINDS.get(kind, kind)}" for kind, many in result["changes"].items() if many
    ]
    said = ", ".join(found) or "nothing"
    return f"Changed: {said}. Ids that lead elsewhere now: {result['renamed_ids']:,}."
