"""How much of a delivery is held at once, and what is too much."""

from dataclasses import dataclass

from openoda.vocabulary.refusals import FileUnreadable, Misused

KIB, MIB, GIB = 1024, 1024 * 1024, 1024 * 1024 * 1024
FREE_OF_RATIO = 64 * MIB  # a small file that unpacks to less than this harms nobody


@dataclass(frozen=True)
class Limits:
    """Bounds on memory and on what a file may ask for; sizes in bytes.

    `block`: read at once. `record`: a longer record is quarantined. `raw`: how much of a quarantined
    record is kept. `columns`: a header with more is refused. `unique_values`: how many values one
    `unique` constraint may hold in memory (16 bytes each, at most half of the table filled).
    `field`: a longer value is flagged and left empty when typed. `unpacked` and `ratio`: a packed
    file (gzip, ZIP, workbook) that unpacks to more, or to more than `ratio` times its size, is
    refused. `members`: of an archive. `depth`: brackets within brackets in one JSON record.
    """

    block: int = 16 * MIB
    record: int = 4 * MIB
    raw: int = 64 * KIB
    columns: int = 16_384
    unique_values: int = 16_000_000
    field: int = MIB
    unpacked: int = 64 * GIB
    ratio: int = 250
    members: int = 10_000
    depth: int = 64

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

    def check_unpacked(self, packed: int, unpacked: int, where: str) -> None:
        """Refuse a packed file that has grown past what any honest file of its size would."""
        if unpacked > self.unpacked:
            self._refuse(f"The file unpacks to over {self.unpacked:,} bytes", where)
        if unpacked > FREE_OF_RATIO and unpacked > self.ratio * max(packed, 1):
            self._refuse(f"The file unpacks to over {self.ratio:,} times its size", where)

    @staticmethod
    def _refuse(what: str, where: str) -> None:
        raise FileUnreadable(
            what,
            where=where,
            remedy="Unpack it yourself, look at what it holds, and load that.",
        )
