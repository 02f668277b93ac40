"""What is to be run, and on what."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openoda.custody.snapshots import Snapshot

DATA, UNIVERSE, PACKAGE = "data", "universe", "package"
Snapshots = dict[str, Snapshot]


@dataclass(frozen=True)
class Request:
    """What is to be run. `mapping`: the package's names to the file's columns."""

    package: str
    data_class: str | None = None
    licence: str = ""
    source: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    seed: int = 1
    order: str | None = None
    universe: Path | None = None

    def settings(self) -> dict[str, Any]:
        """What decides the outcome beside package, data and versions."""
        return {
            "class": self.data_class,
            "licence": self.licence,
            "source": self.source,
            "mapping": self.mapping,
            "seed": self.seed,
            "order": self.order,
        }


def request_of(package: str, settings: dict[str, Any]) -> Request:
    """The request that a run's recorded settings stand for, on another copy of its package."""
    return Request(
        package=package,
        data_class=settings["class"],
        licence=settings["licence"],
        source=settings["source"],
        mapping=settings["mapping"],
        seed=settings["seed"],
        order=settings["order"],
    )
