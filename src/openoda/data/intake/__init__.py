"""Intake: a delivered file becomes Arrow tables, and every record of it is accounted for.

Delimited and fixed-width text, JSON, JSON lines, GeoJSON, XLSX, Parquet, SQLite, GeoPackage, and ZIP
or gzip of them. `open_delivery` is the door; `propose` finds out how a file is written.
"""

from openoda.data.intake.batch import FLAGS, QUARANTINED, Batch
from openoda.data.intake.data_like import data_like
from openoda.data.intake.delivery import Delivery, open_delivery
from openoda.data.intake.dialect import Dialect
from openoda.data.intake.header import ColumnsUnfit
from openoda.data.intake.limits import Limits
from openoda.data.intake.report import IntakeReport, Problem
from openoda.data.intake.resource import Description, load_description

__all__ = [
    "FLAGS",
    "QUARANTINED",
    "Batch",
    "ColumnsUnfit",
    "Delivery",
    "Description",
    "Dialect",
    "IntakeReport",
    "Limits",
    "Problem",
    "data_like",
    "load_description",
    "open_delivery",
]
