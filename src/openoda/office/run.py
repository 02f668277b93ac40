"""Running an intervention package: from a file to a worklist, with the checks beside it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from openoda.custody.atomic import new_folder
from openoda.custody.workspace import Workspace
from openoda.data.intake import open_delivery
from openoda.library.plan import plan_of
from openoda.library.shelf import find_package
from openoda.office.asking import ask_to_read
from openoda.office.described import described, purpose_of
from openoda.office.frame import fitted_schema, with_mapping
from openoda.office.intake import TakenIn, take_in, told_dialect
from openoda.office.outputs import Job, make_outputs
from openoda.office.record import RECORD, RunRecord, read_record, run_folder, run_id, sha256_of
from openoda.office.request import DATA, PACKAGE, UNIVERSE, Request, Snapshots, request_of
from openoda.rendering import documents as pages
from openoda.vocabulary.dataset_names import derived_name
from openoda.vocabulary.progress import Progress, silent
from openoda.vocabulary.refusals import DataUnfit, VaultDamaged


@dataclass(frozen=True)
class RunDone:
    """A finished run: its record, its folder, the figures as JSON, and the findings."""

    record: RunRecord
    folder: Path
    figures: dict[str, Any]
    findings: pages.FindingsDocument
    snapshots: Snapshots

    @property
    def all_sound(self) -> bool:
        """Whether no row was quarantined and no value flagged."""
        reports = [one.details["files"][0] for one in self.snapshots.values()]
        return not any(report["quarantined"] or report["flagged_values"] for report in reports)

    @property
    def problems(self) -> list[dict[str, Any]]:
        """Why rows were quarantined and values flagged: reason, column, count, first lines."""
        reports = [one.details["files"][0] for one in self.snapshots.values()]
        return [{"file": one["file"], **why} for one in reports for why in one["problems"]]

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


def run(
    workspace: Workspace,
    request: Request,
    data: Path,
    progress: Progress = silent,
    *,
    delimiter: str = "",
) -> RunDone:
    """Take the file in, run the package on it, and leave its outputs in the workspace's runs.

    The same package, data, settings and versions give the same run, and the same bytes.
    """
    dialect = told_dialect(None, delimiter)
    package, fields = with_mapping(find_package(request.package), request.mapping)
    plan_of(package)  # refuse a wrong plan, and personal data, before the work and not after
    dataset = described(package, request, data)
    ask_to_read(workspace, dataset, purpose_of(package))
    with open_delivery(data, dialect=dialect) as delivery:
        schema = fitted_schema(package, fields, delivery.columns)
    taken_in = {DATA: take_in(workspace, [data], dataset, schema, dialect, progress)}
    _must_have_rows(taken_in[DATA], data)
    if request.universe is not None:
        others = replace(dataset, name=derived_name(dataset.name, "-universe"))
        taken_in[UNIVERSE] = take_in(workspace, [request.universe], others, progress=progress)
    snapshots = {role: one.snapshot for role, one in taken_in.items()}
    return analyse(workspace, request, snapshots, progress)


def _must_have_rows(taken: TakenIn, data: Path) -> None:
    """Refuse (DataUnfit) a file of which no row was sound, with the reason most rows have."""
    counts = taken.as_json()
    if counts["accepted"]:
        return
    most = max(counts["problems"], key=lambda one: one["count"], default=None)
    said = (
        f": {most['count']:,} × {most['reason']}, first at line {most['lines'][0]}" if most else ""
    )
    raise DataUnfit(
        f"None of the file's {counts['rows_in']:,} rows is sound{said}",
        where=data.name,
        remedy="Ask the file's owner to mend it; oda intake names the reason of every row.",
    )


def analyse(
    workspace: Workspace, request: Request, snapshots: Snapshots, progress: Progress = silent
) -> RunDone:
    """Run the package on snapshots already in the vault, and keep record and outputs."""
    package, fields = with_mapping(find_package(request.package), request.mapping)
    inputs = {role: one.details["files"][0]["sha256"] for role, one in snapshots.items()}
    name = run_id(package, inputs, request.settings())
    with workspace.audit.acting("run", name, purpose_of(package), {"inputs": inputs}):
        made = make_outputs(workspace, Job(request, package, fields, snapshots, name), progress)
        folder = workspace.runs / name
        if folder.exists():
            _must_be_same(folder, made.record)
        else:
            with new_folder(workspace.root, folder) as staged:
                for file, content in made.files.items():
                    (staged / file).parent.mkdir(parents=True, exist_ok=True)
                    (staged / file).write_bytes(content)
                (staged / RECORD).write_bytes(made.record.to_json())
    return RunDone(made.record, folder, made.figures, made.findings, snapshots)


def _must_be_same(folder: Path, made: RunRecord) -> None:
    """A run of that name exists: what was made now must be what was made then, and still there."""
    kept = read_record(folder)
    changed = [
        name
        for name, sha256 in made.outputs.items()
        if not kept.outputs.get(name) == sha256 == _hash_on_disk(folder / name)
    ]
    if changed:
        raise VaultDamaged(
            "This run was made before and its files are not what is made now",
            where=f"{folder.name}: {', '.join(changed)}",
            remedy="Move the folder away to look into it, then run again.",
        )


def reproduce(workspace: Workspace, name: str, progress: Progress = silent) -> dict[str, bool]:
    """Make a run's files again from its record and the vault: file name to whether it is the same.

    The same: as made now, as recorded then, and as it lies in the run's folder.
    """
    kept = read_record(run_folder(workspace, name))
    request = request_of(str(workspace.runs / name / PACKAGE), kept.settings)
    package, fields = with_mapping(find_package(request.package), request.mapping)
    stored = {one.id: one for one in workspace.vault.snapshots()}
    snapshots = {role: stored[given] for role, given in kept.snapshots.items() if given in stored}
    if len(snapshots) < len(kept.snapshots):
        raise VaultDamaged(
            "The vault no longer holds the run's data",
            where=name,
            remedy="Check the vault with: oda verify.",
        )
    made = make_outputs(workspace, Job(request, package, fields, snapshots, name), progress)
    folder = workspace.runs / name
    return {
        file: made.record.outputs.get(file) == sha256 == _hash_on_disk(folder / file)
        for file, sha256 in kept.outputs.items()
    }


def _hash_on_disk(path: Path) -> str:
    """SHA-256 of the file, or nothing where it is gone."""
    return sha256_of(path.read_bytes()) if path.is_file() else ""
