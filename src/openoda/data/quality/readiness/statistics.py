"""A party's statistics: what it may share before anything else, and what the forecast is made from."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from openoda.data.quality.readiness.disclosure import FEWEST, STEP, disclosed
from openoda.data.quality.readiness.evidence import Evidence
from openoda.data.quality.readiness.fields import FIELDS, Prepared
from openoda.data.quality.readiness.forms import Forms, forms_of, from_new_year
from openoda.data.quality.readiness.gathering import Gathering, by_birth, gaps_of, gathering_of
from openoda.data.quality.readiness.homes import from_homes
from openoda.data.quality.readiness.name_order import from_name_order
from openoda.data.quality.readiness.patterns import Group, bands_of, groups_of
from openoda.data.quality.readiness.persistence import persistence_of
from openoda.data.quality.readiness.rare_names import from_rare_names, suspects_of
from openoda.data.quality.readiness.same_person import from_same_person
from openoda.standards.uk.checked import MISSING
from openoda.vocabulary.progress import Progress, Step, silent

FORMAT = "openoda-readiness-1"


@dataclass(frozen=True)
class FieldFacts:
    """One field: how many records it is usable in, and why not in others (code to count).

    `same_by_chance`: the chance that two records of the file, drawn at random, have the same value;
    None where fewer than ten pairs have.
    """

    usable: int | None
    unusable: dict[str, int | None]
    same_by_chance: float | None

    @property
    def missing(self) -> int:
        """How many values aren't there."""
        return self.unusable.get(MISSING) or 0


@dataclass(frozen=True)
class Statistics:
    """A party's file in counts (none under ten, all to the nearest five) and rates.

    `repeated`: records of somebody who is in the file already. `lasting`: the share of slips that two
    records of one person share. `year`: from when ages are seen.
    """

    rows: int
    fields: dict[str, FieldFacts]
    groups: tuple[Group, ...]
    evidence: tuple[Evidence, ...]
    gathering: Gathering
    forms: Forms
    repeated: int | None
    lasting: float
    year: int

    def as_json(self) -> dict[str, Any]:
        """What is shared."""
        return {
            "format": FORMAT,
            "fewest": FEWEST,
            "rounded_to": STEP,
            "rows": self.rows,
            "fields": {name: asdict(facts) for name, facts in self.fields.items()},
            "born": [group.as_json() for group in self.groups],
            "evidence": [one.as_json() for one in self.evidence],
            "gathering": self.gathering.as_json(),
            "forms": asdict(self.forms),
            "repeated": self.repeated,
            "lasting": self.lasting,
            "year": self.year,
        }


def statistics_of(prepared: Prepared, progress: Progress = silent) -> Statistics:
    """Measure a party's records."""
    progress(Step("Looking for slips in names", 0, 3))
    suspects = suspects_of(prepared)
    gathering = gathering_of(prepared, suspects)
    rates = gathering.relative()[gaps_of(prepared)]
    bands = bands_of(prepared)
    slips = by_birth(suspects, bands, rates)
    rates = rates * np.array(slips)[bands]
    progress(Step("Looking for slips within homes", 1, 3))
    evidence = from_rare_names(suspects) + from_homes(prepared, rates)
    evidence += from_new_year(prepared) + from_name_order(prepared)
    progress(Step("Looking for people who are in twice", 2, 3))
    same = from_same_person(prepared, rates)
    return Statistics(
        disclosed(prepared.rows) or 0,
        {name: _facts(prepared, name) for name in FIELDS if name in prepared.values},
        groups_of(prepared, slips),
        tuple(evidence + same.evidence),
        replace(gathering, changes=same.gathered),
        forms_of(prepared),
        disclosed(same.repeated),
        persistence_of(prepared, {name: one.near for name, one in suspects.items()}, same.pairs),
        (prepared.as_at or date.today()).year,
    )


def _facts(prepared: Prepared, name: str) -> FieldFacts:
    codes = prepared.codes(name)
    counts = np.bincount(codes[codes >= 0], minlength=1).astype(np.float64)
    usable = int(counts.sum())
    same = int((counts * (counts - 1)).sum()) // 2
    chance = same / (usable * (usable - 1) / 2) if same >= FEWEST else None
    return FieldFacts(
        disclosed(usable),
        {code: disclosed(many) for code, many in prepared.troubles[name].most_common()},
        None if chance is None else float(f"{chance:.2g}"),
    )
