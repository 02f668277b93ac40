"""The summary in a terminal."""

import io
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from openoda.rendering.terminal import run_summary
from tests.unit.rendering import samples


def _print(width: int = 100, **changes: object) -> str:
    text = io.StringIO()
    console = Console(file=text, width=width)
    console.print(run_summary(samples.findings(**changes), {"Worklist": Path("out/worklist.html")}))
    return text.getvalue()


def test_the_summary_says_what_to_use_what_to_mind_and_where_to_look():
    """Recommendation, every order, every warning, and the file are all there."""
    text = " ".join(_print().split())
    assert "Recommended: A violation last time" in text
    assert all(line.plain.split()[0] in text for line in samples.orders())
    assert text.count("Warning: ") == len(samples.NOTICES)
    assert "Synthetic data" in text
    assert str(Path("out/worklist.html")) in text


def test_a_narrow_terminal_cuts_no_figure():
    """At 60 characters the intervals are still whole."""
    assert "47.1% to 59.1%" in _print(60)


def test_brackets_in_data_are_not_markup():
    """A text such as [red] is printed as it stands."""
    line = replace(samples.orders()[0], plain="[red]odd[/red] name")
    assert "[red]odd[/red]" in _print(orders=(line, *samples.orders()[1:]))


def test_the_summary_fits_an_old_windows_console():
    """Apart from Rich's own lines, every character is in Windows-1252."""
    text = _print().replace("─", "-")
    assert text.encode("cp1252")


def test_no_warnings_is_said():
    """Silence can't be mistaken for checks that didn't run."""
    assert "No warnings." in _print(notices=())
