"""The sets of addresses with known UPRNs that `benchmarks/addresses.py` measures on.

Each set is a folder of CSV files: `gazetteer.csv` as we are given it, `lines.csv` the same gazetteer
with its parts on one line (the peer takes no parts), `messy.csv` the addresses (id, address, postcode).
"""

import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv, parquet

ROOT = Path(__file__).parents[1]
Answers = list[dict[str, Any]]  # id, uprn (None: not in the gazetteer), flat

# The key of each agency's extract, its columns of the address, and of the postcode where it has one.
EXTRACTS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "adult_social_care": ("client_id", ("address",), "post_code"),
    "benefits": ("claim_ref", ("address",), "postcode"),
    "business_rates": ("account", ("address",), "postcode"),
    "contact_centre": ("customer", ("address",), "postcode"),
    "council_tax": ("account_ref", ("address_1", "address_2"), "postcode"),
    "electoral_register": ("elector_number", ("address_1", "address_2"), "postcode"),
    "food_premises": ("establishment", ("address",), "postcode"),
    "gp_patients": ("patient_id", ("address_line_1", "address_line_2"), "postcode"),
    "hmo_licences": ("licence", ("address",), ""),
    "housing": ("person_ref", ("address",), ""),
    "library": ("borrower", ("address",), "postcode"),
    "licensing": ("licence_no", ("address",), ""),
    "parking_permits": ("permit", ("address",), "postcode"),
    "schools": ("record_ref", ("address", "town"), "postcode"),
}
MESSIEST = "contact_centre"
ONE_IN = 10  # of each agency's records, for the set of all agencies
PARTS = ("saon", "paon", "street", "locality", "town")
_POSTCODE = re.compile(r",?\s*([A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2})\Z", re.IGNORECASE)


def write_labelled(folder: Path, half: str) -> Answers:
    """The half of the labelled set (odd, even or both), by the hash of its UPRN or id.

    No answers where the premises' addresses aren't at hand.
    """
    sys.path.insert(0, str(ROOT))
    import pytest
    from tests.generative.address_damage import make_addresses

    try:
        made = make_addresses()
    except pytest.skip.Exception:
        return []
    answers = made.truth.to_pylist()
    even = [_hash(one["uprn"] or one["id"]) % 2 == 0 for one in answers]
    keep = [half == "both" or is_even == (half == "even") for is_even in even]
    for name in ("gazetteer.csv", "lines.csv"):
        csv.write_csv(made.gazetteer, folder / name)
    csv.write_csv(made.messy.filter(pa.array(keep)), folder / "messy.csv")
    return [one for one, kept in zip(answers, keep, strict=True) if kept]


def _hash(text: str) -> int:
    return hashlib.sha256(text.encode()).digest()[0]


def make_city(people: int, seed: int, folder: Path) -> None:
    """The synthetic city, as `oda synthetic city` makes it."""
    from openoda.data.synthetic.city.folder import make_in_folder

    make_in_folder(people, seed, folder)


def write_city(city: Path, folder: Path, messiest: bool) -> Answers:
    """The city's gazetteer, and the contact centre's addresses or one in ten of every agency's.

    A postcode at the end of an address is put in its own column for both sides: the peer asks for it.
    """
    gazetteer = _table(city, "extracts/gazetteer").select(["uprn", *PARTS, "postcode"])
    csv.write_csv(gazetteer, folder / "gazetteer.csv")
    csv.write_csv(_on_one_line(gazetteer), folder / "lines.csv")
    flats = {row["uprn"]: bool(row["saon"]) for row in gazetteer.to_pylist()}
    truth = {
        (row["agency"], row["record"]): row["uprn"]
        for row in _table(city, "truth/records").to_pylist()
    }
    lines, answers = [], []
    for agency in [MESSIEST] if messiest else EXTRACTS:
        for key, address, postcode in _addresses(city, agency):
            name, uprn = f"{agency} {key}", truth[agency, key]
            if messiest or _hash(name) % ONE_IN == 0:
                lines.append({"id": name, "address": address, "postcode": postcode})
                answers.append({"id": name, "uprn": uprn, "flat": flats[uprn]})
    csv.write_csv(pa.Table.from_pylist(lines), folder / "messy.csv")
    return answers


def _table(city: Path, name: str) -> pa.Table:
    return parquet.read_table(city / f"{name}.synthetic.parquet")


def _on_one_line(gazetteer: pa.Table) -> pa.Table:
    lines = [", ".join(row[part] for part in PARTS if row[part]) for row in gazetteer.to_pylist()]
    return pa.table(
        {"uprn": gazetteer["uprn"], "address": lines, "postcode": gazetteer["postcode"]}
    )


def _addresses(city: Path, agency: str) -> Iterator[tuple[str, str, str]]:
    """Number, address and postcode of each of an agency's records."""
    key, columns, code = EXTRACTS[agency]
    names = [key, *columns, *([code] if code else [])]
    for row in _table(city, f"extracts/{agency}").select(names).to_pylist():
        address = ", ".join(row[column] for column in columns if row[column])
        postcode = row[code] if code else ""
        if not code and (found := _POSTCODE.search(address)):
            address, postcode = address[: found.start()], found[1]
        yield str(row[key]), address, postcode or ""
