"""From a package's manifest to the plan of a prioritisation."""

from datetime import date
from typing import Any

from openoda.library.manifest import Package
from openoda.opportunities.prioritise.plan import Kind, OrderSpec, Plan
from openoda.opportunities.reasons import Words


def plan_of(package: Package) -> Plan:
    """The plan that the manifest describes. Refuses (Misused) settings that contradict."""
    capacity, model = package["capacity"], package["model"]
    validation, features = package["validation"], package["features"]
    return Plan(
        visits=capacity["visits"],
        per_queue=capacity["per"] == "queue",
        lottery_share=float(capacity["lottery_share"]),
        primary=model["primary"],
        margin=float(model["margin"]),
        train_until=_date(validation["train_until"]),
        test_from=_date(validation["test_from"]),
        origins=validation["origins"],
        candidates=tuple(model["candidates"]),
        features=tuple(features["offered"]),
        orders=tuple(
            OrderSpec(order["name"], order["plain"], Kind(order["kind"]), tuple(order["features"]))
            for order in package.lists["orders"]
        ),
        words={name: _words(name, given) for name, given in features["words"].items()},
        history=features["history"],
    )


def _date(given: Any) -> date | None:
    return given if isinstance(given, date) else None


def _words(name: str, given: dict[str, str]) -> Words:
    return Words(given.get("plain") or name, given.get("absent", ""))
