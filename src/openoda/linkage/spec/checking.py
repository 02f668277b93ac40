"""What is wrong with a spec that has the right shape: names, order of levels, types, circles."""

from collections.abc import Collection, Iterable, Iterator

from openoda.linkage.spec.conditions import (
    Alike,
    Condition,
    Every,
    Exact,
    Measure,
    Missing,
    Neither,
    Otherwise,
    Some,
)
from openoda.linkage.spec.faults import Fault
from openoda.linkage.spec.keys import READ_AS
from openoda.linkage.spec.locating import KeyPath
from openoda.linkage.spec.model import Comparison, Level, Reads, Spec
from openoda.linkage.spec.naming import folded, nearest

UNREAD = Every(())
"""A test that couldn't be read: its fault is known already, and nothing follows from it."""
_MOST_TOGETHER = 1.01


def faults_of(
    spec: Spec, derivations: Collection[str], untyped: Collection[str] = ()
) -> list[Fault]:
    """Every fault of meaning, by its place in the file.

    `derivations`: the names that there are. `untyped`: columns of which it isn't known what they are
    read as, so that no fault of type follows.
    """
    return [
        *_faults_of_columns(spec),
        *_faults_of_derived(spec, derivations),
        *_faults_of_uses(spec, untyped),
        *_repeated((each.name for each in spec.comparisons), "compare"),
        *(
            fault
            for place, each in enumerate(spec.comparisons)
            for fault in _faults_of_levels(each, ("compare", place, "levels"))
        ),
    ]


def single_tests(condition: Condition, path: KeyPath) -> Iterator[tuple[KeyPath, Condition]]:
    """The single tests of a condition, each with its place in the file."""
    match condition:
        case Every(of) | Some(of):
            word = "all" if isinstance(condition, Every) else "any"
            for place, part in enumerate(of):
                yield from single_tests(part, (*path, word, place))
        case Neither(of):
            yield from single_tests(of, (*path, "not"))
        case _:
            yield path, condition


def _faults_of_columns(spec: Spec) -> Iterator[Fault]:
    """Two columns of a name, or two that a file may call the same."""
    yield from _repeated((each.name for each in spec.columns), "columns")
    owners = {folded(each.name): each.name for each in reversed(spec.columns)}
    for place, column in enumerate(spec.columns):
        for at, alias in enumerate(column.aliases):
            owner = owners.setdefault(folded(alias), column.name)
            if owner != column.name:
                yield Fault(
                    ("columns", place, "aliases", at),
                    f'"{alias}" is what {owner} is called',
                    f"Leave it to {owner} or to {column.name}",
                )


def _faults_of_derived(spec: Spec, derivations: Collection[str]) -> Iterator[Fault]:
    """Columns worked out from others: the derivation, the others, and no circle among them."""
    sources = {each.name: each.made_from for each in spec.columns}
    for place, column in enumerate(spec.columns):
        path = ("columns", place)
        if column.by and not column.made_from:
            yield Fault((*path, "by"), f"{column.name} is worked out from no column", "Add from")
        if column.made_from and not column.by:
            yield Fault((*path, "from"), f"how to work {column.name} out isn't said", "Add by")
        if column.made_from and column.aliases:
            yield Fault(
                (*path, "aliases"),
                f"{column.name} is worked out, so that no file has it",
                "Take the aliases out",
            )
        if column.by and column.by not in derivations:
            yield Fault(
                (*path, "by"), f'there is no derivation "{column.by}"', _use(column.by, derivations)
            )
        for at, source in enumerate(column.made_from):
            if source not in sources and "" not in sources:
                yield Fault((*path, "from", at), *_undeclared(source, sources))
        round_ = _circle(column.name, sources)
        if round_:
            yield Fault(
                (*path, "from"),
                f"{column.name} is worked out from itself ({' from '.join(round_)})",
                "Break the circle",
            )


def _circle(name: str, sources: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """A way from a column through what it is worked out from back to itself; none is empty."""
    waiting: list[tuple[str, ...]] = [(name,)]
    seen: set[str] = set()
    while waiting:
        way = waiting.pop()
        for source in sources.get(way[-1], ()):
            if source == name:
                return (*way, source)
            if source not in seen:
                seen.add(source)
                waiting.append((*way, source))
    return ()


def _faults_of_uses(spec: Spec, untyped: Collection[str]) -> Iterator[Fault]:
    """Columns that rules, tests and frequencies name: declared, and of the type that is measured."""
    known = [each.name for each in spec.columns]
    for path, name in _names_used(spec):
        if name and name not in known and "" not in known:
            yield Fault(path, *_undeclared(name, known))
    sure = [each for each in spec.columns if known.count(each.name) == 1]
    reads = {each.name: each.reads for each in sure if each.name not in untyped}
    for path, test in _tests_of(spec):
        yield from _faults_of_types(test, path, reads)


def _names_used(spec: Spec) -> Iterator[tuple[KeyPath, str]]:
    for kind, rules in (("block", spec.blocking), ("certain", spec.certain)):
        for place, rule in enumerate(rules):
            yield from (((kind, place, "on", at), name) for at, name in enumerate(rule.equal))
    for path, test in _tests_of(spec):
        match test:
            case Missing(column):
                yield (*path, "missing"), column
            case Exact(column, other):
                yield from (((*path, "exact"), column), ((*path, "other"), other))
            case Alike(measure, column, _, other):
                yield from (((*path, measure.value), column), ((*path, "other"), other))
    for path, level in _levels_of(spec):
        if level.term_frequency:
            yield (*path, "term_frequency"), level.term_frequency.column


def _levels_of(spec: Spec) -> Iterator[tuple[KeyPath, Level]]:
    for place, comparison in enumerate(spec.comparisons):
        for at, level in enumerate(comparison.levels):
            yield ("compare", place, "levels", at), level


def _tests_of(spec: Spec) -> Iterator[tuple[KeyPath, Condition]]:
    for kind, rules in (("block", spec.blocking), ("certain", spec.certain)):
        for place, rule in enumerate(rules):
            if rule.also:
                yield from single_tests(rule.also, (kind, place, "where"))
    for path, level in _levels_of(spec):
        yield from single_tests(level.when, path)


def _faults_of_types(test: Condition, path: KeyPath, reads: dict[str, Reads]) -> Iterator[Fault]:
    """A measure of the wrong type, or two columns that can never be equal."""
    if isinstance(test, Alike):
        wanted = READ_AS[test.measure]
        for name in dict.fromkeys((test.column, test.other)):
            if reads.get(name, wanted) is not wanted:
                yield Fault(
                    (*path, test.measure.value),
                    f"{test.measure} is of {wanted}, and {name} reads as {reads[name]}",
                    _measure_instead(name, reads[name], wanted),
                )
    if isinstance(test, Exact) and test.other and test.column in reads and test.other in reads:
        mine, theirs = reads[test.column], reads[test.other]
        if mine is not theirs:
            yield Fault(
                (*path, "other"),
                f"{test.column} reads as {mine} and {test.other} as {theirs}: never equal",
                "Compare columns that read alike",
            )


def _measure_instead(name: str, reads: Reads, wanted: Reads) -> str:
    fit = [measure.value for measure in Measure if READ_AS[measure] is reads]
    instead = f"Use {' or '.join(fit)}" if fit else "Use exact"
    return f"{instead}, or a column worked out from {name} that reads as {wanted}"


def _faults_of_levels(comparison: Comparison, path: KeyPath) -> Iterator[Fault]:
    """The order of levels, and what each may carry; one of missing values may stand anywhere, as in
    Splink."""
    levels = comparison.levels
    if not levels:
        return
    ends = [place for place, level in enumerate(levels) if level.when == Otherwise()]
    if ends and ends[0] < len(levels) - 1:
        yield Fault((*path, ends[0] + 1), "this level stands after otherwise, which takes every pair",
                    "Move otherwise to the end")  # fmt: skip
    elif not ends and levels[-1].when != UNREAD:
        yield Fault((*path, len(levels) - 1), "the last level isn't otherwise",
                    "Add { otherwise = true } at the end")  # fmt: skip
    if all(level.missing or level.when == Otherwise() for level in levels):
        yield Fault(path, f"{comparison.name} compares nothing", "Add a level with a test")
    yield from _faults_of_repeats(levels, path)
    for place, level in enumerate(levels):
        yield from _faults_of_level(level, comparison, (*path, place))
    for word in ("m", "u"):
        total = sum(getattr(level, word) or 0.0 for level in levels)
        if total > _MOST_TOGETHER:
            yield Fault(path, f"the {word} of {comparison.name} add up to {total:.4g}",
                        "Make them add up to 1")  # fmt: skip


def _faults_of_repeats(levels: tuple[Level, ...], path: KeyPath) -> Iterator[Fault]:
    seen: list[Condition] = [UNREAD, Otherwise()]
    for place, level in enumerate(levels):
        if level.when in seen and level.when not in (UNREAD, Otherwise()):
            yield Fault((*path, place), "a level before has the same test", "Take one out")
        seen.append(level.when)


def _faults_of_level(level: Level, comparison: Comparison, path: KeyPath) -> Iterator[Fault]:
    """What a level of missing values can't have; and the exact level that a frequency stands for."""
    wanted = level.term_frequency
    if level.missing:
        for word in ("m", "u", "term_frequency"):
            if getattr(level, word) is not None:
                yield Fault((*path, word), f"a level of missing values has no {word}",
                            "Take it out, or write counts_as = \"evidence\"")  # fmt: skip
    elif wanted and wanted.column:
        tests = [each.when for each in comparison.levels if not each.missing]
        if Exact(wanted.column) not in tests and UNREAD not in tests:
            yield Fault(
                (*path, "term_frequency"),
                f"no level of {comparison.name} tests {wanted.column} for exact values, "
                "whose frequency this is",
                f'Add {{ exact = "{wanted.column}" }}',
            )


def _repeated(names: Iterable[str], table: str) -> Iterator[Fault]:
    """Names that stand twice."""
    seen: dict[str, int] = {}
    for place, name in enumerate(names):
        first = seen.setdefault(name, place)
        if name and first != place:
            yield Fault((table, place, "name"), f'the name "{name}" stands twice', "Change one")


def _undeclared(name: str, known: Collection[str]) -> tuple[str, str]:
    near = nearest(name, known)
    declare = f'declare it under [[columns]] with name = "{name}"'
    return (
        f'the column "{name}" isn\'t declared',
        f"Write {near}, or {declare}" if near else f"D{declare[1:]}",
    )


def _use(word: str, known: Collection[str]) -> str:
    near = nearest(word, known)
    if near:
        return f"Write {near}"
    return f"Use one of {', '.join(sorted(known))}" if known else "Take it out; there is none"
