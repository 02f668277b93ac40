"""Running an analyst's rules, in the engine that reaches no file and no network."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from openoda.data.quality import spellings
from openoda.data.quality.dimensions import Dimension
from openoda.data.quality.findings import PLACES_KEPT
from openoda.data.quality.gathering import Read
from openoda.data.quality.issues import Issue, Place
from openoda.data.quality.rule_files import Repeat, Rule, Rules
from openoda.engines import duckdb
from openoda.vocabulary.refusals import Misused

TABLE = "data"
FILE, LINE = "source_file", "source_line"
AS_AT = "as_at"
_BROKEN = "oda broken"
_KEY = "oda key"


@dataclass(frozen=True)
class RuleResult:
    """A rule that was run: how many rows it was asked of, how many break it, and the issue if any."""

    name: str
    dimension: Dimension
    asked: int
    broken: int
    groups: int | None
    measured: tuple[Any, Any] | None
    issue: Issue | None
    reason: str


def run_rules(
    rules: Rules, read: Read, columns: Sequence[str], as_at: date
) -> tuple[RuleResult, ...]:
    """Each rule on the rows that `read` gives of `columns`, in the file's order.

    The SQL may name `as_at`, the day that the delivery is judged by. Refuses (Misused) a predicate
    that isn't one, or that names a column which isn't there.
    """
    plain = (_run_rule(rule, read, columns, as_at) for rule in rules.rules)
    repeats = (_run_repeat(repeat, read, columns) for repeat in rules.repeats)
    return (*plain, *repeats)


def _run_rule(rule: Rule, read: Read, columns: Sequence[str], as_at: date) -> RuleResult:
    used = columns_in(rule.where, columns, rule.name)
    named = _must_exist(rule.columns, columns, rule.name) or used
    needed = list(used)
    if rule.measure:
        needed += [one for one in columns_in(rule.measure, columns, rule.name) if one not in needed]
    table = _table(read, needed)
    said = f"No row where {rule.where}"
    if AS_AT not in table.column_names:
        said += f" ({AS_AT}: {as_at.isoformat()})" if AS_AT in rule.where else ""
        days = pa.repeat(pa.scalar(as_at, pa.date32()), table.num_rows)
        table = table.append_column(AS_AT, days)
    shown = f", ({rule.measure}\n) as measured" if rule.measure else ""
    # The predicate is the analyst's own, one expression by itself, and the engine reaches nothing.
    found = duckdb.query(
        f'select "{FILE}", "{LINE}"{shown} from (select *, ({rule.where}\n) as "{_BROKEN}" '  # noqa: S608
        f'from "{TABLE}") where "{_BROKEN}"',
        {TABLE: table},
        where=f"rule {rule.name}",
    )
    measured = _extremes(found["measured"]) if rule.measure and found.num_rows else None
    return _result(rule, rule.dimension, named, said, table.num_rows, found,
                   None, measured)  # fmt: skip


def _run_repeat(repeat: Repeat, read: Read, columns: Sequence[str]) -> RuleResult:
    used = _must_exist(repeat.columns, columns, repeat.name)
    table = _table(read, used)
    key = ", '|', ".join(_normalised(name, repeat.ignore) for name in used)
    empty = " and ".join(f"{_normalised(name, repeat.ignore)} <> ''" for name in used)
    found = duckdb.query(
        f'select "{FILE}", "{LINE}", "{_KEY}" from (select "{FILE}", "{LINE}", '  # noqa: S608
        f'concat({key}) as "{_KEY}" from "{TABLE}" where {empty}) '
        f'qualify count(*) over (partition by "{_KEY}") > 1',
        {TABLE: table},
        where=f"repeat {repeat.name}",
    )
    groups = len(found[_KEY].unique())
    said = f"{', '.join(used)}: no two rows the same in capitals, without punctuation"
    said += f" and without {', '.join(repeat.ignore)}" if repeat.ignore else ""
    return _result(repeat, Dimension.UNIQUENESS, used, said, table.num_rows, found, groups, None)


def _result(
    rule: Rule | Repeat,
    dimension: Dimension,
    columns: tuple[str, ...],
    said: str,
    asked: int,
    found: pa.Table,
    groups: int | None,
    measured: tuple[Any, Any] | None,
) -> RuleResult:
    issue = None
    if found.num_rows:
        issue = Issue(
            rule.name, rule.name.replace("-", " ").capitalize(), rule.severity, dimension, columns,
            said, rule.reason, rule.remedy, found.num_rows, _places(found), groups,
        )  # fmt: skip
    broken = found.num_rows if groups is None else found.num_rows - groups
    return RuleResult(rule.name, dimension, asked, broken, groups, measured, issue, rule.reason)


def _places(found: pa.Table) -> tuple[Place, ...]:
    first = found.select([FILE, LINE]).sort_by([(LINE, "ascending")]).slice(0, PLACES_KEPT)
    return tuple(Place(str(row[FILE]), int(row[LINE])) for row in first.to_pylist())


def _extremes(values: pa.ChunkedArray) -> tuple[Any, Any] | None:
    ends = pa.compute.min_max(values).as_py()
    return None if ends["min"] is None else (ends["min"], ends["max"])


def _table(read: Read, columns: Sequence[str]) -> pa.Table:
    wanted = [FILE, LINE, *(name for name in columns if name not in (FILE, LINE))]
    table = pa.Table.from_batches(list(read(wanted)))
    place = table.schema.get_field_index(FILE)
    return table.set_column(place, FILE, table[FILE].cast(pa.string()))


def quoted(name: str) -> str:
    """A column's name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def _normalised(column: str, ignore: Sequence[str]) -> str:
    """SQL for a column in capitals, of letters and digits, one space between words, less some words."""
    sql = f"coalesce(upper(cast({quoted(column)} as varchar)), '')"
    sql = f"regexp_replace({sql}, '[''’`]', '', 'g')"
    sql = f"regexp_replace({sql}, '[^\\p{{L}}\\p{{M}}\\p{{N}}]+', ' ', 'g')"
    same = spellings.normalised(pa.array(ignore, pa.string())).to_pylist()
    words = [word for text in same for word in text.split()]
    if words:  # each word is told apart by spaces of its own, so that neighbours both go
        spaced = f"' ' || replace({sql}, ' ', '  ') || ' '"
        among = literal(f" (?:{'|'.join(words)}) ")
        sql = f"regexp_replace({spaced}, {among}, ' ', 'g')"
    return f"trim(regexp_replace({sql}, ' +', ' ', 'g'))"


def _must_exist(names: Sequence[str], columns: Sequence[str], rule: str) -> tuple[str, ...]:
    unknown = [name for name in names if name not in columns]
    if unknown:
        raise Misused(
            f"There is no column called {unknown[0]}",
            where=f"rule {rule}",
            remedy=f"Choose among: {', '.join(columns)}.",
        )
    return tuple(names)


def columns_in(expression: str, columns: Sequence[str], rule: str) -> tuple[str, ...]:
    """The columns that one SQL expression names, in the file's order.

    Refuses (Misused) what isn't one expression by itself: a query, several columns, a star.
    """
    asked = f"select json_serialize_sql({literal(f'select {expression}')}) as tree"
    answer = duckdb.query(asked, {}, where=f"rule {rule}")
    tree = json.loads(answer["tree"][0].as_py())
    if tree["error"]:
        raise Misused(
            f"The SQL can't be parsed: {tree.get('error_message', 'unknown')}",
            where=f"rule {rule}",
            remedy="Write one predicate, such as \"Licence Expires\" < date '2018-03-09'.",
        )
    _must_be_one_expression(tree, rule)
    folded = {name.casefold(): name for name in columns}
    named = {folded[name] for name in _references(tree) if name in folded}
    return tuple(name for name in columns if name in named)


def _must_be_one_expression(tree: dict[str, Any], rule: str) -> None:
    nodes = [statement["node"] for statement in tree["statements"]]
    plain = len(nodes) == 1 and nodes[0]["type"] == "SELECT_NODE"
    alone = (
        plain and len(nodes[0]["select_list"]) == 1 and nodes[0]["from_table"]["type"] == "EMPTY"
    )
    if not alone or any(kind in ("SUBQUERY", "STAR") for kind in _classes(tree)):
        raise Misused(
            "The SQL is more than one expression over the columns",
            where=f"rule {rule}",
            remedy="Write one predicate, without SELECT, semicolon or star.",
        )


def _walk(node: Any) -> Any:
    yield node
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for each in inner:
        yield from _walk(each)


def _classes(tree: Any) -> set[str]:
    return {str(node.get("class")) for node in _walk(tree) if isinstance(node, dict)}


def _references(tree: Any) -> set[str]:
    return {
        str(part).casefold()
        for node in _walk(tree)
        if isinstance(node, dict) and node.get("class") == "COLUMN_REF"
        for part in node["column_names"]
    }
