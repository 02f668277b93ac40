"""Evidence of error that one file gives by itself: so many trials, so many errors."""

from dataclasses import asdict, dataclass
from typing import Any

from openoda.data.quality.readiness.disclosure import disclosed

SLIP, OTHER, ANY = "slip", "other", "any"


@dataclass(frozen=True)
class Evidence:
    """What was seen of one field's errors in one way.

    `part`: slips of the hand, other differences (changes, variants), or any. Each of the `trials` looked
    at `each` values at once (1, or 2 that should be the same) and found `errors` of them wrong; None
    where fewer than ten. `relative`: the error rate to be expected of the records looked at, by their
    gaps, relative to the file's.
    """

    field: str
    kind: str
    part: str
    trials: int
    errors: int | None
    each: int
    relative: float = 1.0

    def as_json(self) -> dict[str, Any]:
        """The evidence as it is shared."""
        return asdict(self)


def seen(
    field: str,
    kind: str,
    part: str,
    trials: float,
    errors: float,
    each: int,
    relative: float = 1.0,
) -> list[Evidence]:
    """The evidence, counts fit to be shared, in a list; none where there were under ten trials."""
    told = disclosed(round(trials))
    if told is None:
        return []
    wrong = disclosed(round(max(errors, 0.0)))
    return [Evidence(field, kind, part, told, wrong, each, round(relative, 2))]
