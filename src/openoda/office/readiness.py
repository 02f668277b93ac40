"""Linkage readiness: a party's statistics from its own records, and two parties' held together.

A file is measured as its holder has it in hand, under a permit to measure: it streams through intake,
nothing of it is stored, and what comes of it went through disclosure control. A dataset that the vault
holds is read under a permit to read, as everywhere, so personal data isn't. Both are in the audit log.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from openoda.custody.workspace import Workspace
from openoda.data.intake import open_delivery
from openoda.data.quality.readiness.disclosure import FEWEST, STEP, disclosed
from openoda.data.quality.readiness.fields import parse_mapping
from openoda.data.quality.readiness.files import read_statistics
from openoda.data.quality.readiness.forecast import recall_draws, sides_of, summed_up
from openoda.data.quality.readiness.limits import limits_of, unknowns_of
from openoda.data.quality.readiness.preparing import MONTH_FIRST, prepare
from openoda.data.quality.readiness.rules import DEFAULT, Rule, load_rules
from openoda.data.quality.readiness.statistics import statistics_of
from openoda.governance.permits import Permit, Right, must_cover, permit_to_measure
from openoda.office.asking import ask_to_read
from openoda.office.intake import ACCEPTED, dataset_of, told_dialect
from openoda.office.new_files import must_be_new, write_new
from openoda.office.standardise import parse_day
from openoda.office.targets import file_named
from openoda.vocabulary.dataset_names import name_of_file
from openoda.vocabulary.datasets import Dataset
from openoda.vocabulary.labels import Label
from openoda.vocabulary.progress import Progress, Step, silent
from openoda.vocabulary.refusals import DataUnfit, Misused

__all__ = ["Request", "compare", "measure", "parse_day", "parse_mapping"]

PURPOSE = "to measure how ready it is to be linked"
UNLIKE = (
    "Who is common: within an age it is taken to be chance, so where both know the same hard-pressed "
    "people fewer will link; and whether both took a mistake from one source. The interval allows a "
    "little for both, and can be too narrow"
)


@dataclass(frozen=True)
class Request:
    """What to measure: a file or a dataset's name; linking fields to columns; how the file is written.

    `out`: where the statistics are written; never over a file that is there.
    """

    target: str
    mapping: dict[str, str]
    data_class: str | None = None
    dataset: str = ""
    licence: str = ""
    source: str = ""
    delimiter: str = ""
    encoding: str = ""
    table: str = ""
    as_at: date | None = None
    out: Path | None = None


@dataclass
class _Counted:
    """How many records of a file were set aside as unsound."""

    quarantined: int = 0


def measure(workspace: Workspace, request: Request, progress: Progress = silent) -> dict[str, Any]:
    """A party's statistics, fit to be shared, and where they were written.

    Raises Misused (no class, unknown column or dataset, `out` is there), DataUnfit (fewer than ten
    records), PersonalDataNeedsAgreement for personal data in the vault, and what reading a file raises.
    """
    file = file_named(workspace, request.target)
    as_at = request.as_at or date.today()
    if request.out is not None:
        must_be_new(request.out)
    counted = _Counted()
    if file is not None:
        name = request.dataset or name_of_file(file.name)
        dataset = dataset_of(name, request.data_class, request.licence, request.source)
        permit = permit_to_measure(dataset, PURPOSE)
        batches = _of_file(file, request, (permit, dataset), counted, progress)
    else:
        snapshot = workspace.vault.latest(request.target)
        dataset = snapshot.dataset
        permit = ask_to_read(workspace, dataset, PURPOSE)
        columns = sorted({_column(each) for each in request.mapping.values()})
        batches = workspace.vault.scan(snapshot, ACCEPTED, permit, columns)
    detail = {"class": dataset.data_class.value, "fields": sorted(request.mapping),
              "right": permit.right.value, "basis": permit.basis}  # fmt: skip
    with workspace.audit.acting("readiness", dataset.name, PURPOSE, detail):
        told = _told(dataset, batches, request, as_at, progress)
    told |= {"quarantined": disclosed(counted.quarantined)}
    if request.out is not None:
        write_new(request.out, json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    all_read = not counted.quarantined
    return {**told, "all_read": all_read, "written": str(request.out) if request.out else None}


def compare(
    ours: Path,
    theirs: Path,
    common: int,
    rules: Path | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """The share of `common` records of `ours` that would link with `theirs`, and what limits it.

    Only the two statistics files are read. Raises Misused (a number in common that can't be, files that
    aren't statistics, rules that aren't rules) and FileUnreadable.
    """
    (first, ours_told), (second, theirs_told) = read_statistics(ours), read_statistics(theirs)
    _must_be_possible(common, first.rows)
    chosen = load_rules(rules) if rules else DEFAULT
    progress(Step("Forecasting", 0, 2))
    a, b = sides_of(first, second, common)
    found = summed_up(recall_draws(a, b, chosen), common)
    progress(Step("Forecasting", 1, 2))
    names = (_name(ours_told, ours), _name(theirs_told, theirs))
    limits = [
        {"party": names[one.party], "field": one.field, "what": one.what, "won": round(one.won, 4)}
        for one in limits_of(a, b, chosen)
    ]
    unknown = [*unknowns_of(a, names[0]), *unknowns_of(b, names[1]), UNLIKE]
    return {
        "ours": names[0],
        "theirs": names[1],
        "common": common,
        "recall": round(found.recall, 4),
        "low": round(found.low, 4),
        "high": round(found.high, 4),
        "label": Label.PROJECTED.value,
        "rules": _rules_told(chosen, set(first.fields) & set(second.fields)),
        "limits": limits,
        "unknown": unknown,
    }


def _of_file(
    file: Path,
    request: Request,
    allowed: tuple[Permit, Dataset],
    counted: _Counted,
    progress: Progress,
) -> Iterator[pa.RecordBatch]:
    must_cover(*allowed, Right.MEASURE)
    dialect = told_dialect(None, request.delimiter, request.encoding, request.table)
    with open_delivery(file, dialect=dialect, progress=progress) as delivery:
        for batch in delivery:
            yield batch.accepted
        counted.quarantined = delivery.report.quarantined


def _told(
    dataset: Dataset,
    batches: Iterator[pa.RecordBatch],
    request: Request,
    as_at: date,
    progress: Progress,
) -> dict[str, Any]:
    prepared = prepare(batches, request.mapping, as_at)
    if prepared.rows < FEWEST:
        raise DataUnfit(
            "Fewer than ten records can't be told of without telling of people",
            where=dataset.name,
            remedy="Measure a fuller extract.",
        )
    statistics = statistics_of(prepared, progress).as_json()
    about = {"dataset": dataset.name, "class": dataset.data_class.value, "as_at": as_at.isoformat()}
    return {**about, **statistics}


def _must_be_possible(common: int, rows: int) -> None:
    if not common:
        raise Misused(
            "A forecast needs the number of records in common, and none is given",
            where="--common",
            remedy="Say how many records of ours are of people whom the other party has too.",
        )
    if not 1 <= common <= rows + STEP // 2:  # the rows are told to the nearest five
        raise Misused(
            f"Of {rows:,} records so many can't be in common",
            where=f"--common {common}",
            remedy="Say how many records of ours are of people whom the other party has too.",
        )


def _name(told: dict[str, Any], path: Path) -> str:
    name = told.get("dataset")
    return name if isinstance(name, str) and 0 < len(name) <= 100 else path.stem


def _rules_told(rules: Sequence[Rule], shared: set[str]) -> list[dict[str, Any]]:
    return [{"fields": list(rule.fields), "possible": set(rule.fields) <= shared} for rule in rules]


def _column(given: str) -> str:
    return given.removesuffix(f":{MONTH_FIRST}")
