"""One agency's extract: some people's records, spoilt, written its own way, with gaps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from tests.generative.extract_clerk import Clerk, Records
from tests.generative.extract_conventions import (
    CASES,
    DATES,
    SEXES,
    each,
    full_first_names,
    spaced,
    titled,
    written_address,
    written_dates,
    written_name,
)
from tests.generative.extract_draws import Words
from tests.generative.extract_people import People
from tests.generative.extract_slips import digit_slip, slip, untidied

COLUMNS = (
    "record_id", "first_name", "last_name", "date_of_birth", "sex", "postcode", "address",
    "nhs_number", "nino", "uprn", "phone", "email",
)  # fmt: skip
LENGTHS = {"nhs_number": 10, "nino": 9, "phone": 11}
Columns = dict[str, Words]


def write_side(
    rng: np.random.Generator,
    its: dict[str, Any],
    people: People,
    source: Records,
    members: np.ndarray,
    trouble: np.ndarray,
) -> tuple[pa.Table, np.ndarray, Clerk]:
    """The extract, the person of each of its rows, and the clerk who knows what was hit.

    `source` is what the agency took over of all people, `members` whom it knows, `trouble` the
    factor shared between agencies.
    """
    rates, agency = its["rates"], its["agency"]
    twice = members[rng.random(len(members)) < rates.get("duplicates", 0.0)]
    who = np.concatenate([members, twice])
    copies = np.arange(len(who)) >= len(members)
    order = rng.permutation(len(who))
    who, copies = who[order], copies[order]
    clerk = Clerk(rng, len(who), rates, trouble[who], its["between"], copies)
    held = {name: values[who] for name, values in source.items()}
    clerk.spoil(held, people)
    columns = _written(clerk, agency, held, people)
    _blur(clerk, columns)
    _blanked(clerk, columns, agency)
    return _table(columns, agency, _ids(rng, agency["prefix"], len(who))), who, clerk


def _written(clerk: Clerk, agency: dict[str, Any], held: Records, people: People) -> Columns:
    """Every column in the agency's format; typing mistakes in dates and places come on the way."""
    rng = clerk.rng
    first = full_first_names(rng, agency["middle_names"], held["first"], held["middle"])
    first = titled(rng, first, held["sex"], agency.get("titles", 0.0))
    dates = written_dates(agency["dates"], held["year"], held["month"], held["day"])
    clerk.alter(dates, "typo.date_of_birth", digit_slip)
    columns = {
        "first_name": written_name(first, agency, agency["first_case"]),
        "last_name": written_name(held["last"], agency, agency["last_case"]),
        "date_of_birth": dates,
        "sex": each(lambda s: SEXES[agency["sexes"]][s], held["sex"]),
        **_placed(clerk, agency, held["home"], people),
    }
    for name, values in (("nhs_number", "nhs"), ("nino", "nino"), ("phone", "phone")):
        columns[name] = spaced(name, agency[name], held[values], LENGTHS)
    columns["email"] = spaced("email", agency["email"], held["email"], {})
    return {name: columns[name] for name in agency["columns"]}


def _placed(clerk: Clerk, agency: dict[str, Any], home: np.ndarray, people: People) -> Columns:
    """Address, postcode and UPRN of the property that is held, with their own mistakes."""
    places, scanned = people.places, clerk.rate("scanned")
    flat = places.flat[home].copy()
    flat[clerk.hit("flat_lost", flat != "")] = ""
    parts = [
        flat,
        *(getattr(places, part)[home] for part in ("number", "street", "locality", "town")),
    ]
    address = each(CASES[agency["address_case"]], written_address(parts, agency))
    postcode, uprn = places.postcode[home].copy(), places.uprn[home].copy()
    clerk.alter(address, "typo.address", lambda rng, text: slip(rng, text, scanned))
    clerk.alter(postcode, "typo.postcode", lambda rng, text: _postcode_slip(rng, text, scanned))
    clerk.alter(uprn, "typo.uprn", digit_slip)
    return {
        "address": address,
        "postcode": spaced("postcode", agency["postcode"], postcode, {}),
        "uprn": spaced("uprn", agency["uprn"], uprn, {}),
    }


def _postcode_slip(rng: np.random.Generator, text: str, scanned: float) -> str:
    """A wrong letter or digit in a postcode, in capitals; its space survives."""
    outward, inward = text.split(" ")
    if rng.random() < 0.5:
        return f"{outward} {slip(rng, inward, scanned).upper().replace(' ', '')}"
    return f"{slip(rng, outward, scanned).upper().replace(' ', '')} {inward}"


def _blur(clerk: Clerk, columns: Columns) -> None:
    """Untidy writing of some values of the columns of words."""
    for name in ("first_name", "last_name", "address", "postcode", "email"):
        if name in columns:
            clerk.alter(columns[name], f"untidy.{name}", untidied)


def _blanked(clerk: Clerk, columns: Columns, agency: dict[str, Any]) -> None:
    """Fields cut at their length, then homelessness, placeholders and gaps, the last to come."""
    for name, length in agency.get("lengths", {}).items():
        columns[name] = each(lambda text, n=length: text[:n], columns[name])  # type: ignore[misc]
    at = clerk.hit("no_fixed_abode", by="within")
    for name, value in (("address", "NFA"), ("postcode", "ZZ99 3VZ"), ("uprn", "")):
        if name in columns:
            columns[name][at] = value
    for name, values in columns.items():
        fillers = _fillers(clerk, agency, name)
        for i in clerk.hit(f"placeholder.{name}", by="within") if fillers else ():
            values[i] = fillers[int(clerk.rng.integers(len(fillers)))]
    for name, values in columns.items():
        values[clerk.hit(f"missing.{name}", values != "", by="within")] = ""


def _fillers(clerk: Clerk, agency: dict[str, Any], name: str) -> list[str]:
    """What clerks enter where they know nothing; dates stand in the agency's own format."""
    fillers: list[str] = clerk.rates.get("fillers", {}).get(name, [])
    if name != "date_of_birth":
        return fillers
    dates = [[int(part) for part in text.split("-")] for text in fillers]
    return [DATES[agency["dates"]](year, month, day) for year, month, day in dates]


def _ids(rng: np.random.Generator, prefix: str, n: int) -> Words:
    """Record ids in an order of their own, so that they say nothing of who is common."""
    return np.array([f"{prefix}{100_000 + i}" for i in rng.permutation(n)], dtype=object)


def _table(columns: Columns, agency: dict[str, Any], ids: Words) -> pa.Table:
    """A table of text, gaps written as the agency does: null or empty."""
    blank = None if agency["gaps"] == "null" else ""
    rows = {"record_id": ids} | columns
    arrays = {
        name: pa.array([text if text else blank for text in rows[name]], pa.string())
        for name in COLUMNS
        if name in rows
    }
    return pa.table(arrays).replace_schema_metadata({"synthetic": "true"})
