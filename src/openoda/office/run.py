"""Running an intervention package: from a file to a worklist, with the checks beside it."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from openoda.custody.atomic import new_folder
from openoda.custody.snapshots import Snapshot
from openoda.custody.workspace import Workspace
from openoda.data.intake import open_delivery
from openoda.governance.permits import permit_to_read
from openoda.library.case_table import as_column, cases_of
from openoda.library.manifest import Package
from openoda.library.plan import plan_of
from openoda.library.shelf import find_package
from openoda.office.findings import figures_json, findings_document
from openoda.office.frame import descriptor_of, fitted_schema, in_package_names, with_mapping
from openoda.office.intake import ACCEPTED, SOURCE_FILE, dataset_of, take_in
from openoda.office.record import (
    RECORD,
    RunRecord,
    package_hash,
    read_record,
    run_id,
    sha256_of,
    versions,
)
from openoda.office.worklists import worklist_document
from openoda.opportunities import model_files
from openoda.opportunities.cases import Texts
from openoda.opportunities.prioritise.analysis import Analysis, prioritise
from openoda.opportunities.prioritise.worklist import make_list
from openoda.rendering import documents as pages
from openoda.rendering import machine
from openoda.rendering.pages import findings_html, worklist_html
from openoda.rendering.worklist_files import worklist_csv, worklist_json
from openoda.rendering.worklist_xlsx import worklist_xlsx
from openoda.vocabulary.datasets import Dataset
from openoda.vocabulary.progress import Progress, Step, silent
from openoda.vocabulary.refusals import Misused, VaultDamaged

SOURCE_LINE = "source_line"
PACKAGE = "package"
FINDINGS_LINKS = (pages.Link("See the worklist", "worklist.html"),)
LIST_LINKS = (
    pages.Link("Is this list worth using? See the findings", "findings.html"),
    pages.Link("Fill in the worklist as a spreadsheet", "worklist.xlsx"),
)


@dataclass(frozen=True)
class Request:
    """What is to be run. `mapping`: the package's names to the file's columns."""

    package: str
    data_class: str | None = None
    mapping: dict[str, str] = field(default_factory=dict)
    seed: int = 1
    order: str | None = None
    universe: Path | None = None

    def settings(self) -> dict[str, Any]:
        """What decides the outcome beside package, data and versions."""
        return {"seed": self.seed, "order": self.order, "mapping": self.mapping}


@dataclass(frozen=True)
class RunDone:
    """A finished run: its record, its folder, the figures as JSON, and the findings."""

    record: RunRecord
    folder: Path
    figures: dict[str, Any]
    findings: pages.FindingsDocument
    snapshot: Snapshot

    @property
    def files(self) -> dict[str, Path]:
        """What each file for people is, and where."""
        return {what: self.folder / name for what, name in FOR_PEOPLE.items()}


FOR_PEOPLE = {
    "Worklist for a phone or paper": "worklist.html",
    "Worklist to fill in": "worklist.xlsx",
    "Worklist as CSV": "worklist.csv",
    "Findings": "findings.html",
}


DATA, UNIVERSE = "data", "universe"
Snapshots = dict[str, Snapshot]


def run(workspace: Workspace, request: Request, data: Path, progress: Progress = silent) -> RunDone:
    """Take the file in, run the package on it, and leave its outputs in the workspace's runs.

    The same package, data, settings and versions give the same run, and the same bytes.
    """
    package, fields = with_mapping(find_package(request.package), request.mapping)
    plan_of(package)  # refuse a wrong plan, and personal data, before the work and not after
    name = data.stem.split(".")[0]
    dataset = replace(_described(package, request), name=name)
    permit_to_read(dataset, _purpose(package))
    with open_delivery(data) as delivery:
        schema = fitted_schema(package, fields, delivery.columns)
    taken_in = {DATA: take_in(workspace, [data], dataset, schema, progress=progress)}
    if request.universe is not None:
        others = replace(dataset, name=f"{name}-universe")
        taken_in[UNIVERSE] = take_in(workspace, [request.universe], others, progress=progress)
    snapshots = {role: one.snapshot for role, one in taken_in.items()}
    return analyse(workspace, request, snapshots, progress)


def analyse(
    workspace: Workspace, request: Request, snapshots: Snapshots, progress: Progress = silent
) -> RunDone:
    """Run the package on snapshots already in the vault, and keep record and outputs."""
    package, fields = with_mapping(find_package(request.package), request.mapping)
    inputs = {role: one.details["files"][0]["sha256"] for role, one in snapshots.items()}
    name = run_id(package, inputs, request.settings())
    with workspace.audit.acting("run", name, _purpose(package), {"inputs": inputs}):
        made = make_outputs(workspace, request, package, fields, snapshots, name, progress)
        folder = workspace.runs / name
        if folder.exists():
            _must_be_same(folder, made.record)
        else:
            with new_folder(workspace.root, folder) as staged:
                for file, content in made.files.items():
                    (staged / file).parent.mkdir(parents=True, exist_ok=True)
                    (staged / file).write_bytes(content)
                (staged / RECORD).write_bytes(made.record.to_json())
    return RunDone(made.record, folder, made.figures, made.findings, snapshots[DATA])


@dataclass(frozen=True)
class Made:
    """What a run made, before it is kept."""

    record: RunRecord
    files: dict[str, bytes]
    figures: dict[str, Any]
    findings: pages.FindingsDocument


def make_outputs(
    workspace: Workspace,
    request: Request,
    package: Package,
    fields: dict[str, str],
    snapshots: Snapshots,
    name: str,
    progress: Progress,
) -> Made:
    """Analyse the snapshots and write every output in memory: a function of its arguments."""
    plan, data = plan_of(package), snapshots[DATA]
    progress(Step("Reading the data"))
    table = _read(workspace, package, data, _columns(package, fields))
    case_table = cases_of(package, in_package_names(table, package, fields))
    analysis = prioritise(
        case_table.cases,
        plan,
        seed=request.seed,
        universe=_universe(workspace, package, fields, snapshots.get(UNIVERSE)),
        group=case_table.group,
        progress=progress,
    )
    listed = make_list(analysis, plan, seed=request.seed, order=request.order)
    progress(Step("Writing the pages"))
    record = RunRecord(
        run=name,
        package=package.name,
        package_version=package["intervention"]["version"],
        package_sha256=package_hash(package),
        snapshots={role: one.id for role, one in snapshots.items()},
        dataset=data.dataset.name,
        inputs={role: one.details["files"][0]["sha256"] for role, one in snapshots.items()},
        rows=table.num_rows,
        rows_left_out=case_table.left_out,
        settings=request.settings(),
        versions=versions(),
        outputs={},
    )
    findings = findings_document(
        analysis, plan, package, data.dataset, _provenance(record), table.num_rows, FINDINGS_LINKS
    )
    worklist = worklist_document(listed, analysis, plan, package, data.dataset, name, LIST_LINKS)
    figures = {"run": name, **figures_json(analysis, table.num_rows)}
    files = {
        "worklist.html": worklist_html(worklist).encode(),
        "worklist.csv": worklist_csv(worklist),
        "worklist.xlsx": worklist_xlsx(worklist),
        "worklist.json": worklist_json(worklist),
        "findings.html": findings_html(findings).encode(),
        "findings.json": machine.as_json(figures, indent=2).encode() + b"\n",
        **_model_files(analysis),
        **_package_files(package),
    }
    hashes = {file: sha256_of(content) for file, content in files.items()}
    return Made(replace(record, outputs=hashes), files, figures, findings)


def _described(package: Package, request: Request) -> Dataset:
    """The dataset as the request or else the package describes it."""
    given, about = request.data_class, package["data"]
    if given is None or given == about["class"]:
        return dataset_of(package.name, about["class"], about["licence"], about["source"])
    return dataset_of(package.name, given)


def _purpose(package: Package) -> str:
    return str(package["intervention"]["title"])


def _read(
    workspace: Workspace, package: Package, snapshot: Snapshot, columns: list[str] | None
) -> pa.Table:
    permit = permit_to_read(snapshot.dataset, _purpose(package))
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
    return as_column(table[wanted[0]])


def _model_files(analysis: Analysis) -> dict[str, bytes]:
    scorer = analysis.orders["model"].scorer
    return model_files.to_files(scorer, analysis.choice.calibration) if scorer else {}


def _package_files(package: Package) -> dict[str, bytes]:
    """The package as it was run, so that the run doesn't depend on where it came from."""
    return {
        f"{PACKAGE}/{path.relative_to(package.folder).as_posix()}": path.read_bytes()
        for path in sorted(package.folder.rglob("*"))
        if path.is_file()
    }


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


def _must_be_same(folder: Path, made: RunRecord) -> None:
    """A run of that name exists: what was made now must be what was made then, and still there."""
    kept = read_record(folder)
    changed = [
        name
        for name, sha256 in made.outputs.items()
        if kept.outputs.get(name) != sha256
        or not (folder / name).is_file()
        or sha256_of((folder / name).read_bytes()) != sha256
    ]
    if changed:
        raise VaultDamaged(
            "This run was made before and its files are not what is made now",
            where=f"{folder.name}: {', '.join(changed)}",
            remedy="Move the folder away to look into it, then run again.",
        )


def reproduce(workspace: Workspace, name: str, progress: Progress = silent) -> dict[str, bool]:
    """Make a run's files again from its record and the vault: file name to whether it is the same."""
    kept = read_record(workspace.runs / name)
    settings = kept.settings
    request = Request(
        package=str(workspace.runs / name / PACKAGE),
        mapping=settings["mapping"],
        seed=settings["seed"],
        order=settings["order"],
    )
    package, fields = with_mapping(find_package(request.package), request.mapping)
    stored = {one.id: one for one in workspace.vault.snapshots()}
    snapshots = {role: stored[given] for role, given in kept.snapshots.items() if given in stored}
    if len(snapshots) < len(kept.snapshots):
        raise VaultDamaged(
            "The vault no longer holds the run's data",
            where=name,
            remedy="Check the vault with: oda verify.",
        )
    made = make_outputs(workspace, request, package, fields, snapshots, name, progress)
    return {file: made.record.outputs.get(file) == sha for file, sha in kept.outputs.items()}
