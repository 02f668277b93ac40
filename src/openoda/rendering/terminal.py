"""A short summary of a run for a terminal: what to use, how the orders compare, where files are.

Functions give Rich renderables and print nothing themselves. Texts from data are never read as
Rich markup.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from openoda.rendering import wording
from openoda.rendering.documents import FindingsDocument, Metric, Notice, OrderLine

_METRICS = {
    Metric.OWN_QUEUE_DAYS_EARLIER: "Days earlier,\nown queue",
    Metric.DAYS_EARLIER: "Days earlier,\nany queue",
    Metric.FIRST_HALF: "Found in the\nfirst half",
}


def run_summary(doc: FindingsDocument, files: Mapping[str, Path]) -> RenderableType:
    """Summarise a run: label, recommendation, orders, warnings, and the files by what they are."""
    return Group(
        heading(doc), "", orders_table(doc.orders), "", notices_list(doc.notices), files_list(files)
    )


def heading(doc: FindingsDocument) -> Text:
    """Say what was tried on how many cases, and which order is recommended and why."""
    plain = {line.name: line.plain for line in doc.orders}
    tried = f"{wording.number(doc.test_rows)} of {wording.number(doc.rows)} {doc.terms.cases}"
    found = wording.plural(doc.positives, doc.terms.positive, doc.terms.positives)
    return Text.assemble(
        (doc.title, "bold"),
        f"\n{wording.label_line(doc.origin)}. Tried on {tried}, with {found}.\n\n",
        ("Recommended: ", "bold"),
        (plain.get(doc.recommendation.name, doc.recommendation.name), "bold green"),
        f"\n{wording.sentence(doc.recommendation.why)}",
        *(f"\n{sentence}" for sentence in doc.summary[:1]),
    )


def orders_table(orders: Sequence[OrderLine]) -> Table:
    """Compare the orders, one a line: expected figures with 95 % intervals beneath."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Order")
    for title in _METRICS.values():
        table.add_column(title, justify="right", no_wrap=True)
    for line in orders:
        name = f"{line.plain} (recommended)" if line.recommended else line.plain
        cells = [Text(name), *(_figure(line, metric) for metric in _METRICS)]
        table.add_row(*cells, style="bold green" if line.recommended else "")
    return table


def notices_list(notices: Sequence[Notice]) -> Text:
    """List the warnings by title, with what to do; one line says so when there are none."""
    if not notices:
        return Text("No warnings.\n")
    text = Text()
    for notice in notices:
        text.append("Warning: ", "bold yellow").append(f"{wording.notice_title(notice)}", "bold")
        text.append(f" ({notice.code}). ")
        text.append(f"{' '.join((notice.text, notice.remedy)).strip()}\n")
    return text


def files_list(files: Mapping[str, Path]) -> Text:
    """List what was written and where: each path whole, on lines of its own."""
    text = Text(overflow="fold")
    for what, path in files.items():
        text.append(f"{what}:\n", "bold").append(f"  {path}\n")
    return text


def _figure(line: OrderLine, metric: Metric) -> Text:
    """Put the interval under the figure. A plain hyphen, as some consoles have no minus sign."""
    text = Text(wording.figure(metric, line.value(metric)).replace("−", "-"))
    interval = wording.between(metric, line.intervals.get(metric)).replace("−", "-")
    return text.append(f"\n{interval}", "dim") if interval else text
