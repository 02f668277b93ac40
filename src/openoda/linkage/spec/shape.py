"""A spec's tables held against the table of keys: what is unknown, missing, or of the wrong type."""

import math
from collections.abc import Collection
from typing import Any

from openoda.linkage.spec.faults import Fault
from openoda.linkage.spec.keys import FORMS, FORMS_OF, LEVEL, LEVEL_KEYS, TABLES, Key, Keys, Kind
from openoda.linkage.spec.locating import KeyPath
from openoda.linkage.spec.naming import nearest

Table = dict[str, Any]
DEEPEST = 30
"""Tests may stand inside one another so deep: the compiled loop keeps its answers in one word."""
_FAULTY = object()
_BOUNDS = {"at_least": "at_most", "at_most": "at_least"}
_OF_TESTS = {*_BOUNDS, "other", *FORMS}


def shaped(content: Table) -> tuple[Table, list[Fault]]:
    """What is sound of a spec's tables, and every fault of their shape.

    A faulty value is left out; a faulty entry of a list of tables is None, so that places stay.
    """
    reader = _Shape()
    table = reader.table("spec", content, ())
    return table or {}, reader.faults


class _Shape:
    """One pass over the tables; `faults` gathers what is wrong."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def table(self, kind: str, given: object, path: KeyPath) -> Table | None:
        """The sound keys of a table of this kind; None if it isn't a table."""
        if not isinstance(given, dict):
            self._fault(path, f"this must be a table, not {_kind(given)}", "Write { … }")
            return None
        if sum(step in ("all", "any", "not") for step in path) > DEEPEST:
            deep = "tests stand too deep inside one another"
            self._fault(path, deep, f"Nest them {DEEPEST} deep at most")
            return None
        keys, given = self._keys_of(kind, given, path)
        meant = {self._unknown(name, keys, given, path) for name in given if name not in keys}
        found = {}
        for name, key in keys.items():
            if name in given:
                value = self._value(name, key, given[name], (*path, name))
                if value is not _FAULTY:
                    found[name] = value
            elif key.needed and name not in meant:
                self._fault(path, f"{name} is missing", f"Add it: {_means(key)}")
        return found

    def _keys_of(self, kind: str, given: Table, path: KeyPath) -> tuple[Keys, Table]:
        """The keys that this table may hold, and of what is given those still to be looked at."""
        if kind not in FORMS_OF:
            return TABLES[kind], given
        forms, besides = FORMS_OF[kind], LEVEL_KEYS if kind == LEVEL else {}
        tests = [name for name in given if name in forms]
        if len(tests) == 1:
            return {**forms[tests[0]], **besides}, given
        if tests:
            self._fault(
                (*path, tests[1]),
                f"{' and '.join(tests)} stand in one table, which holds one test",
                "Put each in a table of its own: all = [{ … }, { … }] or any = [{ … }, { … }]",
            )
            wrong = ""
        else:
            wrong = self._no_test(forms, given, path)
        rest = {name: value for name, value in given.items() if name not in {*_OF_TESTS, wrong}}
        return besides, rest

    def _no_test(self, forms: Collection[str], given: Table, path: KeyPath) -> str:
        """No known test: a key that isn't known at all is probably one, misspelt; which it is."""
        strange = [name for name in given if name not in {*LEVEL_KEYS, *_BOUNDS, "other"}]
        if not strange:
            self._fault(path, "there is no test in it", f"Add one of {', '.join(forms)}")
            return ""
        name = next((each for each in strange if nearest(each, forms)), strange[0])
        near = nearest(name, forms)
        if name in FORMS:
            what, remedy = f"{name} can't stand inside another test", f"Take {name} out"
        else:
            what = f'there is no test "{name}"'
            remedy = f"Write {near}" if near else f"Use one of {', '.join(forms)}"
        self._fault((*path, name), what, remedy)
        return name

    def _unknown(self, name: str, keys: Keys, given: Table, path: KeyPath) -> str:
        """Report a key that isn't known; the key that was probably meant, if it isn't there."""
        at = (*path, name)
        if _BOUNDS.get(name) in keys:
            test = next(each for each in given if each in FORMS)
            self._fault(at, f"{test} has no {name}", f"Write {_BOUNDS[name]}")
            return _BOUNDS[name]
        near = nearest(name, [each for each in keys if each not in given])
        remedy = f"Write {near}" if near else f"Take it out; known here: {', '.join(keys)}"
        self._fault(at, f'the key "{name}" is not known here', remedy)
        return near

    def _value(self, name: str, key: Key, given: object, path: KeyPath) -> object:
        """The value, brought to its kind; `_FAULTY` once reported."""
        if key.kind is Kind.TABLES:
            return self._tables(name, key, given, path)
        if key.kind is Kind.TABLE:
            if key.yes_or_table and isinstance(given, bool):
                return given
            table = self.table(key.of, given, path)
            return _FAULTY if table is None else table
        if key.kind is Kind.NUMBER:
            return self._number(name, key, given, path)
        wrong = _wrong_kind(key.kind, given)
        if wrong:
            self._fault(path, f"{name} must be {key.kind}, {wrong}", _give(key))
            return _FAULTY
        return self._words(name, key, given, path)

    def _words(self, name: str, key: Key, given: Any, path: KeyPath) -> object:
        """Texts and yes or no, of their kind already."""
        if key.choices and given not in key.choices:
            near = nearest(given, key.choices)
            self._fault(
                path,
                f'{name} can\'t be "{given}"',
                f"Write {near}" if near else f"Use one of {', '.join(key.choices)}",
            )
        elif key.only_true and given is not True:
            self._fault(path, f"{name} can only be true", f"Write {name} = true")
        elif key.needed and (given in ("", []) or (key.kind is Kind.TEXTS and "" in given)):
            self._fault(path, f"{name} is empty", _give(key))
        else:
            return given
        return _FAULTY

    def _number(self, name: str, key: Key, given: object, path: KeyPath) -> object:
        if isinstance(given, bool) or not isinstance(given, int | float):
            self._fault(path, f"{name} must be a number, not {_kind(given)}", _give(key))
            return _FAULTY
        try:
            number = float(given)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number) or (key.range and number not in key.range):
            self._fault(
                path, f"{name} can't be {number:g}", f"Give {key.range or 'a smaller number'}"
            )
            return _FAULTY
        return number

    def _tables(self, name: str, key: Key, given: object, path: KeyPath) -> object:
        if not isinstance(given, list):
            written = f"[[{name}]]" if len(path) == 1 else f"{name} = [{{ … }}, {{ … }}]"
            self._fault(path, f"{name} must be a list of tables, not {_kind(given)}",
                        f"Write {written}")  # fmt: skip
            return _FAULTY
        if key.needed and not given:
            self._fault(path, f"{name} is empty", _give(key))
            return _FAULTY
        return [self.table(key.of, each, (*path, place)) for place, each in enumerate(given)]

    def _fault(self, path: KeyPath, what: str, remedy: str) -> None:
        self.faults.append(Fault(path, what, remedy))


def _means(key: Key) -> str:
    return f"{key.meaning[:1].lower()}{key.meaning[1:].removesuffix('.')}"


def _give(key: Key) -> str:
    return f"Write {key.kind}: {_means(key)}"


def _wrong_kind(kind: Kind, given: object) -> str:
    """Why a value isn't a text, a list of texts, or true or false; empty if it is."""
    if kind is Kind.TEXTS and isinstance(given, list):
        odd = [each for each in given if not isinstance(each, str)]
        return f"and {_kind(odd[0])} stands in it" if odd else ""
    right = {Kind.TEXT: str, Kind.YES: bool, Kind.TEXTS: list}[kind]
    return "" if isinstance(given, right) else f"not {_kind(given)}"


def _kind(value: object) -> str:
    """What a value is, in words."""
    names = {bool: "true or false", str: "a text", int: "a number", float: "a number",
             list: "a list", dict: "a table"}  # fmt: skip
    return names.get(type(value), "a date or time")
