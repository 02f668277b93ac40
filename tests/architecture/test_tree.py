"""What holds for the tree as a whole: sizes, names, what imports what, what must not be written down."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
CODE_FOLDERS = ("src", "tests", "docs", "benchmarks")
MODULES = sorted(path for name in CODE_FOLDERS for path in (ROOT / name).rglob("*.py"))
PLATFORM = SOURCE / "openoda" / "custody" / "platform.py"
OPPORTUNITIES = SOURCE / "openoda" / "opportunities"
TYPES = {"needle", "prioritise", "early_warning", "decide", "allocate", "experiment"}

MOST_LINES_OF_A_FUNCTION = 70
MOST_LINES_IN_TESTS = 100  # drawn documents are long, and one piece
MOST_LINES_OF_A_MODULE = 600

MEANT_TO_DO_NOTHING = {
    "src/openoda/vocabulary/progress.py silent": "progress that nobody watches",
    "tests/unit/office/test_published.py log_message": "a test's own web server, kept quiet",
}

POSIX_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
POSIX_CALLS = {
    "O_DIRECTORY", "chown", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid",
    "getloadavg", "getpgid", "getuid", "kill", "killpg", "lchown", "mkfifo", "nice", "register_at_fork",
    "sched_getaffinity", "sched_setaffinity", "setgid", "setpgid", "setsid", "setuid", "statvfs",
    "sync", "uname", "wait3", "wait4", "waitpid",
}  # fmt: skip
POSIX_SIGNALS = {"SIGALRM", "SIGHUP", "SIGKILL", "SIGUSR1", "SIGUSR2", "alarm", "setitimer"}

HEAVY = (
    "sklearn",
    "scipy",
    "numba",
    "duckdb",
    "skops",
    "lightgbm",
    "rdata",
    "vl_convert",
    "xlsxwriter",
)
"""What help and refusals can do without: together they take seconds to import."""

# Written in pieces, so that this file doesn't hold what it looks for.
MACHINE_PATHS = tuple(f"/{name}/" for name in ("work", "root", "home"))
REGISTRIES = (
    "py" + "pi.org", "python" + "hosted.org", "ana" + "conda.org", "registry." + "npmjs",
    "proxy." + "golang", "index-" + "url",
)  # fmt: skip
NOT_TEXT = {".gz", ".ico", ".parquet", ".png", ".xlsx", ".Rds"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(tree: ast.Module) -> set[str]:
    """Every module that a file imports, dotted; `from a import b` gives a and a.b."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def in_protocol(tree: ast.Module) -> set[int]:
    """Lines of the methods of protocols, whose bodies are somebody else's to write."""
    return {
        method.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(
            ast.unparse(base).startswith(("Protocol", "typing.Protocol")) for base in node.bases
        )
        for method in functions(node)
    }


def is_empty(function: Function) -> bool:
    """Whether nothing but a docstring, `pass`, `...` or NotImplementedError stands in it."""
    for statement in function.body:
        constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        unwritten = isinstance(statement, ast.Raise) and "NotImplemented" in ast.unparse(statement)
        if not (constant or unwritten or isinstance(statement, ast.Pass)):
            return False
    return True


def posix_only(tree: ast.Module) -> list[str]:
    """What a module asks for that only POSIX systems have."""
    found = [name for name in imported(tree) if name.split(".")[0] in POSIX_MODULES]
    wanted = {"os": POSIX_CALLS, "signal": POSIX_SIGNALS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.attr in wanted.get(node.value.id, ()):
                found.append(f"{node.value.id}.{node.attr}")
        elif isinstance(node, ast.ImportFrom) and node.module in wanted:
            found += [alias.name for alias in node.names if alias.name in wanted[node.module]]
    return found


def text_files() -> list[Path]:
    """Every text file that git tracks or would track, or of the folders where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
        paths = [ROOT / name for name in names if name]
    else:
        folders = (*CODE_FOLDERS, "interventions", ".ci")
        paths = [path for name in folders for path in (ROOT / name).rglob("*")]
        paths += [path for path in ROOT.iterdir() if path.is_file()]
    text = (path for path in paths if path.is_file() and path.suffix not in NOT_TEXT)
    return sorted(path for path in text if "__pycache__" not in path.parts)


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_no_module_is_a_drawer_for_everything():
    """Proves that no module or package is called utils or helpers."""
    drawers = {"util", "utils", "helper", "helpers", "misc", "common"}
    assert [named(path) for path in MODULES if drawers & {path.stem, path.parent.name}] == []


def test_functions_are_short():
    """Proves that no function is longer than 70 lines (100 in tests), its docstring included."""
    long = {}
    for path in MODULES:
        most = MOST_LINES_IN_TESTS if "tests" in path.parts else MOST_LINES_OF_A_FUNCTION
        for node in functions(parsed(path)):
            lines = node.end_lineno - node.lineno + 1
            if lines > most:
                long[f"{named(path)}:{node.lineno} {node.name}"] = lines
    assert long == {}


def test_modules_are_short():
    """Proves that no module is longer than 600 lines."""
    lines = {named(path): path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    assert {name: n for name, n in lines.items() if n > MOST_LINES_OF_A_MODULE} == {}


def test_no_function_is_empty():
    """Proves that nothing is promised and not written: no function has an empty body."""
    empty = []
    for path in MODULES:
        tree = parsed(path)
        protocol = in_protocol(tree)
        empty += [
            f"{named(path)} {node.name}"
            for node in functions(tree)
            if is_empty(node) and node.lineno not in protocol
        ]
    assert sorted(set(empty) - set(MEANT_TO_DO_NOTHING)) == []


@pytest.mark.parametrize(
    ("body", "empty"),
    [
        ("pass", True),
        ("'said'", True),
        ("...", True),
        ("raise NotImplementedError", True),
        ("return 1", False),
        ("raise ValueError", False),
    ],
)
def test_empty_bodies_are_recognised(body, empty):
    """Proves that the test above tells an empty body from a written one."""
    assert is_empty(next(functions(ast.parse(f"def f():\n    {body}")))) is empty


def test_opportunity_types_do_not_import_one_another():
    """Proves that what two types share is a module of its own: none imports another."""
    found = []
    for kind in sorted(TYPES):
        others = tuple(f"openoda.opportunities.{name}" for name in sorted(TYPES - {kind}))
        for path in sorted((OPPORTUNITIES / kind).rglob("*.py")):
            wrong = [name for name in imported(parsed(path)) if name.startswith(others)]
            found += [f"{named(path)} imports {name}" for name in wrong]
    assert found == []


def test_every_folder_of_opportunities_is_a_type_or_shared():
    """Proves that a new opportunity type comes under the rule above."""
    folders = {path.parent.name for path in OPPORTUNITIES.glob("*/__init__.py")}
    assert folders <= TYPES | {"checks"}
    assert folders & TYPES


def test_only_the_platform_module_makes_posix_calls():
    """Proves that what differs between operating systems stands in one module."""
    found = {
        named(path): calls
        for path in sorted(SOURCE.rglob("*.py"))
        if path != PLATFORM and (calls := posix_only(parsed(path)))
    }
    assert found == {}


@pytest.mark.parametrize(
    "code",
    ["import fcntl", "import os\nos.fork()", "from os import kill", "from signal import alarm"],
)
def test_posix_calls_are_recognised(code):
    """Proves that the test above sees a POSIX-only call however it is written."""
    assert posix_only(ast.parse(code))


def test_every_module_of_the_core_imports_without_django():
    """Proves that the core and the command line run with Django uninstalled."""
    done = run_python(
        "import importlib, pkgutil, sys\n"
        "sys.modules['django'] = None\n"
        "import openoda, openoda_cli\n"
        "for package in (openoda, openoda_cli):\n"
        "    for each in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        importlib.import_module(each.name)\n"
    )
    assert done.returncode == 0, done.stderr


def test_help_comes_without_heavy_imports():
    """Proves that starting `oda` imports none of the libraries that take seconds to import."""
    done = run_python(
        f"import sys, openoda_cli.main\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_no_path_of_a_machine_is_written_down():
    """Proves that no tracked text names a folder of somebody's machine."""
    pattern = re.compile(rf"(?<![\w.>)/-])({'|'.join(MACHINE_PATHS)})")
    assert [named(p) for p in text_files() if pattern.search(p.read_text(errors="replace"))] == []


def test_no_package_registry_is_written_down():
    """Proves that no tracked text names a package registry: lock files carry hashes, no address."""
    found = [
        f"{named(path)}: {host}"
        for path in text_files()
        for host in REGISTRIES
        if host in path.read_text(errors="replace")
    ]
    assert found == []
