"""Comparing groups: is one of them wrongly picked more often?"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from openoda.custody.workspace import Workspace
from openoda.data.intake import open_delivery
from openoda.library.case_table import as_column, as_ids
from openoda.office.asking import ask_to_read
from openoda.office.intake import ACCEPTED, take_in
from openoda.opportunities.checks.disparity import false_positive_rates, group_disparity
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.datasets import Dataset
from openoda.vocabulary.progress import Progress, silent
from openoda.vocabulary.refusals import DataUnfit, Misused

ROLES = ("selected", "outcome", "group")


def compare_groups(
    workspace: Workspace,
    file: Path,
    dataset: Dataset,
    mapping: dict[str, str],
    reference: str | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """False-positive rates by group, from a file with `selected` and `outcome` (0/1) and `group`.

    mapping: each of the three to its column in the file (by default its own name).
    """
    unknown = [name for name in mapping if name not in ROLES]
    if unknown:
        raise Misused(
            f"There is no role called {unknown[0]}",
            where="--map",
            remedy=f"Use {', '.join(ROLES)}.",
        )
    columns = {role: mapping.get(role, role) for role in ROLES}
    permit = ask_to_read(workspace, dataset, "to compare groups")
    with open_delivery(file) as delivery:
        schema = _schema(delivery.columns, columns)
    taken = take_in(workspace, [file], dataset, schema, progress=progress)
    table = workspace.vault.read(taken.snapshot, ACCEPTED, permit, list(columns.values()))
    picked, outcome = (_zero_or_one(table, columns[role]) for role in ("selected", "outcome"))
    group = as_ids(table[columns["group"]])
    usable = ~pa.compute.is_null(table[columns["selected"]]).to_numpy()
    usable &= ~np.isnan(outcome)
    picked, outcome, group = picked[usable] == 1, outcome[usable], group[usable]
    if not len(group):
        raise DataUnfit(
            "No row says both whether it was picked and what came of it",
            where=f"{columns['selected']}, {columns['outcome']}",
            remedy="Give 1 or 0 in both columns for the rows to be compared.",
        )
    if reference is not None and reference not in group:
        raise Misused(
            f"There is no group called {reference}",
            where="--reference",
            remedy="Give a value of the group's column.",
        )
    caution = group_disparity(picked, outcome, group, reference)
    rates = false_positive_rates(picked, outcome, group, reference)
    return {
        **{key: taken.as_json()[key] for key in ("rows_in", "quarantined", "flagged_values")},
        "rows": int(usable.sum()),
        "reference": rates[0].group,
        "groups": [asdict(rate) for rate in rates],
        "warnings": [asdict(caution)] if caution else [],
    }


def _schema(names: list[str], columns: dict[str, str]) -> TableSchema:
    missing = [name for name in columns.values() if name not in names]
    if missing:
        raise Misused(
            f"The file has no column called {missing[0]}",
            where=", ".join(names[:10]),
            remedy="Name it with --map selected=COLUMN, outcome=COLUMN or group=COLUMN.",
        )
    numbers = {columns["selected"], columns["outcome"]}
    return TableSchema.from_descriptor(
        {"fields": [{"name": n, "type": "number" if n in numbers else "string"} for n in names]}
    )


def _zero_or_one(table: pa.Table, name: str) -> Any:
    values = as_column(table[name])
    odd = ~((values == 0) | (values == 1)) & (values == values)
    if odd.any():
        raise DataUnfit(
            f"The column holds {int(odd.sum())} values that are neither 0 nor 1",
            where=name,
            remedy="Give 1 for picked or found and 0 for not, and nothing where unknown.",
        )
    return values
