"""Reading a spec file: TOML to `Spec`, or every fault at once, each with its line."""

import re
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from openoda.linkage.spec.checking import UNREAD, faults_of
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
from openoda.linkage.spec.faults import Fault, LineFault, SpecFaulty, on_lines, shown_line
from openoda.linkage.spec.keys import EVIDENCE, FORMS, MISSING, bound_of
from openoda.linkage.spec.locating import KeyPath
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
from openoda.linkage.spec.shape import Table, shaped
from openoda.vocabulary.refusals import FileUnreadable, Misused

_LINE = re.compile(r"(.*) \((?:at line (\d+), column (\d+)|at end of document)\)", re.DOTALL)
_DEEPEST = 100
"""No sound spec nests tables and lists so deep: a test in a test is two, and 30 are allowed."""


def read_spec(file: Path, derivations: Collection[str] = ()) -> Spec:
    """The spec in a file; refuses as `spec_from` does, or (FileUnreadable) where there is no text."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FileUnreadable(
            f"The spec can't be read: {error.strerror}",
            where=file.name,
            remedy="Check its name and that this account may read it.",
        ) from error
    except UnicodeDecodeError as error:
        raise FileUnreadable(
            "The spec isn't UTF-8 text", where=file.name, remedy="Save the file as UTF-8."
        ) from error
    return spec_from(text, file.name, derivations)


def spec_from(text: str, where: str = "spec", derivations: Collection[str] = ()) -> Spec:
    """The spec that a TOML text says. Refuses (SpecFaulty) with every fault and its line.

    `derivations`: the names that `by` of a worked-out column may be. A column's `other` that is the
    column itself is left out. Text that isn't TOML has one fault: where it stops being so.
    """
    content = _parsed(text, where)
    table, faults = shaped(content)
    spec, more = _spec(table)
    wrong = {fault.path for fault in faults}
    untyped = [
        each.name for place, each in enumerate(spec.columns) if ("columns", place, "reads") in wrong
    ]
    faults += more + faults_of(spec, derivations, untyped)
    if faults:
        raise SpecFaulty(on_lines(faults, text), where)
    return spec


def _parsed(text: str, where: str) -> Table:
    try:
        content = tomllib.loads(text)
        deep = _deeper_than(_DEEPEST, content)
    except tomllib.TOMLDecodeError as error:
        raise SpecFaulty([_not_toml(str(error), text)], where) from None
    except RecursionError:
        deep = True
    if deep:
        raise Misused(
            "The spec's tables stand too deep inside one another",
            where=where,
            remedy="Nest them less deeply.",
        )
    return content


def _not_toml(error: str, text: str) -> LineFault:
    """The fault that the parser met, on its line."""
    found = _LINE.fullmatch(error)
    what, at, column = found.groups() if found else (error, None, None)
    line = int(at) if at else len(text.rstrip("\n").split("\n"))
    shown = shown_line(text, line, int(column or 1))
    remedy = "Correct this line or the one before"
    if shown.count("{") > shown.count("}"):
        remedy = "Put all of a table in braces on one line, or give it a [[header]]"
    return LineFault(line, f"this isn't TOML ({what})", remedy, shown, int(column or 1))


def _deeper_than(most: int, content: Table) -> bool:
    """Whether tables and lists stand more than `most` deep inside one another."""
    inner: list[Any] = [content]
    for _ in range(most):
        inner = [
            value
            for each in inner
            for value in (each.values() if isinstance(each, dict) else each)
            if isinstance(value, dict | list)
        ]
    return bool(inner)


def _spec(table: Table) -> tuple[Spec, list[Fault]]:
    """The model of what is sound, blanks where something isn't; and the faults met on the way."""
    faults: list[Fault] = []
    spec = Spec(
        name=table.get("name", ""),
        blocking=tuple(_rule(each or {}) for each in table.get("block", ())),
        comparisons=tuple(
            _comparison(each or {}, ("compare", place), faults)
            for place, each in enumerate(table.get("compare", ()))
        ),
        link_type=LinkType(table.get("link_type", LinkType.DEDUPE)),
        prior=table.get("prior"),
        certain=tuple(_rule(each or {}) for each in table.get("certain", ())),
        recall=table.get("recall", Spec.recall),
        columns=tuple(_column(each or {}) for each in table.get("columns", ())),
    )
    return spec, faults


def _column(table: Table) -> Column:
    return Column(
        name=table.get("name", ""),
        aliases=tuple(table.get("aliases", ())),
        reads=Reads(table.get("reads", Reads.TEXT)),
        made_from=tuple(table.get("from", ())),
        by=table.get("by", ""),
    )


def _rule(table: Table) -> BlockingRule:
    also = _condition(table["where"]) if "where" in table else None
    return BlockingRule(tuple(table.get("on", ())), also)


def _comparison(table: Table, path: KeyPath, faults: list[Fault]) -> Comparison:
    return Comparison(
        table.get("name", ""),
        tuple(
            _level(each or {}, (*path, "levels", place), faults)
            for place, each in enumerate(table.get("levels", ()))
        ),
    )


def _level(table: Table, path: KeyPath, faults: list[Fault]) -> Level:
    when = _condition(table)
    usual = MISSING if isinstance(when, Missing) else EVIDENCE
    return Level(
        when=when,
        label=table.get("label", ""),
        m=table.get("m"),
        u=table.get("u"),
        term_frequency=_frequency(table.get("term_frequency"), when, path, faults),
        missing=table.get("counts_as", usual) == MISSING,
        fixed=table.get("fixed", False),
    )


def _frequency(
    given: Any, when: Condition, path: KeyPath, faults: list[Fault]
) -> TermFrequency | None:
    """An adjustment; `true` is that of the exact test of the level itself."""
    if given is True and isinstance(when, Exact) and not when.other:
        return TermFrequency(when.column)
    if given is True and when != UNREAD:
        faults.append(
            Fault(
                (*path, "term_frequency"),
                "term_frequency = true needs a level that is an exact test of one column",
                'Name the column: term_frequency = { column = "…" }',
            )
        )
    if not isinstance(given, dict):
        return None
    return TermFrequency(
        given.get("column", ""),
        given.get("weight", TermFrequency.weight),
        given.get("least_u", TermFrequency.least_u),
    )


def _condition(table: Table | None) -> Condition:
    """The test in a table; `UNREAD` where its fault is reported already."""
    name = next((each for each in FORMS if each in (table or {})), "")
    if not table or not name:
        return UNREAD
    given = table[name]
    match name:
        case "missing":
            return Missing(given)
        case "all":
            return Every(tuple(_condition(each) for each in given))
        case "any":
            return Some(tuple(_condition(each) for each in given))
        case "not":
            return Neither(_condition(given))
        case "otherwise":
            return Otherwise()
    other = table.get("other", "")
    other = "" if other == given else other
    if name == "exact":
        return Exact(given, other)
    measure = Measure(name)
    bound = table.get(bound_of(measure))
    return UNREAD if bound is None else Alike(measure, given, bound, other)
