"""The data dictionary: what every file and column is, as data and as a page."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from openoda.data.synthetic.city.names import read_list
from openoda.data.synthetic.city.scale import BLOCK, LABEL, VERSION

FOLDERS = {
    "extracts": "What agencies deliver, messy as it is. Give these to what is to be tried.",
    "histories": "What happened by date, by the agencies' own record numbers.",
    "linkage": "All records of people in one set of columns, the truth in the last.",
    "truth": "The truth and the labels. Keep it from what is to be tried.",
}


@dataclass(frozen=True)
class Entry:
    """One table: what it is, its key (empty: none), and the meaning of each column in order."""

    about: str
    key: str
    columns: dict[str, str]


@cache
def dictionary() -> dict[str, Entry]:
    """Every table of the city by its name."""
    return {
        f"{folder}/{name}": Entry(entry["about"], entry["key"], entry["columns"])
        for folder, tables in read_list("dictionary").items()
        for name, entry in tables.items()
    }


def file_name(table: str) -> str:
    """Where a table is kept: its name says synthetic, wherever the file is taken."""
    return f"{table}.synthetic.parquet"


def as_json() -> dict[str, Any]:
    """The dictionary as one object."""
    return {
        "label": LABEL,
        "class": "synthetic",
        "generator": VERSION,
        "tables": {
            name: {"file": file_name(name), "about": entry.about, "key": entry.key,
                   "columns": entry.columns}
            for name, entry in dictionary().items()
        },
    }  # fmt: skip


def as_page(people: int, seed: int) -> str:
    """The dictionary as Markdown, for who opens the folder."""
    parts = [
        "# A synthetic city\n",
        f"**{LABEL}.** Class: synthetic. {people:,} people, seed {seed}, generator {VERSION}.\n",
        f"Made again by `oda synthetic city --people {people} --seed {seed}`, value for value "
        "(`manifest.json` has the hashes).\n",
        _REMARKS,
    ]
    for folder, about in FOLDERS.items():
        parts.append(f"## {folder}\n\n{about}\n")
        parts += [
            _table(name, entry) for name, entry in dictionary().items() if name.startswith(folder)
        ]
    return "\n".join(parts)


def _table(name: str, entry: Entry) -> str:
    rows = "".join(f"| `{column}` | {meaning} |\n" for column, meaning in entry.columns.items())
    key = f" Key: `{entry.key}`.\n" if entry.key else ""
    head = f"### {file_name(name)}\n\n{entry.about}{key}\n"
    return f"{head}\n| column | meaning |\n| --- | --- |\n{rows}"


_REMARKS = f"""## Before you use it

- Names are drawn from lists of common names; NHS numbers, National Insurance numbers, telephone
  numbers, emails, UPRNs and postcodes are of ranges that are never issued. National Insurance numbers
  begin with Q and so fail a strict check of prefixes.
- Telephone numbers come from a few thousand that Ofcom keeps for drama, so they recur far more than
  in life: judge no linker by them.
- Rates (ages, households, moves, twins, marriages, errors) follow published statistics where the
  generator's documentation names one, and are chosen otherwise. No finding here says anything about
  a real place.
- A block of {BLOCK:,} people is a postcode district. Households, moves and records stay inside one;
  names, streets and towns don't. Sort or shuffle before you sample: rows come block by block.
"""
