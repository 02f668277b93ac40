"""Taking the filled worklist back: what officers found, held against the run that sent them.

Teams send their sheets back one by one, and correct them: a run's outcomes are what all its files
say, case by case, the newest word counting. Each file is a snapshot, so nothing is overwritten.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from openoda.custody.workspace import Workspace
from openoda.data.outcomes import OutcomeRecord, OutcomesRead, RowProblem, read_outcomes
from openoda.governance.permits import permit_to_load
from openoda.office.asking import ask_to_read
from openoda.office.record import RunRecord, read_record, run_folder
from openoda.opportunities.calibration import wilson
from openoda.vocabulary.dataset_names import derived_name
from openoda.vocabulary.datasets import DataClass, Dataset
from openoda.vocabulary.outcomes import Outcome
from openoda.vocabulary.refusals import Misused

ROUTES = ("ranked", "lottery")
Places = dict[str, tuple[str, str]]  # case to its route and its chance of a place
Standing = dict[str, Outcome]  # case to the newest word that anybody wrote of it


@dataclass(frozen=True)
class OutcomesTaken:
    """What a file says, and what its run's files say together.

    `rows_in`, `problems` and `flags` are of the file; `outcomes`, `routes` and `absent` of all
    `files` so far. `changed` counts the cases whose word an earlier file had otherwise. Shares are
    of visits that settled the question.
    """

    run: str
    rows_in: int
    problems: tuple[RowProblem, ...]
    flags: tuple[RowProblem, ...]
    outcomes: dict[str, int]
    routes: dict[str, dict[str, Any]]
    snapshot: str
    files: int
    changed: int
    absent: int

    @property
    def accepted(self) -> int:
        """Rows taken: rows in less problems."""
        return self.rows_in - len(self.problems)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        said = [(one, False) for one in self.problems] + [(one, True) for one in self.flags]
        return {
            "run": self.run,
            "rows_in": self.rows_in,
            "accepted": self.accepted,
            "quarantined": len(self.problems),
            "flagged_values": len(self.flags),
            "problems": [
                {"row": one.row, "what": one.what, "remedy": one.remedy, "taken": taken}
                for one, taken in sorted(said, key=lambda pair: pair[0].row)
            ],
            "outcomes": self.outcomes,
            "routes": self.routes,
            "snapshot": self.snapshot,
            "files": self.files,
            "changed": self.changed,
            "absent": self.absent,
        }


def take_outcomes(workspace: Workspace, file: Path, run: str | None = None) -> OutcomesTaken:
    """Read a filled worklist, check it against its run, store it, and say what was found so far.

    A row without an outcome was not visited: it never counts as negative, and never takes back
    what another file said of its case.
    """
    read = read_outcomes(file)
    name = run or _only_run(read.records)
    record = read_record(run_folder(workspace, name))
    places = _places(workspace, record)
    problems = [*read.problems, *_strangers(read.records, name, places)]
    bad = {problem.row for problem in problems}
    records = [one for one in read.records if one.row not in bad]
    flags = [flag for flag in read.flags if flag.row not in bad]
    dataset = _dataset(workspace, record)
    before, _ = _standing(workspace, dataset, name)
    snapshot = _store(workspace, dataset, record, read, records, problems, places)
    standing, files = _standing(workspace, dataset, name)
    return OutcomesTaken(
        run=name,
        rows_in=read.rows,
        problems=tuple(problems),
        flags=tuple(flags),
        outcomes={word.value: sum(one is word for one in standing.values()) for word in Outcome},
        routes={route: _found(standing, places, route) for route in ROUTES},
        snapshot=snapshot,
        files=files,
        changed=_changed(before, records),
        absent=len(places) - len(standing),
    )


def _store(
    workspace: Workspace,
    dataset: Dataset,
    record: RunRecord,
    read: OutcomesRead,
    records: list[OutcomeRecord],
    problems: list[RowProblem],
    places: Places,
) -> str:
    """Store what one file said; its snapshot's id. Notes go first: a file that counts has them."""
    _keep_notes(workspace, record, records)
    with workspace.vault.deposit(dataset, permit_to_load(dataset)) as deposit:
        deposit.write("accepted", _batch(records, places))
        deposit.write("quarantined", _problem_batch(problems))
        return deposit.commit({"run": record.run, "rows_in": read.rows}).id


def _standing(workspace: Workspace, dataset: Dataset, run: str) -> tuple[Standing, int]:
    """What all files of the run say, oldest first, and how many there are."""
    permit = ask_to_read(workspace, dataset, "to add up a run's outcomes")
    standing: Standing = {}
    sent = [one for one in workspace.vault.snapshots(dataset.name) if one.details["run"] == run]
    for snapshot in sent:
        said = workspace.vault.read(snapshot, "accepted", permit, ["case", "outcome", "is_blank"])
        for case, word, is_blank in zip(*(column.to_pylist() for column in said), strict=True):
            if not is_blank or case not in standing:
                standing[case] = Outcome(word)
    return standing, len(sent)


def _changed(before: Standing, records: list[OutcomeRecord]) -> int:
    """Count the cases of which an earlier file said another word than not visited."""
    return sum(
        not one.is_blank
        and before.get(one.case, Outcome.NOT_VISITED) not in (Outcome.NOT_VISITED, one.outcome)
        for one in records
    )


def _only_run(records: tuple[OutcomeRecord, ...]) -> str:
    runs = sorted({one.run for one in records if one.run})
    if len(runs) == 1:
        return runs[0]
    raise Misused(
        f"The file names {len(runs)} runs, and outcomes belong to one",
        where=", ".join(runs[:3]),
        remedy="Keep the column run as it was sent, or name the run with --run.",
    )


def _places(workspace: Workspace, record: RunRecord) -> Places:
    """Case to its route and its chance of a place, as the run's worklist had them."""
    content = (workspace.runs / record.run / "worklist.csv").read_text(encoding="utf-8-sig")
    return {
        row["case"].removeprefix("'"): (row["route"], row["inclusion_probability"])
        for row in csv.DictReader(io.StringIO(content))
    }


def _strangers(records: tuple[OutcomeRecord, ...], run: str, places: Places) -> list[RowProblem]:
    """Rows of another run, of cases that were not on the list, or given twice."""
    times = Counter(one.case for one in records)
    problems = []
    for one in records:
        if one.run and one.run != run:
            what, remedy = "the row belongs to another run", "Send it with the list it came from."
        elif one.case not in places:
            what, remedy = "the case was not on this list", "Keep the case ids as they were sent."
        elif times[one.case] > 1:
            what, remedy = "the case stands more than once", "Keep the one row that is right."
        else:
            continue
        problems.append(RowProblem(one.row, what, remedy))
    return problems


def _found(standing: Mapping[str, Outcome], places: Places, route: str) -> dict[str, Any]:
    """Of the visits that settled the question, the share found, with Wilson's 95 % interval."""
    here = [word for case, word in standing.items() if places[case][0] == route]
    settled = sum(outcome.positive or outcome.negative for outcome in here)
    found = sum(outcome.positive for outcome in here)
    return {
        "places": sum(kind == route for kind, _ in places.values()),
        "visited": sum(outcome.visited for outcome in here),
        "settled": settled,
        "found": found,
        "share_found": found / settled if settled else None,
        "interval": list(wilson(found, settled)) if settled else None,
    }


def _dataset(workspace: Workspace, record: RunRecord) -> Dataset:
    """Outcomes are of the class of the data that the list was made from."""
    stored = workspace.vault.latest(record.dataset).dataset
    ask_to_read(workspace, stored, "to take outcomes back")
    return Dataset(
        derived_name(record.dataset, "-outcomes"),
        stored.data_class,
        "",
        f"Outcomes of {record.run}",
    )


def _keep_notes(workspace: Workspace, record: RunRecord, records: list[OutcomeRecord]) -> None:
    """What officers wrote freely is personal data, whatever the list was made from."""
    noted = [one for one in records if one.note or one.unread]
    if not noted:
        return
    notes = Dataset(derived_name(record.dataset, "-outcome-notes"), DataClass.PERSONAL)
    columns = {
        "case": [one.case for one in noted],
        "note": [one.note for one in noted],
        "visited_on_as_written": [one.unread for one in noted],
    }
    with workspace.vault.deposit(notes, permit_to_load(notes)) as deposit:
        deposit.write("accepted", pa.RecordBatch.from_pydict(columns))
        deposit.commit({"run": record.run})


def _batch(records: list[OutcomeRecord], places: Places) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {
            "row": pa.array([one.row for one in records], pa.int64()),
            "queue": pa.array([one.queue for one in records], pa.string()),
            "case": pa.array([one.case for one in records], pa.string()),
            "outcome": pa.array([one.outcome.value for one in records], pa.string()),
            "is_blank": pa.array([one.is_blank for one in records], pa.bool_()),
            "visited_on": pa.array([one.visited_on for one in records], pa.date32()),
            "route": pa.array([places[one.case][0] for one in records], pa.string()),
            "inclusion_probability": pa.array(
                [float(places[one.case][1]) for one in records], pa.float64()
            ),
        }
    )


def _problem_batch(problems: list[RowProblem]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {
            "row": pa.array([one.row for one in problems], pa.int64()),
            "what": pa.array([one.what for one in problems], pa.string()),
            "remedy": pa.array([one.remedy for one in problems], pa.string()),
        }
    )
