"""What a check says when it finds something: the code, what it means, and what to do."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Caution:
    """A warning for the manager of a list. `evidence` holds the figures behind it, by name."""

    code: str
    text: str
    remedy: str
    evidence: dict[str, object] = field(default_factory=dict)
