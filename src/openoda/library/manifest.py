"""Reading `intervention.toml`: every mistake reported at once, each with its key."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openoda.library.keys import KEYS, LISTS, OPTIONAL, Key
from openoda.vocabulary.refusals import PackageInvalid

MANIFEST = "intervention.toml"
Table = dict[str, Any]


@dataclass(frozen=True)
class Package:
    """An intervention package on disk, its manifest checked and filled with defaults.

    `tables`: table name to its keys; `lists`: [[name]] to its entries.
    """

    folder: Path
    tables: dict[str, Table]
    lists: dict[str, list[Table]]

    @property
    def name(self) -> str:
        """The package's short name."""
        return str(self.tables["intervention"]["name"])

    def __getitem__(self, table: str) -> Table:
        return self.tables[table]

    def text(self, table: str, key: str) -> str:
        """The text of the file that a key names. Refuses where it leaves the folder or is absent."""
        given = str(self.tables[table][key])
        path = (self.folder / given).resolve()
        if not path.is_relative_to(self.folder.resolve()) or not path.is_file():
            raise PackageInvalid(
                f"The file {given} is not in the package",
                where=f"{MANIFEST}, [{table}] {key}",
                remedy="Put the file beside the manifest and name it without a path.",
            )
        return path.read_text(encoding="utf-8")


def read_package(folder: Path) -> Package:
    """The package in `folder`. Refuses (PackageInvalid) with every mistake at once."""
    path = folder / MANIFEST
    if not path.is_file():
        raise PackageInvalid(
            f"There is no {MANIFEST}",
            where=str(folder),
            remedy="Give the folder of an intervention package, or the name of one that is shipped.",
        )
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackageInvalid(
            f"The manifest is not TOML: {error}", where=str(path), remedy="Correct that line."
        ) from error
    wrong: list[str] = []
    package = Package(folder, _tables(raw, wrong), _lists(raw, wrong))
    known = {key.table for key in KEYS}
    wrong += [f"[{name}] is not a table of a manifest" for name in raw if name not in known]
    if wrong:
        raise PackageInvalid(
            "; ".join(wrong),
            where=str(path),
            remedy="Correct these; docs/reference lists every key.",
        )
    return package


def _tables(raw: Table, wrong: list[str]) -> dict[str, Table]:
    names = dict.fromkeys(key.table for key in KEYS if key.table not in LISTS)
    return {name: _filled(name, raw.get(name, {}), wrong) for name in names}


def _lists(raw: Table, wrong: list[str]) -> dict[str, list[Table]]:
    return {
        name: [_filled(name, entry, wrong, at) for at, entry in enumerate(raw.get(name, []), 1)]
        for name in LISTS
    }


def _filled(table: str, given: Any, wrong: list[str], at: int = 0) -> Table:
    """One table with its defaults; what is missing, unknown or of the wrong type goes to `wrong`."""
    where = f"[[{table}]] {at}" if at else f"[{table}]"
    if not isinstance(given, dict):
        wrong.append(f"{where} must be a table")
        return {}
    keys = {key.name: key for key in KEYS if key.table == table}
    wrong += [f"{where} {name} is not a key" for name in given if name not in keys]
    filled: Table = {}
    for name, key in keys.items():
        if name not in given:
            if key.default is None and (given or table not in OPTIONAL):
                wrong.append(f"{where} {name} is missing")
            filled[name] = key.default
        else:
            filled[name] = given[name]
            wrong += [f"{where} {name} {why}" for why in _faults(key, given[name])]
    return filled


def _faults(key: Key, value: Any) -> list[str]:
    kinds = key.kind if isinstance(key.kind, tuple) else (key.kind,)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        return [f"must be {' or '.join(kind.__name__ for kind in kinds)}"]
    if key.choices and value not in key.choices:
        return [f"must be one of {', '.join(key.choices)}"]
    return []
