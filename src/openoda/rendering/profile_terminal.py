"""A profile for a terminal: the verdict, the six dimensions, the columns, what to put right.

Functions give Rich renderables and print nothing themselves. Texts from data are never read as Rich
markup.
"""

from collections.abc import Mapping
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from openoda.rendering import wording
from openoda.rendering.profile_documents import ProfileDocument
from openoda.rendering.terminal import files_list

ISSUES_SHOWN = 15
COLUMNS_SHOWN = 40


def profile_summary(doc: ProfileDocument, files: Mapping[str, Path]) -> RenderableType:
    """Summarise a profile and say where its files are."""
    return Group(
        Text.assemble(
            (doc.title, "bold"), f"\n{doc.verdict}\n", *(f"{line}\n" for line in doc.summary)
        ),
        _dimensions(doc),
        _columns(doc),
        *((_rules(doc),) if doc.rules else ()),
        _issues(doc),
        _changes(doc),
        files_list(files),
    )


def _table(*titles: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in titles:
        right = title in ("Filled", "Different", "Rows", "Passed")
        table.add_column(title, justify="right" if right else "left", overflow="fold")
    return table


def _dimensions(doc: ProfileDocument) -> Table:
    table = _table("Dimension", "Passed", "")
    for line in doc.dimensions:
        table.add_row(Text(line.name.capitalize()), Text(line.said), Text(line.words))
    return table


def _columns(doc: ProfileDocument) -> RenderableType:
    table = _table("Column", "Holds", "Filled", "Different", "From and to")
    for one in doc.columns[:COLUMNS_SHOWN]:
        filled = wording.percent(one.filled / one.rows) if one.rows else ""
        table.add_row(
            Text(one.name), Text(one.type), Text(filled), Text(one.distinct), Text(one.range)
        )
    more = len(doc.columns) - COLUMNS_SHOWN
    return Group(table, f"and {more} more columns on the page") if more > 0 else table


def _rules(doc: ProfileDocument) -> Table:
    table = _table("Own rule", "Rows", "Values that repeat", "Measured")
    for one in doc.rules:
        groups = "" if one.groups is None else wording.number(one.groups)
        table.add_row(
            Text(one.name), wording.number(one.rows), groups, Text(one.measured.replace("−", "-"))
        )
    return table


def _issues(doc: ProfileDocument) -> RenderableType:
    if not doc.issues:
        return Text("Nothing to put right was found.\n")
    table = _table("Issue", "Severity", "Columns", "Rows")
    for one in doc.issues[:ISSUES_SHOWN]:
        table.add_row(Text(one.title), one.severity, Text(one.columns), wording.number(one.rows))
    more = len(doc.issues) - ISSUES_SHOWN
    return Group(table, f"and {more} more issues on the page") if more > 0 else table


def _changes(doc: ProfileDocument) -> Text:
    if doc.changes is None:
        return Text(f"{doc.compared}\n")
    if not doc.changes:
        return Text(f"{doc.compared} Nothing has drifted.\n")
    text = Text(f"{doc.compared}\n")
    for one in doc.changes:
        about = f" ({one.column})" if one.column else ""
        text.append(
            f"  {one.what}{about}: {one.before or 'not there'} → {one.now or 'not there'}\n"
        )
    return text
