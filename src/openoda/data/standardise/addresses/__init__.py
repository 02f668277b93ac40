"""Free-text British addresses: to the parts of BS 7666, and to UPRNs against a supplied gazetteer.

`parse_addresses` and `match_addresses` are the doors.
"""

from openoda.data.standardise.addresses.deciding import Threshold
from openoda.data.standardise.addresses.layouts import address_lines
from openoda.data.standardise.addresses.matching import Matches, match_addresses
from openoda.data.standardise.addresses.parts import PARTS, parse_addresses

__all__ = [
    "PARTS",
    "Matches",
    "Threshold",
    "address_lines",
    "match_addresses",
    "parse_addresses",
]
