"""The City of Chicago's modelling frame of food inspections: from its .Rds to a plain CSV."""

import hashlib
import warnings
from typing import Any

import numpy as np
import pyarrow as pa

from openoda.vocabulary.refusals import Misused, SourceUnavailable

DATE = "Inspection_Date"
TEXT = ("License", "Facility_Type", "Inspector_Assigned")
RENAMED = {
    "sanitarian": "Inspector_Assigned",
    "tobacco": "tobacco_retail_over_counter",
    "score": "city_xgb_score",
}
"""The city's names that later publications of the frame changed."""

KEPT = (
    "Inspection_Date", "License", "Inspection_ID", "Facility_Type", "pastFail", "pastCritical",
    "pastSerious", "pastMinor", "timeSinceLast", "firstRecord", "ageAtInspection",
    "consumption_on_premises_incidental_activity", "tobacco_retail_over_counter", "package_goods",
    "limited_business_license", "outdoor_patio", "public_place_of_amusement",
    "childrens_services_facility_license", "tavern", "regulated_business_license",
    "filling_station", "caterers_liquor_license", "mobile_food_license", "heat_burglary",
    "heat_garbage", "heat_sanitation", "Inspector_Assigned", "precipIntensity", "temperatureMax",
    "windSpeed", "humidity", "criticalFound",
)  # fmt: skip
"""The columns that the package uses. Names and addresses of premises are left behind."""


def decode(content: bytes) -> pa.Table:
    """The frame in an .Rds file: the columns of `KEPT`, dates as dates, numbers as float64.

    Needs the extra `openoda[rds]`. Raises SourceUnavailable where the file isn't such a frame.
    """
    try:
        import rdata
    except ImportError as error:
        raise Misused(
            "Reading an .Rds file needs a part that isn't installed",
            where="rdata",
            remedy='Install it with: pip install "openoda[rds]"',
        ) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of R classes that it reads as plain ones
            frame = rdata.conversion.convert(rdata.parser.parse_data(content))
        columns = {RENAMED.get(str(name), str(name)): frame[name] for name in frame}
        return pa.table({name: _column(name, columns[name]) for name in KEPT})
    except (ValueError, KeyError, TypeError, NotImplementedError, OSError, EOFError) as error:
        raise SourceUnavailable(
            "The downloaded file isn't the frame that was published",
            where=type(error).__name__,
            remedy="Don't use it; report it, and run with --example meanwhile.",
        ) from error


def _column(name: str, values: Any) -> pa.Array:
    """One column: R keeps dates as days since 1970-01-01, and factors as categories."""
    if name == DATE:
        return pa.array(np.asarray(values, dtype=np.int64).astype("datetime64[D]"))
    if name in TEXT:
        return pa.array([_text(value) for value in list(values)])
    return pa.array(np.asarray(values, dtype=np.float64))


def _text(value: Any) -> str:
    """Text as it is; whole numbers without a decimal point."""
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def fingerprint(table: pa.Table) -> str:
    """SHA-256 of the table in canonical text: columns by `KEPT`, rows by inspection.

    Numbers are written in full precision, so that one changed bit changes the fingerprint.
    """
    order = np.argsort(table["Inspection_ID"].to_numpy(), kind="stable")
    digest = hashlib.sha256()
    for name in KEPT:
        values = table[name].take(pa.array(order)).to_pylist()
        digest.update(f"{name}\0".encode())
        digest.update("\0".join(map(repr, values)).encode())
    return digest.hexdigest()
