"""How a figure came about. Never shown without its label."""

from enum import StrEnum


class Label(StrEnum):
    """Measured in the field, simulated on past data, or projected by arithmetic."""

    MEASURED = "measured"
    SIMULATED = "simulated"
    PROJECTED = "projected"
