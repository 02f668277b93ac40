"""What a run makes, in memory: analysis, documents, files. A function of snapshots and settings."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from openoda.custody.snapshots import Snapshot
from openoda.custody.workspace import Workspace
from openoda.governance.permits import permit_to_read
from openoda.library.case_table import as_ids, cases_of
from openoda.library.manifest import Package
from openoda.library.plan import plan_of
from openoda.office.cautions import (
    class_cautions,
    fit_cautions,
    result_cautions,
    soundness_cautions,
)
from openoda.office.described import purpose_of
from openoda.office.findings import figures_json, findings_document
from openoda.office.frame import descriptor_of, in_package_names
from openoda.office.intake import ACCEPTED, SOURCE_FILE
from openoda.office.record import RunRecord, package_hash, sha256_of, versions
from openoda.office.request import DATA, PACKAGE, UNIVERSE, Request, Snapshots
from openoda.office.worklists import list_cautions, past_cautions, worklist_document
from openoda.opportunities import model_files
from openoda.opportunities.cases import Texts
from openoda.opportunities.prioritise.analysis import Analysis, prioritise
from openoda.opportunities.prioritise.plan import with_dates_that_fit
from openoda.opportunities.prioritise.worklist import Listed, make_list
from openoda.opportunities.time_splits import as_date
from openoda.rendering import documents as pages
from openoda.rendering import machine
from openoda.rendering.pages import findings_html, worklist_html
from openoda.rendering.worklist_files import worklist_csv, worklist_json
from openoda.rendering.worklist_xlsx import worklist_xlsx
from openoda.vocabulary.progress import Progress, Step
from openoda.vocabulary.refusals import Misused

SOURCE_LINE = "source_line"
FINDINGS_LINKS = (pages.Link("See the worklist", "worklist.html"),)
LIST_LINKS = (
    pages.Link("Is this list worth using? See the findings", "findings.html"),
    pages.Link("Fill in the worklist as a spreadsheet", "worklist.xlsx"),
)


@dataclass(frozen=True)
class Made:
    """What a run made, before it is kept."""

    record: RunRecord
    files: dict[str, bytes]
    figures: dict[str, Any]
    findings: pages.FindingsDocument


@dataclass(frozen=True)
class Job:
    """One run to make: the request, its package and mapping, its input, and its name."""

    request: Request
    package: Package
    fields: dict[str, str]
    snapshots: Snapshots
    name: str

    @property
    def data(self) -> Snapshot:
        """The snapshot that is ranked."""
        return self.snapshots[DATA]


def make_outputs(workspace: Workspace, job: Job, progress: Progress) -> Made:
    """Analyse the snapshots and write every output in memory: a function of its arguments."""
    package, request, plan = job.package, job.request, plan_of(job.package)
    progress(Step("Reading the data"))
    table = _read(workspace, package, job.data, _columns(package, job.fields))
    case_table = cases_of(package, in_package_names(table, package, job.fields))
    plan = with_dates_that_fit(plan, case_table.cases)
    features = case_table.cases.features
    plan.must_fit({name: f.dtype.kind == "f" for name, f in features.items()}, request.order)
    analysis = prioritise(
        case_table.cases,
        plan,
        seed=request.seed,
        universe=_universe(workspace, package, job.fields, job.snapshots.get(UNIVERSE)),
        group=case_table.group,
        progress=progress,
    )
    listed = make_list(analysis, plan, seed=request.seed, order=request.order)
    of_past, of_list = past_cautions(listed), list_cautions(listed)
    of_result = result_cautions(analysis, plan)
    found = (
        *soundness_cautions(job.snapshots, case_table.left_out),
        *fit_cautions(plan_of(package), plan),
        *of_result,
        *of_list,
    )
    analysis = replace(analysis, cautions=(*analysis.cautions, *found))
    record = _record(job, table.num_rows, case_table.left_out)
    progress(Step("Writing the pages"))
    of_work = (*of_past, *of_result, *of_list)
    worklist = worklist_document(
        listed, analysis, plan, package, job.data.dataset, job.name, LIST_LINKS, of_work
    )
    of_class = class_cautions(package, request, job.data)
    findings = findings_document(
        replace(analysis, cautions=(*analysis.cautions, *of_past, *of_class)),
        plan,
        package,
        job.data.dataset,
        _provenance(record),
        table.num_rows,
        FINDINGS_LINKS,
    )
    figures = _figures(job, analysis, listed, record, bool(of_class))
    files = _files(worklist, findings, figures, analysis, listed, package)
    hashes = {file: sha256_of(content) for file, content in files.items()}
    return Made(replace(record, outputs=hashes), files, figures, findings)


def _record(job: Job, rows: int, left_out: int) -> RunRecord:
    return RunRecord(
        run=job.name,
        package=job.package.name,
        package_version=job.package["intervention"]["version"],
        package_sha256=package_hash(job.package),
        snapshots={role: one.id for role, one in job.snapshots.items()},
        dataset=job.data.dataset.name,
        inputs={role: one.details["files"][0]["sha256"] for role, one in job.snapshots.items()},
        rows=rows,
        rows_left_out=left_out,
        settings=job.request.settings(),
        versions=versions(),
        outputs={},
    )


def _figures(
    job: Job, analysis: Analysis, listed: Listed, record: RunRecord, assumed: bool
) -> dict[str, Any]:
    """The run's JSON: figures and warnings, what wasn't sound, and what the data is."""
    report, dataset = job.data.details["files"][0], job.data.dataset
    return {
        "run": job.name,
        "list": {
            "order": listed.order,
            "made_on": as_date(listed.made_on).isoformat(),
            "places": len(listed.lines),
            "back_test": listed.back_test,
        },
        **figures_json(analysis, record.rows),
        "quarantined": report["quarantined"],
        "flagged_values": report["flagged_values"],
        "rows_left_out": record.rows_left_out,
        "data": {
            "class": dataset.data_class.value,
            "class_assumed": assumed,
            "licence": dataset.licence,
            "source": dataset.source,
        },
    }


def _files(
    worklist: pages.WorklistDocument,
    findings: pages.FindingsDocument,
    figures: dict[str, Any],
    analysis: Analysis,
    listed: Listed,
    package: Package,
) -> dict[str, bytes]:
    """Every file of the run, by name."""
    return {
        "worklist.html": worklist_html(worklist).encode(),
        "worklist.csv": worklist_csv(worklist),
        "worklist.xlsx": worklist_xlsx(worklist),
        "worklist.json": worklist_json(worklist),
        "findings.html": findings_html(findings).encode(),
        "findings.json": machine.as_json(figures, indent=2).encode() + b"\n",
        **_model_files(analysis, listed),
        **_package_files(package),
    }


def _read(
    workspace: Workspace, package: Package, snapshot: Snapshot, columns: list[str] | None
) -> pa.Table:
    permit = permit_to_read(snapshot.dataset, purpose_of(package))
    return workspace.vault.read(snapshot, ACCEPTED, permit, columns)


def _columns(package: Package, fields: dict[str, str]) -> list[str]:
    """The file's columns that the package's schema names: no other is read."""
    names = [field["name"] for field in descriptor_of(package)["fields"]]
    names += [name for name in fields if name not in names]
    return list(dict.fromkeys(fields.get(name, name) for name in names))


def _universe(
    workspace: Workspace, package: Package, fields: dict[str, str], snapshot: Snapshot | None
) -> Texts | None:
    """The ids of all units, from the column named like the unit, or the only one."""
    if snapshot is None:
        return None
    table = _read(workspace, package, snapshot, None)
    unit = package["roles"]["unit"]
    names = [name for name in table.column_names if name not in (SOURCE_FILE, SOURCE_LINE)]
    wanted = [name for name in (unit, fields.get(unit)) if name in names] or names[:1]
    if len(names) > 1 and wanted[0] not in (unit, fields.get(unit)):
        raise Misused(
            f"The file of all units has several columns, none called {fields.get(unit, unit)}",
            where="--universe",
            remedy="Name its column like the unit's, or give a file with that column alone.",
        )
    ids: Texts = as_ids(table[wanted[0]])
    return ids[np.flatnonzero(ids != "")]


def _model_files(analysis: Analysis, listed: Listed) -> dict[str, bytes]:
    """The model that made the list; where another order did, the model that was tried."""
    scorer = listed.scorer if listed.order == "model" else analysis.orders["model"].scorer
    return model_files.to_files(scorer, analysis.choice.calibration) if scorer else {}


def _package_files(package: Package) -> dict[str, bytes]:
    """The package as it was run, so that the run doesn't depend on where it came from."""
    return {f"{PACKAGE}/{name}": content for name, content in sorted(package.files.items())}


def _provenance(record: RunRecord) -> pages.Provenance:
    return pages.Provenance(
        run_id=record.run,
        command=f"oda reproduce {record.run}",
        seed=record.settings["seed"],
        inputs=tuple(
            pages.InputFile(role, sha256, record.rows if role == DATA else None)
            for role, sha256 in record.inputs.items()
        ),
        versions=record.versions,
    )
