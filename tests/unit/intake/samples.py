"""Small files for the tests of intake, and the whole of what it makes of one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openoda.data.intake import Dialect, IntakeReport, Limits, open_delivery
from openoda.standards.table_schema import TableSchema


@dataclass(frozen=True)
class Loaded:
    """Every row of the three tables, and the report."""

    accepted: list[dict[str, Any]]
    quarantined: list[dict[str, Any]]
    flags: list[dict[str, Any]]
    report: IntakeReport

    @property
    def values(self) -> list[tuple[Any, ...]]:
        """Accepted rows without their line."""
        return [tuple(row.values())[1:] for row in self.accepted]

    @property
    def aside(self) -> list[tuple[int, str]]:
        """First line and reason of each quarantined record."""
        return [(row["first_line"], row["reason"]) for row in self.quarantined]

    @property
    def marked(self) -> list[tuple[int, str, str | None, str]]:
        """Each flag as line, column, text and reason."""
        return [tuple(row.values())[:4] for row in self.flags]


def load(
    path: Path,
    schema: TableSchema | None = None,
    *,
    dialect: Dialect | None = None,
    limits: Limits | None = None,
) -> Loaded:
    """Read a whole file."""
    with open_delivery(path, schema, dialect=dialect, limits=limits) as delivery:
        batches = list(delivery)
    return Loaded(
        [row for batch in batches for row in batch.accepted.to_pylist()],
        [row for batch in batches for row in batch.quarantined.to_pylist()],
        [row for batch in batches for row in batch.flags.to_pylist()],
        delivery.report,
    )


def written(folder: Path, content: str | bytes, name: str = "delivery.csv") -> Path:
    """The content as a file; text is written as it stands, line ends and all."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def schema(*fields: dict[str, Any], **more: Any) -> TableSchema:
    """A schema from field descriptors."""
    return TableSchema.from_descriptor({"fields": list(fields), **more})
