"""Writing a spec as the TOML that it is read from."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from openoda.linkage.spec.checking import single_tests
from openoda.linkage.spec.conditions import (
    Alike,
    Condition,
    Every,
    Exact,
    Missing,
    Neither,
    Otherwise,
    Some,
)
from openoda.linkage.spec.keys import EVIDENCE, MISSING, READ_AS, bound_of
from openoda.linkage.spec.model import (
    BlockingRule,
    Column,
    Comparison,
    Level,
    LinkType,
    Reads,
    Spec,
    TermFrequency,
)

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_MOST_WHOLE = 1 << 53
Pairs = Iterable[tuple[str, str]]


def written(spec: Spec) -> str:
    """The spec as a TOML text, which `spec_from` reads back as `declared(spec)`."""
    spec = declared(spec)
    parts = [_lines(_head(spec))]
    parts += [_table("columns", _column(each)) for each in spec.columns]
    parts += [_table("block", _rule(each)) for each in spec.blocking]
    parts += [_table("certain", _rule(each)) for each in spec.certain]
    parts += [_table("compare", _comparison(each)) for each in spec.comparisons]
    return "\n".join(parts)


def declared(spec: Spec) -> Spec:
    """The spec with every column that it uses declared, read as its measures ask for."""
    known = {each.name for each in spec.columns}
    sources = (name for each in spec.columns for name in each.made_from)
    missing = [name for name in dict.fromkeys((*spec.used(), *sources)) if name not in known]
    if not missing:
        return spec
    reads = _reads_of(spec)
    more = tuple(Column(name, reads=reads.get(name, Reads.TEXT)) for name in missing)
    return replace(spec, columns=(*spec.columns, *more))


def _reads_of(spec: Spec) -> dict[str, Reads]:
    """What the measures of each column ask it to be read as."""
    tops = [level.when for each in spec.comparisons for level in each.levels]
    tops += [rule.also for rule in (*spec.blocking, *spec.certain) if rule.also]
    found: dict[str, Reads] = {}
    for _, test in (each for top in tops for each in single_tests(top, ())):
        if isinstance(test, Alike):
            found.setdefault(test.column, READ_AS[test.measure])
            found.setdefault(test.other or test.column, READ_AS[test.measure])
    return found


def _head(spec: Spec) -> Iterator[tuple[str, str]]:
    yield "name", _text(spec.name)
    if spec.link_type is not LinkType.DEDUPE:
        yield "link_type", _text(spec.link_type)
    if spec.prior is not None:
        yield "prior", _number(spec.prior)
    yield "recall", _number(spec.recall)


def _column(column: Column) -> Iterator[tuple[str, str]]:
    yield "name", _text(column.name)
    if column.aliases:
        yield "aliases", _texts(column.aliases)
    if column.reads is not Reads.TEXT:
        yield "reads", _text(column.reads)
    if column.made_from:
        yield "from", _texts(column.made_from)
    if column.by:
        yield "by", _text(column.by)


def _rule(rule: BlockingRule) -> Iterator[tuple[str, str]]:
    yield "on", _texts(rule.equal)
    if rule.also:
        yield "where", _inline(_test(rule.also))


def _comparison(comparison: Comparison) -> Iterator[tuple[str, str]]:
    levels = "".join(f"  {_inline(_level(each))},\n" for each in comparison.levels)
    yield "name", _text(comparison.name)
    yield "levels", f"[\n{levels}]"


def _level(level: Level) -> Iterator[tuple[str, str]]:
    yield from _test(level.when)
    if level.label:
        yield "label", _text(level.label)
    if level.m is not None:
        yield "m", _number(level.m)
    if level.u is not None:
        yield "u", _number(level.u)
    if level.term_frequency:
        yield "term_frequency", _frequency(level.term_frequency, level.when)
    if level.fixed:
        yield "fixed", "true"
    if level.missing is not isinstance(level.when, Missing):
        yield "counts_as", _text(MISSING if level.missing else EVIDENCE)


def _frequency(wanted: TermFrequency, when: Condition) -> str:
    if when == Exact(wanted.column) and wanted == TermFrequency(wanted.column):
        return "true"
    parts = [("column", _text(wanted.column))]
    if wanted.weight != TermFrequency.weight:
        parts.append(("weight", _number(wanted.weight)))
    if wanted.least_u != TermFrequency.least_u:
        parts.append(("least_u", _number(wanted.least_u)))
    return _inline(parts)


def _test(condition: Condition) -> Iterator[tuple[str, str]]:
    match condition:
        case Missing(column):
            yield "missing", _text(column)
        case Exact(column, other):
            yield "exact", _text(column)
            yield from _other(column, other)
        case Alike(measure, column, bound, other):
            yield measure.value, _text(column)
            yield from _other(column, other)
            yield bound_of(measure), _number(bound)
        case Every(of) | Some(of):
            parts = ", ".join(_inline(_test(each)) for each in of)
            yield "all" if isinstance(condition, Every) else "any", f"[{parts}]"
        case Neither(of):
            yield "not", _inline(_test(of))
        case Otherwise():
            yield "otherwise", "true"


def _other(column: str, other: str) -> Iterator[tuple[str, str]]:
    if other and other != column:
        yield "other", _text(other)


def _table(name: str, pairs: Pairs) -> str:
    return f"[[{name}]]\n{_lines(pairs)}"


def _lines(pairs: Pairs) -> str:
    return "".join(f"{name} = {value}\n" for name, value in pairs)


def _inline(pairs: Pairs) -> str:
    return "{ " + ", ".join(f"{name} = {value}" for name, value in pairs) + " }"


def _texts(values: Iterable[str]) -> str:
    return f"[{', '.join(_text(each) for each in values)}]"


def _text(value: str) -> str:
    """A basic string: what TOML forbids in one, it allows by its number."""
    return '"' + "".join(_letter(each) for each in value) + '"'


def _letter(letter: str) -> str:
    forbidden = letter < " " or letter == "\x7f"
    return _ESCAPES.get(letter) or (f"\\u{ord(letter):04x}" if forbidden else letter)


def _number(value: float) -> str:
    """To the last bit; whole numbers without a point."""
    whole = float(value).is_integer() and abs(value) < _MOST_WHOLE
    return str(int(value)) if whole else repr(float(value))
