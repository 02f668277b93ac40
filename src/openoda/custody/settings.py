"""The settings in `oda.toml`: parsed, and refused together where wrong."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openoda.vocabulary.refusals import Misused

SETTINGS_FILE = "oda.toml"
DEFAULT_OFFICE = "Office of Data Analytics"
# Every table and key that may stand in oda.toml, with the type it must have.
_KEYS: dict[str, dict[str, type[str]]] = {"office": {"name": str}}
_TYPES = {str: "text in quotes"}


@dataclass(frozen=True)
class Settings:
    """What `oda.toml` says. `office_name` stands on the office's pages."""

    office_name: str = DEFAULT_OFFICE


def written(settings: Settings) -> bytes:
    """The settings as `oda.toml`'s bytes. Raises `Misused` for a name that pages couldn't show."""
    name = settings.office_name
    if not name.strip() or not name.isprintable():
        raise Misused(
            "The office's name must be text on one line",
            where="office name",
            remedy="Give a name such as 'Office of Data Analytics'.",
        )
    # JSON's text in quotes is TOML's too, for printable characters.
    return f"[office]\nname = {json.dumps(name, ensure_ascii=False)}\n".encode()


def read(path: Path) -> Settings:
    """The settings in the file. Raises `Misused` naming every wrong key, each with its remedy."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misused(
            f"{SETTINGS_FILE} isn't valid TOML: {error}",
            where=str(path),
            remedy='Mend that line; tables look like [office], keys like name = "…".',
        ) from error
    _refuse_all(path, _faults(content))
    return Settings(content.get("office", {}).get("name", DEFAULT_OFFICE))


def _faults(content: dict[str, Any]) -> list[tuple[str, str]]:
    """Each wrong table or key: what is wrong, and its remedy."""
    faults = []
    for table, keys in content.items():
        if table not in _KEYS:
            faults.append((f"unknown setting '{table}'", f"Remove '{table}' ({_known()})."))
        elif not isinstance(keys, dict):
            faults.append((f"'{table}' must be a table", f"Write it as [{table}]."))
        else:
            faults += _key_faults(table, keys)
    return faults


def _key_faults(table: str, keys: dict[str, Any]) -> list[tuple[str, str]]:
    faults = []
    for key, value in keys.items():
        wanted = _KEYS[table].get(key)
        name = f"{table}.{key}"
        if wanted is None:
            faults.append((f"unknown setting '{name}'", f"Remove '{name}' ({_known()})."))
        elif not isinstance(value, wanted):
            faults.append((f"'{name}' must be {_TYPES[wanted]}", f'Write {key} = "…".'))
    return faults


def _known() -> str:
    return "known: " + ", ".join(f"{table}.{key}" for table, keys in _KEYS.items() for key in keys)


def _refuse_all(path: Path, faults: list[tuple[str, str]]) -> None:
    if faults:
        raise Misused(
            f"{SETTINGS_FILE} has settings that can't be used: "
            + "; ".join(what for what, _ in faults),
            where=str(path),
            remedy=" ".join(remedy for _, remedy in faults),
        )
