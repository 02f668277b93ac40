"""One column measured: what is shown of it, what was found, and its part of each row's fingerprint."""

from dataclasses import dataclass

from openoda.data.quality.columns import ColumnProfile
from openoda.data.quality.findings import Finding
from openoda.data.quality.fingerprints import Prints


@dataclass(frozen=True)
class Measured:
    """`prints` and `loose`, shape (rows,): fingerprints of the values, and of them normalised."""

    profile: ColumnProfile
    findings: tuple[Finding, ...]
    prints: Prints
    loose: Prints
