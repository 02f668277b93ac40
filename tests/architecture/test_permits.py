"""Stored data is handed out only under a permit, and only after the audit log knows of it.

Python can't stop a determined colleague; these tests stop an absent-minded one.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
PERMITS = SOURCE / "openoda" / "governance" / "permits.py"
AUDIT = SOURCE / "openoda" / "custody" / "audit.py"
CUSTODY = SOURCE / "openoda" / "custody"
# The two modules of custody that open Parquet files: one writes, one reads what is checked.
PARQUET = {"parts.py": {"ParquetWriter"}, "verified.py": {"ParquetFile"}}
# What a function may return that holds stored data.
DATA = {
    "Table", "RecordBatch", "RecordBatchReader", "Array", "ChunkedArray", "NativeFile", "PythonFile",
    "BufferReader", "ParquetFile", "Buffer", "memoryview",
}  # fmt: skip

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def words(node: ast.AST | None) -> set[str]:
    """Every name in an expression, quoted annotations included."""
    found = set()
    for part in ast.walk(node) if node else ():
        if isinstance(part, ast.Name):
            found.add(part.id)
        elif isinstance(part, ast.Attribute):
            found.add(part.attr)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            found |= (
                words(ast.parse(part.value, mode="eval")) if part.value.isidentifier() else set()
            )
    return found


def makings(tree: ast.Module, name: str) -> list[int]:
    """The lines that call the class `name`, or give it another name that could be called."""
    calls = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name in words(node.func) - _attributes_of(node.func, name)
    ]
    aliases = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom | ast.Import)
        for alias in node.names
        if alias.name == name and alias.asname
    ]
    copies = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    ]
    return calls + aliases + copies + _changed_copies(tree, name)


def _changed_copies(tree: ast.Module, name: str) -> list[int]:
    """The lines that copy one with changes: `replace(permit, …)` makes another permit."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and node.args
        and ast.unparse(node.func) in ("replace", "dataclasses.replace", "copy.replace")
        and name.lower() in ast.unparse(node.args[0]).lower()
    ]


def _attributes_of(func: ast.expr, name: str) -> set[str]:
    """`name` where it only qualifies something else called (`Permit.of(...)` isn't `Permit(...)`)."""
    qualifies = isinstance(func, ast.Attribute) and func.attr != name
    return {name} if qualifies else set()


def public_functions(tree: ast.Module) -> Iterator[tuple[ast.ClassDef | None, Function]]:
    """The module's public functions and the public methods of its public classes."""
    for node in tree.body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield None, node
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for method in node.body:
                if isinstance(method, Function) and not method.name.startswith("_"):
                    yield node, method


def takes(function: Function, kind: str) -> str:
    """The name of the parameter of type `kind`, or nothing."""
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return next((one.arg for one in arguments if words(one.annotation) == {kind}), "")


def first_act(function: Function) -> ast.stmt:
    """The first statement after the docstring."""
    documented = ast.get_docstring(function) is not None
    return function.body[documented]


def logs_first(function: Function) -> bool:
    """Whether the function begins with `with self._audit.reading(<its permit>, …)` and no more."""
    act, permit = first_act(function), takes(function, "Permit")
    if not isinstance(act, ast.With) or len(function.body) != 2:
        return False
    call = act.items[0].context_expr
    return (
        isinstance(call, ast.Call)
        and ast.unparse(call.func) == "self._audit.reading"
        and ast.unparse(call.args[0]) == permit
    )


def faults(tree: ast.Module) -> list[str]:
    """The public functions that hand out stored data without a permit and its log entry."""
    found = []
    for owner, function in public_functions(tree):
        if not words(function.returns) & DATA or takes(function, "Reading"):
            continue
        name = f"{owner.name}.{function.name}" if owner else function.name
        if not takes(function, "Permit"):
            found.append(f"{name} hands out stored data and takes no Permit")
        elif not logs_first(function):
            found.append(f"{name} doesn't begin with its audit entry")
    return found


@pytest.mark.parametrize("path", modules(SOURCE), ids=lambda path: str(path.relative_to(SOURCE)))
def test_permits_and_readings_are_made_where_they_are_given(path):
    """Proves that no other module makes a `Permit`, or the `Reading` that follows from one."""
    tree = parsed(path)
    for name, home in (("Permit", PERMITS), ("Reading", AUDIT)):
        assert path == home or not makings(tree, name), f"{path} makes a {name}"


@pytest.mark.parametrize("path", modules(CUSTODY), ids=lambda path: path.name)
def test_stored_data_is_handed_out_under_a_permit_after_its_audit_entry(path):
    """Proves that each public function of custody that returns data takes a permit, and logs first.

    What lies under them takes a `Reading`, which is made only after the intent was written.
    """
    assert faults(parsed(path)) == []


def test_the_vault_hands_out_data_in_two_ways():
    """Proves that the test above isn't empty: it sees the vault's two readers."""
    readers = [
        function.name
        for _, function in public_functions(parsed(CUSTODY / "vault.py"))
        if words(function.returns) & DATA
    ]
    assert readers == ["scan", "read"]


@pytest.mark.parametrize("path", modules(CUSTODY), ids=lambda path: path.name)
def test_parquet_is_opened_in_two_modules_only(path):
    """Proves that no other module of custody could read a stored file by itself."""
    tree = parsed(path)
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "pq"
    }
    assert used == PARQUET.get(path.name, set())
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if "parquet" in f"{getattr(node, 'module', '')}.{alias.name}"
    }
    assert imported <= ({"pyarrow.parquet"} if path.name in PARQUET else set())


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("class V:\n def take(self) -> pa.Table: ...", "takes no Permit"),
        ("class V:\n def take(self) -> Iterator['RecordBatch']: ...", "takes no Permit"),
        ("def take(permit: Permit) -> pa.Table:\n return read()", "audit entry"),
        (
            "class V:\n def take(self, permit: Permit) -> pa.Table:\n  'Doc.'\n"
            "  table = read()\n  with self._audit.reading(permit, 'x'):\n   return table",
            "audit entry",
        ),
        (
            "class V:\n def take(self, permit: Permit) -> pa.Table:\n  'Doc.'\n"
            "  with self._audit.reading(self._other, 'x'):\n   return table",
            "audit entry",
        ),
    ],
)
def test_the_check_sees_each_way_round(source, fault):
    """Proves that the check of readers can fail, for each thing it asks for."""
    (found,) = faults(ast.parse(source))
    assert fault in found


@pytest.mark.parametrize(
    "source",
    [
        "Permit('a', 'open', 'x', 'y')",
        "permits.Permit('a', 'open', 'x', 'y')",
        "from openoda.governance.permits import Permit as P",
        "Right = Permit",
        "dataclasses.replace(self.permit, dataset='residents')",
    ],
)
def test_the_check_sees_each_making(source):
    """Proves that the check of who makes a permit can fail, under another name too."""
    assert makings(ast.parse(source), "Permit")
