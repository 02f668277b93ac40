"""One linkage from table to clusters: worked-out columns, pairs, training, weights, threshold."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from openoda.linkage.blocking.budget import Fitted, fitted
from openoda.linkage.choosing import Chosen, chosen_threshold, expected_at
from openoda.linkage.clustering.averaging import averaged
from openoda.linkage.clustering.links import Links
from openoda.linkage.comparing.encoding import Codes, Encoded, encoded
from openoda.linkage.pairing import Pairing, Pairs, joined
from openoda.linkage.preparing import with_worked_out
from openoda.linkage.scoring import Scorer, Weights
from openoda.linkage.spec.conditions import columns_in
from openoda.linkage.spec.model import Spec
from openoda.linkage.training.expectation import Trained, counted, trained
from openoda.vocabulary.progress import Progress, Step, silent


@dataclass(frozen=True)
class Linked:
    """What a linkage found.

    `spec`: with the m, u and prior that it used. `pairs`, `weights`: every candidate pair, and its
    match weight; the records' places are those of the table. `clusters`, shape (records,): each one's,
    by its first record. `training`: None where the spec came trained. `seconds`: by stage.
    """

    spec: Spec
    pairs: Pairs
    weights: Weights
    clusters: Codes
    chosen: Chosen
    fitted: Fitted
    training: Trained | None
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def links(self) -> Links:
        """All candidate pairs with their weights."""
        return Links.of(self.pairs, self.weights)

    @property
    def taken(self) -> Links:
        """The pairs at or above the threshold."""
        at = np.flatnonzero(self.weights >= self.chosen.weight)
        return Links(self.pairs.lefts[at], self.pairs.rights[at], self.weights[at])


@dataclass
class Clock:
    """Seconds by stage, and the progress that is shown."""

    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, shown: str = "") -> Iterator[None]:
        """Time what is done under `name`, and show it."""
        if shown:
            self.progress(Step(shown))
        begin = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - begin


def link(
    table: pa.Table,
    spec: Spec,
    sources: Codes | None = None,
    threshold: float | None = None,
    seed: int = 1,
    progress: Progress = silent,
) -> Linked:
    """Link a table's records.

    `table`: the spec's own columns by its names, records in the order of their ids (within their
    source). `sources`, shape (records,): the number of each record's source, rising. Trains where
    the spec has no prior. Refuses (Misused) blocking rules that make too many pairs.
    """
    clock = Clock(progress)
    with clock.stage("prepare", "Putting the columns in order"):
        records = _encoded(with_worked_out(table, spec), spec)
    with clock.stage("block", "Counting pairs"):
        fit = fitted(records, spec, sources)
        pairing = Pairing(records, fit.spec, sources, fit.numbers)
    with clock.stage("compare", "Comparing pairs"):
        pairs = joined(list(_all_pairs(pairing, fit, progress)))
    training = None
    if fit.spec.prior is None:
        with clock.stage("train", "Learning from the pairs"):
            training = trained(pairing, counted(pairs.signs), seed)
    model = training.spec if training else fit.spec
    with clock.stage("score", "Weighing the pairs"):
        weights = Scorer(model, records).weights(pairs)
        matches = (model.prior or 0.0) * pairing.pairs_in_all
        chosen = (
            chosen_threshold(weights, matches)
            if threshold is None
            else expected_at(weights, matches, threshold)
        )
    with clock.stage("cluster", "Putting records together"):
        clusters = averaged(len(records), Links.of(pairs, weights), chosen.weight)
    return Linked(model, pairs, weights, clusters, chosen, fit, training, clock.seconds)


def _all_pairs(pairing: Pairing, fit: Fitted, progress: Progress) -> Iterator[Pairs]:
    done = 0
    for rule, counted_pairs in enumerate(fit.pairs):
        yield from pairing.pairs(rule)
        done += counted_pairs
        progress(Step("Comparing pairs", done, sum(fit.pairs)))


def _encoded(table: pa.Table, spec: Spec) -> Encoded:
    """The columns that rules and comparisons look at; those set side by side share their entries."""
    together = [
        frozenset(pair)
        for comparison in spec.comparisons
        for level in comparison.levels
        for pair in columns_in(level.when)
        if pair[0] != pair[1]
    ]
    return encoded(table.select(list(spec.used())), together)
