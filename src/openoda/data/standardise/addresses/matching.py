"""Free-text addresses to UPRNs: parse, find candidates, learn, decide, say why."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openoda.data.standardise.addresses.deciding import (
    LEAST_PRECISION,
    LEAST_SHOWN,
    MATCHED,
    MOST_SHOWN,
    NOT_FOUND,
    STATUSES,
    Best,
    Threshold,
    choose_best,
    chosen_threshold,
    empty_best,
    statuses,
)
from openoda.data.standardise.addresses.evidence_model import Model
from openoda.data.standardise.addresses.gazetteer import Gazetteer, read_gazetteer
from openoda.data.standardise.addresses.labelled import labelled
from openoda.data.standardise.addresses.pairing import Comparison
from openoda.data.standardise.addresses.parts import parts_table
from openoda.data.standardise.addresses.reasons import reasons
from openoda.data.standardise.addresses.records import summarised
from openoda.data.standardise.addresses.tokens import join_columns
from openoda.data.standardise.addresses.vocabulary import Vocabulary
from openoda.vocabulary.progress import Progress, Step, silent

READING, LEARNING, COMPARING = (
    "Reading the gazetteer", "Learning what agreement means", "Comparing addresses",
)  # fmt: skip


@dataclass(frozen=True)
class Matches:
    """One row an address, and what the run chose.

    `table`: address, the parts of `PARTS`, uprn (null unless matched), probability (of the likeliest
    row), status, reasons, candidates (up to three UPRNs with their probabilities, for what is not
    settled). `counts`: addresses by status.
    """

    table: pa.Table
    threshold: Threshold
    model: Model
    layout: str
    gazetteer_rows: int
    counts: dict[str, int]


def match_addresses(
    columns: list[pa.Array],
    gazetteer: pa.Table,
    *,
    uprn: str = "",
    gazetteer_columns: list[str] | None = None,
    least_precision: float = LEAST_PRECISION,
    progress: Progress = silent,
) -> Matches:
    """Match addresses (one column of text or several) to the gazetteer's rows.

    Raises DataUnfit, Misused where the gazetteer's columns don't serve. The threshold is chosen by
    the run: see `deciding.chosen_threshold`.
    """
    progress(Step(READING))
    vocabulary = Vocabulary()
    known = read_gazetteer(gazetteer, vocabulary, uprn, gazetteer_columns)
    line = join_columns(columns)
    addresses = labelled(line, vocabulary)
    best, model = _compared(
        Comparison(summarised(addresses, vocabulary), summarised(known.addresses, vocabulary),
                   vocabulary), progress,
    )  # fmt: skip
    threshold = chosen_threshold(best, least_precision)
    status = statuses(best, threshold)
    table = _result(line, parts_table(addresses, vocabulary), known, best, status)
    counts = {name: int((status == code).sum()) for code, name in enumerate(STATUSES)}
    return Matches(table, threshold, model, known.layout, len(known.addresses), counts)


def _compared(comparison: Comparison, progress: Progress) -> tuple[Best, Model]:
    rows = len(comparison.addresses)
    progress(Step(LEARNING))
    model = comparison.learned_model()
    best = empty_best(rows)
    for bounds, pairs in comparison.pieces():
        choose_best(model, pairs, best)
        progress(Step(COMPARING, bounds[1], rows))
    return best, model


def _result(
    line: pa.StringArray,
    parts: pa.Table,
    known: Gazetteer,
    best: Best,
    status: npt.NDArray[np.int8],
) -> pa.Table:
    matched = status == MATCHED
    uprn = known.uprn.take(pa.array(np.where(matched, best.row, 0), mask=~matched))
    table = parts.add_column(0, "address", line)
    for name, column in (
        ("uprn", uprn),
        ("probability", pa.array(np.round(best.probability, 4), mask=best.row < 0)),
        ("status", _named_statuses(status)),
        ("reasons", reasons(best, status)),
        ("candidates", _candidates(known, best, status)),
    ):
        table = table.append_column(name, column)
    return table


def _named_statuses(status: npt.NDArray[np.int8]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(status, pa.int8()), pa.array(STATUSES))


def _candidates(known: Gazetteer, best: Best, status: npt.NDArray[np.int8]) -> pa.StringArray:
    """UPRNs with their probabilities (100012 0.48, 100013 0.47) where a row isn't settled."""
    shown: list[str | None] = [None] * len(status)
    for at in np.flatnonzero((status != MATCHED) & (best.row >= 0)):
        kept = [
            f"{known.uprn[int(best.rows[at, place])]} {best.probabilities[at, place]:.2f}"
            for place in range(MOST_SHOWN)
            if best.rows[at, place] >= 0 and best.probabilities[at, place] >= LEAST_SHOWN
        ]
        shown[at] = ", ".join(kept) or None
    return pa.array(shown, pa.string())


__all__ = ["NOT_FOUND", "Matches", "match_addresses"]
