"""Reading `intervention.toml`: every mistake reported at once, each with its key."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from openoda.library.keys import KEYS, LISTS, OPTIONAL, Key
from openoda.opportunities.measures import AT_K
from openoda.opportunities.measures import MEASURES as ORDER_MEASURES
from openoda.vocabulary.refusals import PackageInvalid

MANIFEST = "intervention.toml"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MEASURES = ORDER_MEASURES + AT_K
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

    @property
    def files(self) -> dict[str, bytes]:
        """The package's own files, by name: the manifest and those it names, and no others."""
        named = [str(self["data"]["schema"]), str(self["features"]["sql"])]
        named += [str(self["data"]["synthetic"])] if self["data"]["synthetic"] else []
        return {MANIFEST: (self.folder / MANIFEST).read_bytes()} | {
            name: self._file(name, "a file that it names").read_bytes() for name in named
        }

    def text(self, table: str, key: str) -> str:
        """The text of the file that a key names. Refuses where it leaves the folder or is absent."""
        return self._file(str(self.tables[table][key]), f"[{table}] {key}").read_text(
            encoding="utf-8"
        )

    def _file(self, given: str, key: str) -> Path:
        path = (self.folder / given).resolve()
        if not path.is_relative_to(self.folder.resolve()) or not path.is_file():
            raise PackageInvalid(
                f"The file {given} is not in the package",
                where=f"{MANIFEST}, {key}",
                remedy="Put the file beside the manifest and name it without a path.",
            )
        return path


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
    wrong += _faults_of_names(package)
    known = {key.table for key in KEYS}
    wrong += [f"[{name}] is not a table of a manifest" for name in raw if name not in known]
    if wrong:
        raise PackageInvalid(
            "; ".join(wrong),
            where=str(path),
            remedy="Correct these; docs/reference lists every key.",
        )
    return package


def _faults_of_names(package: Package) -> list[str]:
    """Names that become names of files, or that point at files, must be plain."""
    name = str(package["intervention"].get("name", ""))
    wrong = [] if NAME.fullmatch(name) else ["[intervention] name must be words joined by hyphens"]
    at_hand = PurePosixPath(str(package["data"].get("at_hand", "")))
    if at_hand.is_absolute() or ".." in at_hand.parts:
        wrong.append("[data] at_hand must lie under OPENODA_DATA")
    for feature, words in (package["features"].get("words") or {}).items():
        if not isinstance(words, dict) or not all(isinstance(w, str) for w in words.values()):
            wrong.append(f"[features.words] {feature} must be {{ plain, absent }} in text")
    shown = {"actual", "chance", "rule", "model", *(o.get("name") for o in package.lists["orders"])}
    for given in package.lists["published"]:
        if given.get("order") not in shown or given.get("measure") not in MEASURES:
            wrong.append(f"[[published]] order and measure must exist: {given.get('what')}")
    for given in package.lists["success"]:
        if given.get("measure") not in MEASURES:
            wrong.append(f"[[success]] measure must be one of {', '.join(MEASURES)}")
    return wrong


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
