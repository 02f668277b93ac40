"""How much of a delivery is held at once, and what is too much."""

from dataclasses import dataclass

from openoda.vocabulary.refusals import Misused

KIB, MIB = 1024, 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds on memory and on what a file may ask for; all in bytes but the last two.

    `block`: read at once. `record`: a longer record is quarantined. `raw`: how much of a quarantined
    record is kept. `columns`: a header with more is refused. `unique_values`: how many values one
    `unique` constraint may hold in memory (16 bytes each, at most half of the table filled).
    """

    block: int = 16 * MIB
    record: int = 4 * MIB
    raw: int = 64 * KIB
    columns: int = 16_384
    unique_values: int = 16_000_000

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value < 1:
                raise Misused(
                    f"The limit {name} is {value}", remedy="Give a whole number from 1 upwards."
                )
        if self.raw > self.record:
            raise Misused("More raw bytes than a record may have", remedy="Lower the limit raw.")
        if self.block > 512 * MIB or self.record > 512 * MIB:
            raise Misused("A block or record over 512 MiB", remedy="Give a smaller limit.")
