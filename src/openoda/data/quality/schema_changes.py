"""How the columns of a delivery differ from those of the last one: by name, order and type.

Nothing is read but names and types, so it may be asked of personal data too. A renamed column is a
suspicion, never a certainty: one that is missing and one that is new, alike in name or in the same
place with the same type.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher

ALIKE = 0.75
"""Names of at least this likeness (0 to 1; Ratcliff and Obershelp, in Python's difflib) may be one
column renamed, capitals and punctuation aside."""
ALIKE_IN_PLACE = 0.5
"""The same for two columns in the same place of their files."""

Shape = tuple[tuple[str, str], ...]
"""A delivery's columns in their order, each with its type (empty where nothing says one)."""


@dataclass(frozen=True)
class SchemaDiff:
    """What differs. `renamed` pairs are among neither `missing` nor `added`.

    `reordered` holds today's order where the columns both have are in another one, else nothing.
    `retyped`: name, type before, type now.
    """

    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    reordered: tuple[str, ...] = ()
    retyped: tuple[tuple[str, str, str], ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return self == SchemaDiff()

    @property
    def lines(self) -> tuple[str, ...]:
        """The differences in words, one a line."""
        found = [f"missing: {name}" for name in self.missing]
        found += [f"new: {name}" for name in self.added]
        found += [f"renamed? {old} → {new}" for old, new in self.renamed]
        found += [
            f"type of {name}: {old or 'none'} → {new or 'none'}" for name, old, new in self.retyped
        ]
        if self.reordered:
            found.append(f"order: {', '.join(self.reordered)}")
        return tuple(found)

    def as_json(self) -> dict[str, object]:
        """The differences as plain lists."""
        return {
            "missing": list(self.missing),
            "added": list(self.added),
            "renamed": [list(pair) for pair in self.renamed],
            "reordered": list(self.reordered),
            "retyped": [list(each) for each in self.retyped],
        }


def schema_changes(before: Shape, now: Shape) -> SchemaDiff:
    """What differs between the columns of the last delivery and those of this one."""
    old, new = dict(before), dict(now)
    gone = [name for name in old if name not in new]
    come = [name for name in new if name not in old]
    renamed = _renamed(gone, come, list(old), list(new))
    both = [name for name in old if name in new]
    kept = [name for name in new if name in old]
    return SchemaDiff(
        missing=tuple(name for name in gone if name not in dict(renamed)),
        added=tuple(name for name in come if name not in dict(renamed).values()),
        renamed=renamed,
        reordered=tuple(kept) if both != kept else (),
        retyped=tuple((name, old[name], new[name]) for name in kept if old[name] != new[name]),
    )


def _renamed(
    gone: list[str], come: list[str], old: list[str], new: list[str]
) -> tuple[tuple[str, str], ...]:
    """Pairs of a missing and a new column that may be one, the likeliest pairs first taken."""
    scored = []
    for a in gone:
        for b in come:
            likeness = SequenceMatcher(None, _bare(a), _bare(b)).ratio()
            in_place = old.index(a) == new.index(b)
            if likeness >= (ALIKE_IN_PLACE if in_place else ALIKE):
                scored.append((likeness + in_place, a, b))
    pairs: dict[str, str] = {}
    for _, a, b in sorted(scored, key=lambda each: -each[0]):
        if a not in pairs and b not in pairs.values():
            pairs[a] = b
    return tuple((name, pairs[name]) for name in gone if name in pairs)


def _bare(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())
