"""A seeded CSV file of council-like cases, with a known number of bad rows and bad values.

Made column by column with Arrow, so that two million rows take seconds. No names of people.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

CHUNK = 100_000
BAD_ROW_SHARE = 0.0005
BAD_VALUE_SHARE = 0.001

# Column, Table Schema type, format. Twenty of them.
FIELDS: list[tuple[str, str, str]] = [
    ("case_number", "integer", "default"),
    ("uprn", "string", "default"),
    ("reference", "string", "default"),
    ("address", "string", "default"),
    ("postcode", "string", "default"),
    ("ward", "string", "default"),
    ("tenure", "string", "default"),
    ("council_tax_band", "string", "default"),
    ("opened", "date", "%d/%m/%Y"),
    ("closed", "date", "%d/%m/%Y"),
    ("updated", "datetime", "%Y-%m-%d %H:%M:%S"),
    ("occupants", "integer", "default"),
    ("units", "integer", "default"),
    ("storeys", "integer", "default"),
    ("rent", "number", "default"),
    ("arrears", "number", "default"),
    ("latitude", "number", "default"),
    ("longitude", "number", "default"),
    ("licensed", "boolean", "default"),
    ("notes", "string", "default"),
]
WARDS = ["Abbey", "Bridge", "Castle", "Docks", "Eastgate", "Fairfield", "Grange", "Hill"]
STREETS = ["High Street", "Station Road", "Church Lane", "Mill Road", "The Green", "Park Avenue"]
TENURES = ["owner occupied", "private rented", "social rented", "unknown"]
NOTES = ["", "no reply", "seen by officer, door locked", 'said "call back"', "first visit\nsecond"]
BAD_VALUES = {"opened": "31/02/2019", "occupants": "n/a", "rent": "12,5O", "licensed": "maybe"}


def table_schema() -> dict[str, object]:
    """The Table Schema descriptor of the file."""
    return {"fields": [{"name": n, "type": t, "format": f} for n, t, f in FIELDS]}


def write_frame(path: Path, rows: int, seed: int) -> dict[str, int]:
    """Write `rows` records to `path`; return how many bad rows and bad values were planted."""
    rng = np.random.default_rng(seed)
    planted = {"rows": rows, "bad_rows": 0, "bad_values": 0, "rows_with_bad_values": 0}
    with path.open("wb") as out:
        out.write((",".join(n for n, _, _ in FIELDS) + "\n").encode())
        for start in range(0, rows, CHUNK):
            out.write(_chunk(start, min(CHUNK, rows - start), rng, planted))
    return planted


def _chunk(start: int, count: int, rng: np.random.Generator, planted: dict[str, int]) -> bytes:
    columns = _columns(start, count, rng)
    ruined = rng.random(count) < BAD_ROW_SHARE
    # A ruined record of two lines would count twice: once a line, in either reader's own way.
    columns["notes"] = pc.if_else(pa.array(ruined), "", columns["notes"])
    touched = np.zeros(count, dtype=bool)
    for name, text in BAD_VALUES.items():
        hit = (rng.random(count) < BAD_VALUE_SHARE / len(BAD_VALUES)) & ~ruined
        quoted = f'"{text}"' if "," in text else text
        columns[name] = pc.if_else(pa.array(hit), quoted, columns[name])
        planted["bad_values"] += int(hit.sum())
        touched |= hit
    lines = pc.binary_join_element_wise(*[columns[n] for n, _, _ in FIELDS], ",")
    lines = pc.if_else(pa.array(ruined), _ruin(lines, rng.integers(0, 3, count)), lines)
    planted["bad_rows"] += int(ruined.sum())
    planted["rows_with_bad_values"] += int(touched.sum())
    text: str = pc.binary_join(pa.ListArray.from_arrays([0, count], lines), "\n")[0].as_py()
    return (text + "\n").encode()


def _ruin(lines: pa.Array, kind: np.ndarray) -> pa.Array:
    """A field too many, a field too few, or text after a closing quote."""
    longer = pc.binary_join_element_wise(lines, "extra", ",")
    shorter = pc.replace_substring_regex(lines, r"^[^,]*,", "")
    trailing = pc.binary_join_element_wise('"9"x', shorter, ",")
    return pc.choose(pa.array(kind), longer, shorter, trailing)


def _columns(start: int, count: int, rng: np.random.Generator) -> dict[str, pa.Array]:
    days = rng.integers(0, 3650, count)
    opened = np.datetime64("2012-01-01") + days
    closed = opened + rng.integers(1, 400, count)
    stamp = closed.astype("datetime64[s]") + rng.integers(0, 86400, count)
    still_open = rng.random(count) < 0.2
    return {
        "case_number": _text(np.arange(start + 1, start + count + 1)),
        "uprn": pc.utf8_lpad(_text(rng.integers(0, 10**11, count)), 12, "0"),
        "reference": _join("HM/", _text(rng.integers(10000, 99999, count))),
        "address": _address(count, rng),
        "postcode": _join("AB", _text(rng.integers(1, 99, count)), " ", _digit(count, rng), "XY"),
        "ward": _pick(WARDS, count, rng),
        "tenure": _pick(TENURES, count, rng),
        "council_tax_band": _pick(list("ABCDEFGH"), count, rng),
        "opened": _uk(opened),
        "closed": pc.if_else(pa.array(still_open), "", _uk(closed)),
        "updated": pc.strftime(pa.array(stamp), format="%Y-%m-%d %H:%M:%S"),
        "occupants": _text(rng.integers(0, 12, count)),
        "units": pc.if_else(pa.array(rng.random(count) < 0.1), "", _digit(count, rng)),
        "storeys": _text(rng.integers(1, 6, count)),
        "rent": _decimal(rng.integers(0, 250_000, count), 2),
        "arrears": _decimal(rng.integers(-50_000, 900_000, count), 2),
        "latitude": _decimal(rng.integers(51_000_000, 52_000_000, count), 6),
        "longitude": _decimal(rng.integers(-2_000_000, -1_000_000, count), 6),
        "licensed": _pick(["true", "false"], count, rng),
        "notes": _quoted(_pick(NOTES, count, rng)),
    }


def _address(count: int, rng: np.random.Generator) -> pa.Array:
    street = _pick(STREETS, count, rng)
    flat = _join("Flat ", _digit(count, rng), ", ", _text(rng.integers(1, 200, count)), " ", street)
    house = _join(_text(rng.integers(1, 200, count)), " ", street)
    return pc.if_else(pa.array(rng.random(count) < 0.4), _quoted(flat), house)


def _quoted(text: pa.Array) -> pa.Array:
    doubled = pc.replace_substring(text, '"', '""')
    needs = pc.match_substring_regex(text, '[",\n]')
    return pc.if_else(needs, _join('"', doubled, '"'), text)


def _join(*parts: object) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _text(values: np.ndarray) -> pa.Array:
    return pc.cast(pa.array(values), pa.string())


def _digit(count: int, rng: np.random.Generator) -> pa.Array:
    return _text(rng.integers(1, 10, count))


def _decimal(scaled: np.ndarray, places: int) -> pa.Array:
    sign = pc.if_else(pa.array(scaled < 0), "-", "")
    whole, part = np.divmod(np.abs(scaled), 10**places)
    return _join(sign, _text(whole), ".", pc.utf8_lpad(_text(part), places, "0"))


def _uk(dates: np.ndarray) -> pa.Array:
    return pc.strftime(pa.array(dates), format="%d/%m/%Y")


def _pick(words: list[str], count: int, rng: np.random.Generator) -> pa.Array:
    return pa.array(words).take(pa.array(rng.integers(0, len(words), count)))
