"""The linking fields, and records made ready to compare on them.

Both parties make their values comparable by the same rules (`standards.uk`), so what is left to differ
is what is known, not how it is written.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from openoda.vocabulary.refusals import Misused

FIELDS = (
    "forename", "surname", "date_of_birth", "postcode", "uprn",
    "nhs_number", "nino", "phone", "email",
)  # fmt: skip
"""What records can be linked on, in the order of the bits of a pattern."""
WHOLE_NAME, ADDRESS = "name", "address"
"""Mapped beside them: a whole name gives two fields; an address only shows who shares a home."""
MAPPED = (*FIELDS, WHOLE_NAME, ADDRESS)
NAMES = ("forename", "surname")

Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Prepared:
    """Records ready to compare: of each field canonical text, shape (rows,), null where not usable.

    `troubles`: of each field, why values aren't usable, by the problem's code. `lengths`: of the two
    names, how many are how long as written. `compound`: records whose surname has several parts, shape
    (rows,). `house`: the numbers in the address as text, shape (rows,), null where there are none.
    `as_at`: the day from which ages are seen.
    """

    rows: int
    values: dict[str, pa.Array]
    troubles: dict[str, Counter[str]] = field(default_factory=dict)
    lengths: dict[str, Counter[int]] = field(default_factory=dict)
    compound: Mask | None = None
    house: pa.Array | None = None
    as_at: date | None = None

    def usable(self, name: str) -> Mask:
        """Which records, shape (rows,), have a usable value of this field."""
        if name not in self.values:
            return np.zeros(self.rows, dtype=bool)
        return np.asarray(pc.is_valid(self.values[name]).to_numpy(zero_copy_only=False))

    def codes(self, name: str) -> Codes:
        """A number for each distinct value of a field, shape (rows,); −1 where not usable."""
        return codes_of(self.values[name])


def parse_mapping(given: Iterable[str]) -> dict[str, str]:
    """FIELD=COLUMN pairs. Refuses (Misused) another field, one given twice, names given twice over."""
    found: dict[str, str] = {}
    for pair in given:
        name, _, column = pair.partition("=")
        if name not in MAPPED or not column or name in found:
            raise Misused(
                "It isn't FIELD=COLUMN, names no linking field, or names one twice",
                where=f"--map {pair}",
                remedy=f"The fields are {', '.join(MAPPED)}; write --map surname=last_name.",
            )
        found[name] = column
    if not set(found) - {ADDRESS} or (WHOLE_NAME in found and set(NAMES) & set(found)):
        raise Misused(
            "No linking field is named, or whole names beside their parts",
            where="--map",
            remedy="Write --map FIELD=COLUMN for each; either name, or forename and surname.",
        )
    return found


def codes_of(values: pa.Array) -> Codes:
    """A number for each distinct value, shape (n,); −1 where null."""
    encoded = values.dictionary_encode()
    return np.asarray(pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False), np.int64)
