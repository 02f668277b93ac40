"""Taking the filled worklist back: what officers found, held against the run that sent them."""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from openoda.custody.workspace import Workspace
from openoda.data.outcomes import OutcomeRecord, RowProblem, read_outcomes
from openoda.governance.permits import permit_to_load
from openoda.office.asking import ask_to_read
from openoda.office.record import RunRecord, read_record, run_folder
from openoda.opportunities.calibration import wilson
from openoda.vocabulary.datasets import DataClass, Dataset
from openoda.vocabulary.outcomes import Outcome
from openoda.vocabulary.refusals import Misused

ROUTES = ("ranked", "lottery")


@dataclass(frozen=True)
class OutcomesTaken:
    """What a filled worklist says of its run. Shares are of visits that settled the question."""

    run: str
    rows_in: int
    problems: tuple[RowProblem, ...]
    outcomes: dict[str, int]
    routes: dict[str, dict[str, Any]]
    snapshot: str
    replaces: str | None
    absent: int

    @property
    def accepted(self) -> int:
        """Rows taken: rows in less problems."""
        return self.rows_in - len(self.problems)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "run": self.run,
            "rows_in": self.rows_in,
            "accepted": self.accepted,
            "quarantined": len(self.problems),
            "problems": [{"row": p.row, "what": p.what, "remedy": p.remedy} for p in self.problems],
            "outcomes": self.outcomes,
            "routes": self.routes,
            "snapshot": self.snapshot,
            "replaces": self.replaces,
            "absent": self.absent,
        }


def take_outcomes(workspace: Workspace, file: Path, run: str | None = None) -> OutcomesTaken:
    """Read a filled worklist, check it against its run, store it, and say what was found.

    A row without an outcome was not visited, and that never counts as negative. Where a run's list
    comes back again, the newest counts; what came before is kept.
    """
    read = read_outcomes(file)
    name = run or _only_run(read.records)
    record = read_record(run_folder(workspace, name))
    places = _places(workspace, record)
    problems = [*read.problems, *_strangers(read.records, name, places)]
    bad = {problem.row for problem in problems}
    records = [one for one in read.records if one.row not in bad]
    dataset = _dataset(workspace, record)
    before = [s for s in workspace.vault.snapshots(dataset.name) if s.details.get("run") == name]
    with workspace.vault.deposit(dataset, permit_to_load(dataset)) as deposit:
        deposit.write("accepted", _batch(records, places))
        deposit.write("quarantined", _problem_batch(problems))
        snapshot = deposit.commit({"run": name, "rows_in": read.rows})
    _keep_notes(workspace, record, records)
    return OutcomesTaken(
        run=name,
        rows_in=read.rows,
        problems=tuple(sorted(problems, key=lambda problem: problem.row)),
        outcomes={word.value: sum(one.outcome is word for one in records) for word in Outcome},
        routes={route: _found(records, places, route) for route in ROUTES},
        snapshot=snapshot.id,
        replaces=before[-1].id if before else None,
        absent=len(places) - len({one.case for one in records}),
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


def _places(workspace: Workspace, record: RunRecord) -> dict[str, tuple[str, str]]:
    """Case to its route and its chance of a place, as the run's worklist had them."""
    content = (workspace.runs / record.run / "worklist.csv").read_text(encoding="utf-8-sig")
    return {
        row["case"].removeprefix("'"): (row["route"], row["inclusion_probability"])
        for row in csv.DictReader(io.StringIO(content))
    }


def _strangers(
    records: tuple[OutcomeRecord, ...], run: str, places: dict[str, tuple[str, str]]
) -> list[RowProblem]:
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


def _found(
    records: list[OutcomeRecord], places: dict[str, tuple[str, str]], route: str
) -> dict[str, Any]:
    """Of the visits that settled the question, the share found, with Wilson's 95 % interval."""
    here = [one.outcome for one in records if places[one.case][0] == route]
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
    return Dataset(f"{record.dataset}-outcomes", stored.data_class, "", f"Outcomes of {record.run}")


def _keep_notes(workspace: Workspace, record: RunRecord, records: list[OutcomeRecord]) -> None:
    """What officers wrote freely is personal data, whatever the list was made from."""
    noted = [one for one in records if one.note]
    if not noted:
        return
    notes = Dataset(f"{record.dataset}-outcome-notes", DataClass.PERSONAL)
    with workspace.vault.deposit(notes, permit_to_load(notes)) as deposit:
        columns = {"case": [one.case for one in noted], "note": [one.note for one in noted]}
        deposit.write("accepted", pa.RecordBatch.from_pydict(columns))
        deposit.commit({"run": record.run})


def _batch(records: list[OutcomeRecord], places: dict[str, tuple[str, str]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {
            "row": pa.array([one.row for one in records], pa.int64()),
            "queue": pa.array([one.queue for one in records], pa.string()),
            "case": pa.array([one.case for one in records], pa.string()),
            "outcome": pa.array([one.outcome.value for one in records], pa.string()),
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
