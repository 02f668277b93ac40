"""The checks that nothing was lost: counts of one stage held against those of another."""

from dataclasses import dataclass

from openoda.data.intake.batch import Batch
from openoda.data.intake.splitter import LineCount, Splitter
from openoda.vocabulary.refusals import FileUnreadable


@dataclass
class Counts:
    """Rows handed over so far, and the bytes of those quarantined."""

    accepted: int = 0
    quarantined: int = 0
    flags: int = 0

    def add(self, batch: Batch) -> None:
        """Count one batch."""
        self.accepted += batch.accepted.num_rows
        self.quarantined += batch.quarantined.num_rows
        self.flags += batch.flags.num_rows


def require_balance(
    counts: Counts, splitter: Splitter, counter: LineCount, length: int, where: str
) -> None:
    """Refuse a delivery of which any record, line or byte is unaccounted for.

    Every record the splitter cut is accepted or quarantined; its spans follow one another and end
    where the text ends, and where the unpacked file does (`length`); and their lines are as many as
    the line ends counted without it.
    """
    handed = counts.accepted + counts.quarantined
    faults = [
        f"{name}: {found:,} of {expected:,}"
        for name, found, expected in (
            ("records", handed, splitter.records),
            ("bytes", splitter.position, counter.length),
            ("lines", splitter.line - 1, counter.lines),
            ("bytes of the file", splitter.in_file, length),
        )
        if found != expected
    ]
    if faults:
        raise FileUnreadable(
            "The counts of this file don't add up (" + "; ".join(faults) + "), so none is given",
            where=where,
            remedy="This is a fault in OpenODA: please report it with the smallest file that "
            "shows it.",
        )
