"""Profiling a dataset: from a file or a delivery in the vault to pages, sheets and JSON."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openoda.custody.atomic import new_folder
from openoda.custody.snapshots import Snapshot
from openoda.custody.workspace import Workspace
from openoda.data.quality import rule_files
from openoda.office.asking import ask_to_read
from openoda.office.intake import dataset_of, load
from openoda.office.profile_document import profile_document
from openoda.office.profile_findings import Examined, examine
from openoda.office.profile_inputs import Inputs, chosen_before, delivery_of, reader_of
from openoda.office.profile_json import profile_json
from openoda.office.profile_outputs import files_of
from openoda.office.record import versions
from openoda.office.targets import file_named
from openoda.rendering.profile_documents import ProfileDocument
from openoda.vocabulary.dataset_names import name_of_file
from openoda.vocabulary.datasets import DataClass
from openoda.vocabulary.progress import Progress, Step, silent
from openoda.vocabulary.refusals import Misused, VaultDamaged

PURPOSE = "to profile its quality"
FOR_PEOPLE = {
    "Profile": "profile.html",
    "Issues for the data owner": "issues.html",
    "Issues as a workbook": "issues.xlsx",
    "Issues as CSV": "issues.csv",
}


@dataclass(frozen=True)
class ProfileRequest:
    """What is to be profiled, and how: as a person gives it.

    `target` is a file (`dataset` names its data), or a dataset that the vault holds. `compare`:
    empty for the delivery before, `none`, or (the beginning of) a snapshot's id. `repeats`: columns
    that together name a thing.
    """

    target: str
    dataset: str = ""
    data_class: str | None = None
    licence: str = ""
    source: str = ""
    schema: Path | None = None
    delimiter: str = ""
    rules: Path | None = None
    repeats: tuple[tuple[str, ...], ...] = ()
    compare: str = ""
    reference: str = ""
    key: str = ""
    as_at: date | None = None


@dataclass(frozen=True)
class ProfileDone:
    """A finished profile: what to show, what to print for machines, and where the files are."""

    document: ProfileDocument
    answer: dict[str, Any]
    folder: Path
    findings: bool

    @property
    def files(self) -> dict[str, Path]:
        """What each file for people is, and where."""
        return {what: self.folder / name for what, name in FOR_PEOPLE.items()}


def profile(
    workspace: Workspace, request: ProfileRequest, progress: Progress = silent
) -> ProfileDone:
    """Profile a delivery and leave its pages in the workspace's runs.

    The same delivery, rules and settings give the same folder and the same bytes. Refuses personal
    data that no agreement allows to be read, before anything is stored or read.
    """
    rules = rule_files.load(request.rules) if request.rules else rule_files.Rules()
    rules = rule_files.with_repeats(rules, request.repeats)
    _must_fit(request)
    snapshot = _snapshot(workspace, request, progress)
    permit = ask_to_read(workspace, snapshot.dataset, PURPOSE)
    before = chosen_before(workspace, snapshot, request.compare)
    reference = delivery_of(workspace, request.reference) if request.reference else None
    inputs = Inputs(
        now=reader_of(workspace, snapshot, permit),
        before=reader_of(workspace, before, permit) if before else None,
        reference=(
            reader_of(workspace, reference, ask_to_read(workspace, reference.dataset, PURPOSE))
            if reference
            else None
        ),
        key=request.key,
        rules=rules,
        as_at=request.as_at or date.fromisoformat(snapshot.taken_at[:10]),
    )
    name = _name(inputs)
    with workspace.audit.acting("profile", snapshot.dataset.name, PURPOSE, {"run": name}):
        examined = examine(inputs, progress)
        progress(Step("Writing the pages"))
        return _kept(workspace, name, inputs, examined)


def _must_fit(request: ProfileRequest) -> None:
    """Refuse (Misused) options that don't go together."""
    if bool(request.reference) != bool(request.key):
        raise Misused(
            "A reference needs a key, and a key a reference",
            where="--reference, --key",
            remedy="Give both: the dataset that is trusted, and the column that both have.",
        )
    if request.schema and not Path(request.target).is_file():
        raise Misused(
            "A schema is for a file that is being taken in",
            where="--schema",
            remedy="Take the file in again with its schema, or profile the file itself.",
        )


def _snapshot(workspace: Workspace, request: ProfileRequest, progress: Progress) -> Snapshot:
    """The delivery to profile: a file is taken in first; a name is looked up in the vault."""
    file = file_named(workspace, request.target)
    if file is None:
        return delivery_of(workspace, request.target)
    name = request.dataset or name_of_file(file.name)
    dataset = dataset_of(name, request.data_class, request.licence, request.source)
    ask_to_read(workspace, dataset, PURPOSE)
    taken = load(workspace, [file], dataset, request.schema, request.delimiter, progress)
    return taken.snapshot


def _name(inputs: Inputs) -> str:
    """The profile's name: the same for the same deliveries, rules, settings and versions."""
    said = {
        "snapshot": inputs.now.snapshot.id,
        "before": inputs.before.snapshot.id if inputs.before else None,
        "reference": inputs.reference.snapshot.id if inputs.reference else None,
        "key": inputs.key,
        "rules": repr((inputs.rules.rules, inputs.rules.repeats)),
        "as_at": inputs.as_at.isoformat(),
        "versions": versions(),
    }
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]
    safe = "".join(c if c.isalnum() else "-" for c in inputs.now.snapshot.dataset.name.lower())
    return f"profile-{safe.strip('-')}-{digest}"


def _kept(workspace: Workspace, name: str, inputs: Inputs, examined: Examined) -> ProfileDone:
    """Write the profile's files, or hold them against those of the same profile made before."""
    values = inputs.now.snapshot.dataset.data_class is not DataClass.PERSONAL
    document = profile_document(inputs, examined, name, values)
    answer = profile_json(inputs, examined, name, values)
    files = files_of(document, answer)
    folder = workspace.runs / name
    if folder.exists():
        _must_be_same(folder, files)
    else:
        with new_folder(workspace.root, folder) as staged:
            for file, content in files.items():
                (staged / file).write_bytes(content)
    done = ProfileDone(document, answer, folder, examined.findings)
    paths = {what: str(path) for what, path in done.files.items()}
    return ProfileDone(document, {**answer, "files": paths}, folder, examined.findings)


def _must_be_same(folder: Path, files: dict[str, bytes]) -> None:
    changed = _changed(folder, files)
    if changed:
        raise VaultDamaged(
            "This profile was made before and its files are not what is made now",
            where=f"{folder.name}: {', '.join(changed)}",
            remedy="Move the folder away to look into it, then profile again.",
        )


def _changed(folder: Path, files: dict[str, bytes]) -> Sequence[str]:
    return [
        name
        for name, content in files.items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != content
    ]
