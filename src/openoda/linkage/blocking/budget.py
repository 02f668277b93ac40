"""Which blocking rules a run can afford: pairs are counted before any is looked at."""

from dataclasses import dataclass, replace

from openoda.linkage.blocking.keys import block_numbers, pair_count
from openoda.linkage.comparing.encoding import Codes, Encoded
from openoda.linkage.spec.model import BlockingRule, Spec
from openoda.vocabulary.refusals import Misused

PAIRS_A_RECORD, FEWEST = 40, 5_000_000
MOST_PAIRS = 2_000_000_000


@dataclass(frozen=True)
class Fitted:
    """The spec with the rules that run, how many pairs each has, and those left out with theirs.

    A pair of several rules counts in each. `numbers`, shape (records, rules): the records' blocks.
    """

    spec: Spec
    pairs: tuple[int, ...]
    left_out: tuple[tuple[BlockingRule, int], ...]
    numbers: Codes


def fitted(records: Encoded, spec: Spec, sources: Codes | None = None) -> Fitted:
    """Keep the rules, in their order, whose pairs fit within forty a record (five million at least).

    So a spec may name wide rules after narrow ones: a small file is searched widely, and a large one
    as its size allows. Refuses (Misused) where the first rule by itself makes too many.
    """
    numbers = block_numbers(records, spec.blocking)
    most = max(FEWEST, PAIRS_A_RECORD * len(records))
    kept: list[tuple[BlockingRule, int]] = []
    places: list[int] = []
    left_out: list[tuple[BlockingRule, int]] = []
    total = 0
    for place, rule in enumerate(spec.blocking):
        pairs = pair_count(numbers[:, place], sources, spec.link_type)
        if pairs > MOST_PAIRS and not kept:
            raise _too_many(rule, pairs)
        fits = total + pairs <= most or not kept
        (kept if fits else left_out).append((rule, pairs))
        places += [place] if fits else []
        total += pairs if fits else 0
    return Fitted(
        replace(spec, blocking=tuple(rule for rule, _ in kept)),
        tuple(pairs for _, pairs in kept),
        tuple(left_out),
        numbers[:, places],
    )


def _too_many(rule: BlockingRule, pairs: int) -> Misused:
    return Misused(
        f"The blocking rule on {rule.name} alone makes {pairs:,} pairs",
        where=rule.name,
        remedy="Add a column, such as a postcode or a year of birth, or a narrower rule before it.",
    )
