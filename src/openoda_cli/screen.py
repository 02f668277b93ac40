"""What the command line shows: results on standard output, progress and errors on standard error."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars

from openoda.rendering import machine
from openoda.vocabulary.progress import Progress, Step

_to_add: list[str] = []


def show_log() -> None:
    """Show a person at a terminal what takes long; a script's standard error stays free of it."""
    if sys.stderr.isatty():
        logging.getLogger("openoda").setLevel(logging.INFO)
        logging.basicConfig(format="%(message)s")


def answer(result: dict[str, Any], shown: RenderableType, as_json: bool) -> None:
    """The one result of a command: an object for machines, or words for people."""
    if as_json:
        print(machine.as_json(result))
    else:
        Console(soft_wrap=False).print(shown, highlight=False)
    while _to_add:
        warn(_to_add.pop(0))


def after_answer(*lines: str) -> None:
    """Lines for standard error once the command has answered; a refusal stands without them."""
    _to_add.extend(lines)


def problem_lines(problems: list[dict[str, Any]]) -> list[str]:
    """Why records were quarantined or values flagged, a line each."""
    lines = []
    for problem in problems:
        where = f" in {problem['column']}" if problem["column"] else ""
        where += f" of {problem['part']}" if problem["part"] else ""
        at = ", ".join(f"{line:,}" for line in problem["lines"])
        lines.append(f"  {problem['count']:,} × {problem['reason']}{where} (first at line {at})")
    return lines


def say(text: str) -> None:
    """A line for people on standard output."""
    Console().print(text, highlight=False, markup=False)


def say_whole(text: str) -> None:
    """A text on standard output as it stands, never wrapped, so that it can be kept as a file."""
    typer.echo(text, nl=not text.endswith("\n"))


def warn(text: str) -> None:
    """A line on standard error."""
    Console(stderr=True).print(text, highlight=False, markup=False, soft_wrap=True)


def ask_secret(place: str) -> str:
    """Ask for a password without showing it; `place` says of what."""
    return str(typer.prompt(f"Password for {place}", hide_input=True, err=True))


def refuse(cause: str, remedy: str, as_json: bool, key: str = "refused") -> None:
    """One line of cause, one of remedy; for machines also one object on standard output."""
    cause, remedy = " ".join(cause.split()), " ".join(remedy.split())
    warn(f"{cause}.".replace("..", "."))
    warn(remedy)
    if as_json:
        print(machine.as_json({key: {"cause": cause, "remedy": remedy}}))


@contextmanager
def progress(as_json: bool = False) -> Iterator[Progress]:
    """Progress on standard error: bars on a terminal, one line a task elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain(console)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console, transient=True) as bars:
        yield _bars(bars)


def _plain(console: Console) -> Progress:
    said: set[str] = set()

    def show(step: Step) -> None:
        if step.task not in said:
            said.add(step.task)
            console.print(f"{step.task} …", highlight=False, markup=False)

    return show


def _bars(bars: Bars) -> Progress:
    tasks: dict[str, Any] = {}

    def show(step: Step) -> None:
        if step.task not in tasks:
            for task in tasks.values():
                bars.update(task, visible=False)
            tasks[step.task] = bars.add_task(step.task, total=step.total or None)
        bars.update(tasks[step.task], completed=step.done, total=step.total or None)

    return show
