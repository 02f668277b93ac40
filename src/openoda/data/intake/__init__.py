"""Intake: a delivered file becomes Arrow tables, and every record of it is accounted for.

CSV, TSV, gzip of them, and Parquet. `open_delivery` is the door.
"""

from openoda.data.intake.batch import FLAGS, QUARANTINED, Batch
from openoda.data.intake.delivery import Delivery, open_delivery
from openoda.data.intake.dialect import Dialect
from openoda.data.intake.limits import Limits
from openoda.data.intake.report import IntakeReport, Problem

__all__ = [
    "FLAGS",
    "QUARANTINED",
    "Batch",
    "Delivery",
    "Dialect",
    "IntakeReport",
    "Limits",
    "Problem",
    "open_delivery",
]
