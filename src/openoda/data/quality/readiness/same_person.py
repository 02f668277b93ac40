"""People who are in the file twice: how often two records of one person differ, field by field.

This is the only evidence in one file of what changes between two visits to a desk: moves, married
names, nicknames, days and months swapped. Two records are taken for one person's by fields other than
the one that is judged.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from openoda.data.quality.readiness.disclosure import FEWEST
from openoda.data.quality.readiness.evidence import ANY, OTHER, SLIP, Evidence, seen
from openoda.data.quality.readiness.fields import FIELDS, NAMES, Array, Mask, Prepared
from openoda.data.quality.readiness.hurry import Seen, share_gathered
from openoda.data.quality.readiness.name_order import crossed
from openoda.data.quality.readiness.near import one_slip
from openoda.data.quality.readiness.pairing import Pairs, sharing, together
from openoda.data.quality.readiness.spelling import spelled_alike
from openoda.standards.uk.nicknames import formal_names

KIND, SHARED = "same-person", "shared-number"
IDENTIFIERS = ("nhs_number", "nino")
_PLACE = ("postcode", "uprn")
KNOWN_BY = (
    ("nhs_number",), ("nino",),
    ("forename", "surname", "date_of_birth"),
    ("surname", "date_of_birth", "postcode"), ("forename", "date_of_birth", "postcode"),
    ("surname", "date_of_birth", "uprn"), ("forename", "date_of_birth", "uprn"),
    ("surname", "date_of_birth", "phone"), ("forename", "date_of_birth", "phone"),
    ("surname", "date_of_birth", "email"), ("forename", "date_of_birth", "email"),
    ("forename", "surname", "postcode"), ("forename", "surname", "uprn"),
    ("forename", "surname", "phone"), ("forename", "surname", "email"),
)  # fmt: skip
"""What two records of one person share. Twins, and a father and son of one name, are told apart by
forename and birth; where births aren't known, a name at a home or on a telephone isn't enough."""


@dataclass(frozen=True)
class SamePerson:
    """The evidence, the pairs of records that are one person's, and `hurry.share_gathered` of them."""

    evidence: list[Evidence]
    pairs: Pairs
    gathered: float

    @property
    def repeated(self) -> int:
        """How many records are of somebody who is in the file already."""
        return len(np.unique(self.pairs[1]))


def from_same_person(prepared: Prepared, rates: Array) -> SamePerson:
    """Compare each field over the pairs of records that other fields take for one person's.

    `rates`: each record's relative error rate by its gaps, shape (rows,).
    """
    compared = {
        name: _compared(name, prepared, rates) for name in FIELDS if name in prepared.values
    }
    gathered = share_gathered([one.changes for one in compared.values()])
    evidence: list[Evidence] = []
    for name, one in compared.items():
        evidence += _of(name, one, gathered)
    for name in IDENTIFIERS:
        if name in prepared.values:
            evidence += _shared_numbers(name, prepared)
    found = [_known_by(prepared, fields, "") for fields in KNOWN_BY]
    return SamePerson(evidence, together(found, prepared.rows), gathered)


@dataclass(frozen=True)
class _Compared:
    """One field over pairs of one person's records, shape (pairs,) each.

    `relative`: the rate of slips to be expected; `near`, `far`: a slip apart, and further apart.
    """

    relative: Array
    near: Mask
    far: Mask

    @property
    def changes(self) -> Seen:
        """What tells whether changes gather."""
        return self.relative, self.far


def _compared(name: str, prepared: Prepared, rates: Array) -> _Compared:
    first, second = _known_without(name, prepared)
    usable = prepared.usable(name)
    asked = usable[first] & usable[second]
    if name in NAMES:  # swapped names are counted by `name_order`
        asked &= ~crossed(prepared, first, second)
    first, second = first[asked], second[asked]
    codes, texts = prepared.codes(name), prepared.values[name]
    differ = codes[first] != codes[second]
    left = texts.take(first[differ]).to_pylist()
    right = texts.take(second[differ]).to_pylist()
    near = differ.copy()
    near[differ] = [one_slip(x, y) for x, y in zip(left, right, strict=True)]
    return _Compared((rates[first] + rates[second]) / 2, near, differ & ~near)


def _of(name: str, one: _Compared, gathered: float) -> list[Evidence]:
    """The evidence of one field; of changes relative to what they are where records have fewer gaps."""
    trials, near, far = len(one.near), int(one.near.sum()), int(one.far.sum())
    relative = float(one.relative.mean()) if trials else 1.0
    if name == "date_of_birth":
        return seen(name, KIND, ANY, trials, near + far, 2, relative)
    if max(near, far) < FEWEST and name not in _PLACE:  # neither could be told, their sum perhaps
        return seen(name, KIND, ANY, trials, near + far, 2, relative)
    slips = seen(name, KIND, SLIP, trials, near, 2, relative)
    return slips + seen(name, KIND, OTHER, trials, far, 2, 1 - gathered + gathered * relative)


def _shared_numbers(name: str, prepared: Prepared) -> list[Evidence]:
    """Numbers that two people share, of another forename and another birth: one of the two is wrong."""
    pairs = sharing(prepared, (name,))
    shared = len(pairs[0]) - len(_one_person(prepared, pairs, "")[0])
    return seen(name, SHARED, OTHER, int(prepared.usable(name).sum()), shared, 1)


def _known_without(name: str, prepared: Prepared) -> Pairs:
    """Pairs of one person's records by rules without this field (nor, for a place, another place)."""
    without = set(_PLACE) if name in _PLACE else {name}
    found = [_known_by(prepared, fields, name) for fields in KNOWN_BY if not without & set(fields)]
    return together(found, prepared.rows)


def _known_by(prepared: Prepared, fields: Sequence[str], judged: str) -> Pairs:
    """Pairs that share these fields, without those that are likely two people's."""
    pairs = _uncontradicted(prepared, sharing(prepared, fields), judged)
    if set(fields) <= set(IDENTIFIERS):
        return _one_person(prepared, pairs, judged)
    for name in set(_ALIKE) - set(fields):
        pairs = _likely(name, prepared, pairs)
    if "date_of_birth" not in fields:
        usable = prepared.usable("date_of_birth")
        both = usable[pairs[0]] & usable[pairs[1]]
        pairs = pairs[0][both], pairs[1][both]
    return pairs


def _one_person(prepared: Prepared, pairs: Pairs, judged: str) -> Pairs:
    """Of pairs that share a number, those that are alike in forename or birth, the one judged apart.

    A mother's number on her child's record is an error of the number, not of all else.
    """
    asked = [name for name in _ALIKE if name in prepared.values and name != judged]
    keep = np.zeros(len(pairs[0]), dtype=bool)
    for name in asked or [name for name in _ALIKE if name in prepared.values]:
        usable = prepared.usable(name)
        there = usable[pairs[0]] & usable[pairs[1]]
        keep |= there & _all_alike(prepared, name, pairs, _ALIKE[name])
    return pairs[0][keep], pairs[1][keep]


def _uncontradicted(prepared: Prepared, pairs: Pairs, judged: str) -> Pairs:
    """Leave out pairs whose NHS numbers or NINOs are both sound and differ: they are two people's."""
    keep = np.ones(len(pairs[0]), dtype=bool)
    for name in set(IDENTIFIERS) - {judged}:
        if name in prepared.values:
            codes = prepared.codes(name)
            x, y = codes[pairs[0]], codes[pairs[1]]
            keep &= (x < 0) | (y < 0) | (x == y)
    return pairs[0][keep], pairs[1][keep]


def _likely(name: str, prepared: Prepared, pairs: Pairs) -> Pairs:
    """Leave out twins (another forename altogether) and namesakes at home (another birth altogether)."""
    if name not in prepared.values:
        return pairs
    keep = _all_alike(prepared, name, pairs, _ALIKE[name])
    return pairs[0][keep], pairs[1][keep]


def _all_alike(
    prepared: Prepared, name: str, pairs: Pairs, alike: Callable[[str, str], bool]
) -> Mask:
    codes, texts = prepared.codes(name), prepared.values[name]
    x, y = codes[pairs[0]], codes[pairs[1]]
    keep: Mask = (x == y) | (x < 0) | (y < 0)
    asked = np.flatnonzero(~keep)
    left = texts.take(pairs[0][asked]).to_pylist()
    right = texts.take(pairs[1][asked]).to_pylist()
    keep[asked] = [alike(a, b) for a, b in zip(left, right, strict=True)]
    return keep


def forenames_alike(first: str, second: str) -> bool:
    """Whether two forenames may be one person's: a slip apart, spelled by ear, short, or a beginning."""
    short, long = sorted((first, second), key=len)
    return (
        one_slip(first, second)
        or spelled_alike(first, second)
        or long.startswith(short)
        or bool({first, *formal_names(first)} & {second, *formal_names(second)})
    )


def births_alike(first: str, second: str) -> bool:
    """Whether two dates (YYYY-MM-DD) may be one birth: two parts the same, a slip, or parts swapped."""
    x, y = first.split("-"), second.split("-")
    same = sum(a == b for a, b in zip(x, y, strict=True))
    return same >= 2 or one_slip(first, second) or (x[0] == y[0] and x[1:] == y[:0:-1])


_ALIKE: dict[str, Callable[[str, str], bool]] = {
    "forename": forenames_alike,
    "date_of_birth": births_alike,
}
