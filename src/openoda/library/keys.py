"""Every key that `intervention.toml` may hold. Validation and the reference page come from here."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Key:
    """One key: the table it stands in, its name, type, meaning, default (None: must be given)."""

    table: str
    name: str
    kind: type | tuple[type, ...]
    meaning: str
    default: Any = None
    choices: tuple[str, ...] = ()


NUMBER = (int, float)

KEYS: tuple[Key, ...] = (
    Key("intervention", "name", str, "Short name: lower-case words joined by hyphens."),
    Key("intervention", "version", str, "Version of the package, such as 1.0.0."),
    Key("intervention", "title", str, "What it does, as a heading."),
    Key("intervention", "problem", str, "The problem, for someone who has never met it."),
    Key("intervention", "action", str, "Who does what differently with the result."),
    Key("intervention", "opportunity", str, "The opportunity type.", choices=("prioritise",)),
    Key("intervention", "frontline", str, "How frontline staff take part."),
    Key("intervention", "basis", str, "How its figures came about, in a few words.", ""),
    Key("terms", "case", str, "What one case is called.", "case"),
    Key("terms", "cases", str, "Its plural.", "cases"),
    Key("terms", "positive", str, "What a visit looks for.", "problem"),
    Key("terms", "positives", str, "Its plural.", "problems"),
    Key("terms", "queue", str, "Who works a list.", "team"),
    Key("terms", "queues", str, "Its plural.", "teams"),
    Key(
        "data", "class", str, "Class of the data it was made for; without it, --class must say.", "",
        choices=("open", "synthetic", "personal"),
    ),
    Key("data", "licence", str, "Licence of that data.", ""),
    Key("data", "source", str, "Who published it, and where.", ""),
    Key("data", "schema", str, "File of the Table Schema (Frictionless) of the input."),
    Key("data", "published", str, "Name for `oda data get` where the data is published.", ""),
    Key("data", "at_hand", str, "The same data as a file under the folder OPENODA_DATA.", ""),
    Key("data", "known", list, "SHA-256 of files that are known to be that data.", []),
    Key("data", "synthetic", str, "File of the recipe for synthetic data of the same shape.", ""),
    Key("roles", "case", str, "Column with the id of the case, unique."),
    Key("roles", "unit", str, "Column with the id of what is visited, again and again."),
    Key("roles", "date", str, "Column with the date of the visit."),
    Key("roles", "outcome", str, "Column with 1 (found), 0 (not found) or nothing (unknown)."),
    Key("roles", "queue", str, "Column saying in whose queue a case is.", ""),
    Key("roles", "group", str, "Column with groups to compare for disparity.", ""),
    Key("capacity", "visits", int, "Visits that fit into one period."),
    Key("capacity", "per", str, "One list for all, or one a queue.", "all", ("all", "queue")),
    Key("capacity", "period", str, "The period.", "week", ("day", "week", "month")),
    Key("capacity", "lottery_share", NUMBER, "Share of places drawn by lottery, 0 to 1.", 0.1),
    Key("validation", "train_until", date, "Last date learned from (default: before test_from).", ""),
    Key("validation", "test_from", date, "First date tried on (default: last quarter of cases).", ""),
    Key("validation", "origins", int, "Rolling origins inside the training period.", 4),
    Key("features", "sql", str, "File with one SELECT that gives a row of features a case."),
    Key("features", "history", bool, "Whether features are as at the list's date.", False),
    Key("features", "offered", list, "Features that rule and model may use (default: all).", []),
    Key("features", "words", dict, "Feature to { plain, absent }: how reasons speak of it.", {}),
    Key("model", "candidates", list, "Models to try, simplest first.", ["logistic", "boosting"]),
    Key("model", "primary", str, "The measure that decides.", "own_queue_days_earlier"),
    Key("model", "margin", NUMBER, "What the model must surely gain over the rule.", 0.0),
    Key("orders", "name", str, "Name of an order shown beside the built-in ones."),
    Key("orders", "plain", str, "The same in plain words."),
    Key(
        "orders", "kind", str, "How the order is made.",
        choices=("logistic", "logistic-with-queue", "queue-rate", "column"),
    ),
    Key("orders", "features", list, "Features it uses.", []),
    Key("success", "criterion", str, "A success criterion, fixed beforehand."),
    Key("success", "measure", str, "The measure it is judged by."),
    Key("success", "least", NUMBER, "The least value that counts as success."),
    Key("published", "what", str, "A figure that somebody published."),
    Key("published", "measure", str, "The measure of ours beside it."),
    Key("published", "order", str, "The order of ours beside it."),
    Key("published", "value", NUMBER, "The published value."),
    Key("published", "label", str, "How it came about.", choices=("measured", "simulated", "projected")),
    Key("published", "source", str, "Who published it, and where."),
)  # fmt: skip

LISTS = ("orders", "success", "published")
"""Tables that may stand any number of times: [[orders]]."""

OPTIONAL = ("terms", "validation", "model", *LISTS)
"""Tables that may be left out."""
