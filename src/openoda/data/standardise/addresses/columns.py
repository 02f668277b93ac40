"""Columns of free-text addresses, by the rule of `standards.uk.address`, their BS 7666 parts beside."""

import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.standardise import address_kernel
from openoda.data.standardise.addresses.parts import PARTS, parse_addresses
from openoda.data.standardise.columns import Remembered, Standardised, by_kernel
from openoda.data.standardise.identifiers import Standardiser
from openoda.standards.uk import address


def addresses() -> Standardiser:
    """Addresses on one line each, with the columns of `PARTS`; the parts of a sound address only."""
    rule = Remembered(address.check)

    def standardised(column: pa.StringArray) -> Standardised:
        found = by_kernel(column, address_kernel.addresses, rule)
        sound = pc.if_else(pc.is_null(found.values), pa.scalar(None, pa.string()), column)
        parsed = parse_addresses([sound])
        parts = {name: parsed[name].combine_chunks() for name in PARTS}
        return Standardised(found.values, found.problems, parts)

    return standardised
