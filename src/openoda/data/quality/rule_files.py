"""Rules of the analyst's own: a TOML or JSON file of SQL predicates, each with its reason."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from openoda.data.quality.dimensions import Dimension
from openoda.data.quality.issues import Severity
from openoda.vocabulary.refusals import FileUnreadable, Misused


@dataclass(frozen=True)
class Rule:
    """A row breaks the rule where the SQL predicate `where` is true; null doesn't break it.

    `measure` is an SQL expression whose lowest and highest value on the broken rows is given.
    """

    name: str
    where: str
    reason: str
    severity: Severity = Severity.MUST
    dimension: Dimension = Dimension.VALIDITY
    remedy: str = ""
    columns: tuple[str, ...] = ()
    measure: str = ""


@dataclass(frozen=True)
class Repeat:
    """Rows whose `columns` together are another row's too, once normalised, break the rule.

    Normalised: in capitals, letters and digits alone, the words in `ignore` left out. Rows where one
    of the columns is empty are left out.
    """

    name: str
    columns: tuple[str, ...]
    reason: str
    severity: Severity = Severity.SHOULD
    remedy: str = ""
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rules:
    """What one file holds; `text` is the file, for the record."""

    rules: tuple[Rule, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Key:
    """One key of an entry: its type, whether it must be given, and its meaning."""

    kind: type
    needed: bool
    meaning: str


_COMMON = {
    "name": Key(str, True, "A short name of its own, shown beside what it finds."),
    "reason": Key(str, True, "Why it matters, in a sentence that the data owner will read."),
    "severity": Key(str, False, "`must`, `should` or `note`."),
    "remedy": Key(str, False, "What the data owner is asked to do."),
}
KEYS: dict[str, dict[str, Key]] = {
    "rule": {
        **_COMMON,
        "where": Key(str, True, "An SQL predicate over the columns: a row breaks the rule where it "
                     "is true. Windows such as `count(*) over (partition by …)` may stand in it."),
        "dimension": Key(str, False, "The dimension it counts towards: `completeness`, "
                         "`uniqueness`, `consistency`, `timeliness` or `validity` (the default)."),
        "columns": Key(list, False, "Columns to name in the issues. Default: those in `where`."),
        "measure": Key(str, False, "An SQL expression: its lowest and highest value on the rows "
                       "that break the rule is shown."),
    },
    "repeat": {
        **_COMMON,
        "columns": Key(list, True, "Columns that together may not be the same in two rows, once "
                       "case, punctuation and spaces are set aside."),
        "ignore": Key(list, False, "Words left out before comparing."),
    },
}  # fmt: skip
_REMEDY = "Correct the rules file; the reference lists the keys that a rule has."


def load(path: Path) -> Rules:
    """Read a rules file, TOML by its name or else JSON. Refuses with every mistake at once."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FileUnreadable(
            f"The rules can't be read: {error.strerror}",
            where=path.name,
            remedy="Check its name and that this account may read it.",
        ) from error
    except UnicodeDecodeError as error:
        raise FileUnreadable(
            "The rules aren't UTF-8 text", where=path.name, remedy="Save the file as UTF-8."
        ) from error
    try:
        content = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Misused(
            f"The rules can't be parsed: {error}", where=path.name, remedy=_REMEDY
        ) from error
    return parse(content, text, path.name)


def parse(content: object, text: str = "", where: str = "rules") -> Rules:
    """Rules from parsed TOML or JSON. Refuses (Misused) with every mistake at once."""
    faults: list[str] = []
    if not isinstance(content, Mapping):
        raise Misused("The rules aren't a table", where=where, remedy=_REMEDY)
    faults += [f'"{name}" is neither rule nor repeat' for name in content if name not in KEYS]
    entries = {name: _entries(content, name, faults) for name in KEYS}
    names = [entry.get("name") for group in entries.values() for entry in group]
    faults += [
        f'the name "{name}" is used twice' for name in {n for n in names if names.count(n) > 1}
    ]
    if not names and not faults:
        faults.append("there is no rule in it")
    if faults:
        raise Misused(
            "The rules are wrong: " + "; ".join(sorted(faults)), where=where, remedy=_REMEDY
        )
    return Rules(
        tuple(_rule(entry) for entry in entries["rule"]),
        tuple(_repeat(entry) for entry in entries["repeat"]),
        text,
    )


def with_repeats(rules: Rules, repeats: Sequence[tuple[str, ...]]) -> Rules:
    """The same rules, and one more for each group of columns that together name a thing."""
    more = tuple(
        Repeat(
            f"repeats-{'-'.join(columns)}".lower().replace(" ", "-"),
            columns,
            "What these columns name stands in more than one row.",
            remedy="Remove the copies, or say what tells the rows apart.",
        )
        for columns in repeats
    )
    return replace(rules, repeats=(*rules.repeats, *more))


def _entries(content: Mapping[str, Any], kind: str, faults: list[str]) -> list[Mapping[str, Any]]:
    given = content.get(kind, [])
    if not isinstance(given, list) or not all(isinstance(entry, Mapping) for entry in given):
        faults.append(f"{kind} must be a list of tables: write [[{kind}]]")
        return []
    for number, entry in enumerate(given, 1):
        who = (
            f'{kind} "{entry["name"]}"'
            if isinstance(entry.get("name"), str)
            else f"{kind} {number}"
        )
        faults += [f"{who}: {fault}" for fault in _faults(entry, KEYS[kind])]
    return given


def _faults(entry: Mapping[str, Any], keys: Mapping[str, Key]) -> list[str]:
    found = [f'the key "{name}" is not known' for name in entry if name not in keys]
    for name, key in keys.items():
        value = entry.get(name)
        if value is None:
            found += [f"{name} is missing"] if key.needed else []
        elif not isinstance(value, key.kind) or (key.needed and not value):
            found.append(f"{name} must be {'a text' if key.kind is str else 'a list'}, not empty")
        elif isinstance(value, list) and not all(isinstance(each, str) for each in value):
            found.append(f"{name} must be a list of texts")
    if entry.get("severity") not in (None, *(each.value for each in Severity)):
        found.append("severity is must, should or note")
    allowed = [each.value for each in Dimension if each is not Dimension.ACCURACY]
    if entry.get("dimension") not in (None, *allowed):
        found.append(f"dimension is one of {', '.join(allowed)}")
    return found


def _rule(entry: Mapping[str, Any]) -> Rule:
    return Rule(
        name=entry["name"],
        where=entry["where"],
        reason=entry["reason"],
        severity=Severity(entry.get("severity", Severity.MUST)),
        dimension=Dimension(entry.get("dimension", Dimension.VALIDITY)),
        remedy=entry.get("remedy", ""),
        columns=tuple(entry.get("columns", ())),
        measure=entry.get("measure", ""),
    )


def _repeat(entry: Mapping[str, Any]) -> Repeat:
    return Repeat(
        name=entry["name"],
        columns=tuple(entry["columns"]),
        reason=entry["reason"],
        severity=Severity(entry.get("severity", Severity.SHOULD)),
        remedy=entry.get("remedy", ""),
        ignore=tuple(entry.get("ignore", ())),
    )
