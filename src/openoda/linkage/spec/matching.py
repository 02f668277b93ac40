"""A spec's columns found among a file's, by name, by alias, or as the analyst says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openoda.linkage.spec.model import Column, Spec
from openoda.linkage.spec.naming import folded, nearest
from openoda.linkage.spec.writing import declared
from openoda.vocabulary.refusals import Misused


@dataclass(frozen=True)
class Matched:
    """`columns`: the file's column for each of the spec's that was found, in the spec's order.

    `recognised`: those among them that the file calls otherwise and that nobody mapped, to be shown.
    `absent`: the spec's that the file hasn't. `unused`: the file's that the spec doesn't ask for.
    """

    columns: dict[str, str]
    recognised: dict[str, str]
    absent: tuple[str, ...]
    unused: tuple[str, ...]


def matched_columns(
    spec: Spec, names: Sequence[str], mapping: Mapping[str, str] | None = None
) -> Matched:
    """Find the spec's columns among a file's `names`; `mapping`: the spec's name to the file's.

    Capitals, spaces, underscores and hyphens don't matter, except where a name is the very same.
    Columns that are worked out aren't looked for. Refuses (Misused), all at once: a mapping from or to
    nothing, and two columns of the file that could be one of the spec's.
    """
    wanted = [each for each in declared(spec).columns if not each.made_from]
    faults: list[str] = []
    mapped = _mapped(wanted, names, mapping or {}, faults)
    by_name = {each.name: each.name for each in wanted if each.name in names} | mapped
    taken = {*by_name.values()}
    columns, recognised = {}, {}
    for column in wanted:
        found = by_name.get(column.name)
        called = [name for name in names if name not in taken and _may_be(column, name)]
        called = [found] * names.count(found) + called if found else called
        if len(called) > 1 and column.name not in mapped:
            faults.append(_several(column.name, called))
        elif called:
            columns[column.name] = called[0]
            if not found:
                recognised[column.name] = called[0]
    faults += _shared(recognised)
    if faults:
        raise Misused(
            "The file's columns don't match the spec's: " + "; ".join(faults),
            remedy="Say which column is which with --map NAME=COLUMN.",
        )
    used = {*columns.values()}
    return Matched(
        columns,
        recognised,
        tuple(each.name for each in wanted if each.name not in columns),
        tuple(name for name in names if name not in used),
    )


def _may_be(column: Column, name: str) -> bool:
    return folded(name) in {folded(each) for each in (column.name, *column.aliases)}


def _mapped(
    wanted: Sequence[Column], names: Sequence[str], mapping: Mapping[str, str], faults: list[str]
) -> dict[str, str]:
    """The analyst's own matches, held against what there is."""
    known = [each.name for each in wanted]
    found = {}
    for given, target in mapping.items():
        name = given if given in known else _same(given, known)
        if not name:
            faults.append(f'the spec has no column "{given}"{_meant(given, known)}')
        if target not in names:
            faults.append(f'the file has no column "{target}"{_meant(target, names)}')
        elif names.count(target) > 1:
            faults.append(f'the file has several columns "{target}"')
        elif name:
            found[name] = target
    return found


def _same(given: str, known: Sequence[str]) -> str:
    """The one known name that differs only by capitals, spaces, underscores and hyphens."""
    found = [each for each in known if folded(each) == folded(given)]
    return found[0] if len(found) == 1 else ""


def _meant(word: str, known: Sequence[str]) -> str:
    near = nearest(word, known)
    return f" (is it {near}?)" if near else ""


def _several(name: str, called: Sequence[str]) -> str:
    return f"{name} could be {' or '.join(called)}"


def _shared(recognised: Mapping[str, str]) -> list[str]:
    """One column of the file recognised as two of the spec's."""
    by_column: dict[str, list[str]] = {}
    for name, column in recognised.items():
        by_column.setdefault(column, []).append(name)
    return [
        f"{column} could be {' or '.join(both)}"
        for column, both in by_column.items()
        if len(both) > 1
    ]
