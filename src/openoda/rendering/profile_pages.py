"""The two pages of a profile: what the analyst reads, and the issues that the data owner is sent."""

from dataclasses import dataclass

from markupsafe import Markup

from openoda.rendering import profile_charts as charts
from openoda.rendering import wording
from openoda.rendering.profile_documents import ColumnBlock, ProfileDocument
from openoda.rendering.templating import template

COLUMNS_DRAWN = 60
PLACES_SHOWN = 200


@dataclass(frozen=True)
class Drawn:
    """A column with its charts."""

    column: ColumnBlock
    charts: tuple[tuple[str, Markup], ...]


def profile_html(doc: ProfileDocument) -> str:
    """Render the profile: the verdict, the six dimensions, what to mend, then every column.

    Past sixty columns only the first sixty have charts of their own; the tables have all.
    """
    drawn = [
        Drawn(one, _charts(one) if place < COLUMNS_DRAWN else ())
        for place, one in enumerate(doc.columns)
    ]
    whole = {"dimensions": charts.dimensions_chart(doc.dimensions)}
    if doc.columns and doc.rows:
        whole["completeness"] = charts.completeness_chart(doc.columns)
    return template("profile.html").render(doc=doc, drawn=drawn, draw=whole, places_shown=8)


def issues_html(doc: ProfileDocument) -> str:
    """Render the issues alone, to be sent to the data owner: places, never values."""
    return template("issues.html").render(doc=doc, places_shown=PLACES_SHOWN)


def _charts(column: ColumnBlock) -> tuple[tuple[str, Markup], ...]:
    found = []
    if len(column.histogram) > 1:
        left = column.filled - sum(bar.rows for bar in column.histogram)
        out = f"; {wording.plural(left, 'row', 'rows')} not drawn: further out" if left > 0 else ""
        drawn = charts.histogram_chart(column.name, column.histogram)
        found.append((f"How the values lie{out}", drawn))
    if column.top:
        found.append(
            (
                "Most frequent values",
                charts.bars_chart(column.name, "the most frequent values", column.top),
            )
        )
    if len(column.shapes) > 1:
        found.append(
            (
                "How the values are written",
                charts.bars_chart(column.name, "the most frequent shapes", column.shapes),
            )
        )
    return tuple(found)
