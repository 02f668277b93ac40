"""A proposal of how a file is written and what its columns hold, each part with its evidence.

`propose` is the door. Nothing it finds is used until an analyst gives the schema file it writes.
"""

from openoda.data.intake.propose.columns import ColumnEvidence
from openoda.data.intake.propose.proposal import Proposal, propose

__all__ = ["ColumnEvidence", "Proposal", "propose"]
