"""The documentation holds against the code: nothing stale, nothing left out, nothing made up."""

import ast
import importlib.util
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer._click import exceptions as click

from openoda.custody import settings
from openoda.library.keys import KEYS, LISTS
from openoda.library.shelf import shipped
from openoda.standards.uk import registry
from openoda_cli import main
from openoda_cli.commands import standards

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
WRITTEN_BY_HAND = [page for page in PAGES if page.parent != REFERENCE]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{7,}")


def load_generator():
    spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generator = load_generator()


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """The text under a heading, up to the next heading of the second level."""
    found = re.search(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE
    )
    assert found, f"no section {heading}"
    return found[1]


def fenced(text: str) -> list[str]:
    return re.findall(r"^```[a-z]*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def command_lines() -> list[tuple[str, str]]:
    """Every `oda …` that a page written by hand, or a help text, tells somebody to type."""
    found = []
    for path in WRITTEN_BY_HAND:
        text = path.read_text(encoding="utf-8")
        lines = [line for block in fenced(text) for line in block.splitlines()]
        lines += re.findall(r"`(oda [^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M))
        found += [(named(path), line) for line in lines if line.startswith("oda ")]
    for name, command in generator.commands().items():
        example = command.help.partition("Example:")[2]
        found.append((f"oda {name} --help", " ".join(example.split())))
    return found


def parse(line: str) -> None:
    """Let Typer read a command line, without running it. Raises UsageError where it is wrong.

    A command's name alone is a mention of it, which need only exist.
    """
    words = shlex.split(line, comments=True)[1:]
    command = typer.main.get_command(main.app)
    while hasattr(command, "commands") and words and words[0] in command.commands:
        command, words = command.commands[words[0]], words[1:]
    if hasattr(command, "commands") and words[:1] not in ([], ["--help"]):
        raise click.UsageError(f"there is no command {words[0]}")
    if words in ([], ["--help"]):
        return
    command.make_context("oda", words)


def environment_names() -> set[str]:
    """Names of environment variables that the product reads, by the text of its modules."""
    found = set()
    for path in (ROOT / "src").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(
            isinstance(node, ast.Attribute) and node.attr == "environ" for node in ast.walk(tree)
        ):
            texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
            found |= {text for text in texts if isinstance(text, str) and VARIABLE.fullmatch(text)}
    return found


def oda(*arguments: str, cwd: Path) -> tuple[int, dict]:
    """Run `oda … --json` as a user does: its exit code and its answer."""
    done = subprocess.run(
        [sys.executable, "-c", "from openoda_cli.main import main; main()", *arguments, "--json"],
        cwd=cwd, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout)


@pytest.fixture(scope="module")
def small_package(tmp_path_factory) -> Path:
    """The shipped package with one candidate and a third of the synthetic visits."""
    folder = tmp_path_factory.mktemp("docs") / "package"
    shutil.copytree(shipped() / "food-inspections", folder)
    for name, old, new in (
        ("intervention.toml", '["logistic", "boosting"]', '["logistic"]'),
        ("intervention.toml", "food/chicago_food_model_frame.csv.gz", "none"),
        ("synthetic.toml", "rows = 18000", "rows = 6000"),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, f"{old} is not in {name}"
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def small_run(small_package) -> dict:
    code, answer = oda(
        "run", "package", "--example", "--workspace", "office", cwd=small_package.parent
    )
    assert code == 0, answer
    return answer


def test_no_reference_page_is_stale():
    """Proves that `make docs` would change nothing."""
    assert [named(path) for path in generator.stale()] == []


def test_a_stale_page_is_noticed(tmp_path, monkeypatch, capsys):
    """Proves that --check answers 1 and names the page where a page differs, and writes nothing."""
    folder = tmp_path / "docs" / "reference"
    monkeypatch.setattr(generator, "FOLDER", folder)
    monkeypatch.setattr(generator, "__file__", str(tmp_path / "docs" / "generate.py"))
    assert generator.main([]) == 0
    assert generator.main(["--check"]) == 0
    changed = (folder / "json.md").read_text(encoding="utf-8") + "more\n"
    (folder / "json.md").write_text(changed, encoding="utf-8")
    assert generator.main(["--check"]) == 1
    assert "json.md" in capsys.readouterr().out
    assert (folder / "json.md").read_text(encoding="utf-8") == changed


def test_every_command_and_option_is_documented():
    """Proves that each command has a section with every argument and option, and what code 1 means."""
    text = page("commands.md")
    assert set(generator.FINDINGS) == set(generator.commands())
    for name, command in generator.commands().items():
        here = section(text, f"oda {name}")
        for parameter in command.params:
            argument = (parameter.metavar or parameter.name).upper()
            written = parameter.opts[0] if parameter.opts[0].startswith("-") else argument
            assert written == "--help" or f"`{written}" in here, f"oda {name} {written}"


def test_every_exit_code_is_documented():
    """Proves that the exit codes on the page are those that the entry point gives."""
    codes = {main.DONE, main.FINDINGS, main.REFUSED, main.FAULT, main.INTERRUPTED}
    assert codes == set(generator.EXIT_CODES)


def test_every_manifest_key_is_documented():
    """Proves that each key stands under its table with its meaning."""
    text = page("manifest.md")
    for key in KEYS:
        heading = f"[[{key.table}]]" if key.table in LISTS else f"[{key.table}]"
        here = section(text, heading)
        assert f"| `{key.name}` |" in here, key
        assert key.meaning in here, key


def test_every_table_that_sql_sees_is_documented():
    """Proves that the tables named on the page are those that the features' SQL is given."""
    source = (ROOT / "src/openoda/library/case_table.py").read_text(encoding="utf-8")
    given = set(re.findall(r'^\s*"(\w+)": (?:hidden|table|pa)\b', source, re.MULTILINE))
    assert given == set(generator.SQL_TABLES)


def test_every_setting_and_variable_is_documented():
    """Proves that every key of oda.toml and every environment variable read is on the page."""
    text = page("settings.md")
    known = {f"{table}.{key}" for table, keys in settings._KEYS.items() for key in keys}
    assert known
    for name in known | environment_names():
        assert f"| `{name}` |" in text, name
    assert environment_names() == set(generator.VARIABLES)


def test_every_code_of_a_warning_is_documented():
    """Proves that no caution can be shown whose code the page of checks doesn't have."""
    codes = {module.CODE for module in generator.check_modules()}
    for path in (ROOT / "src/openoda").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Caution":
                first = node.args[0]
                codes |= {first.value} if isinstance(first, ast.Constant) else set()
    text = page("checks.md")
    assert len(codes) > 6
    assert [code for code in sorted(codes) if code not in text] == []


def test_run_answers_with_the_documented_keys(small_package):
    """Proves that `oda run --json` gives exactly the keys on the page, a problem included."""
    folder = small_package.parent
    code, made = oda("synthetic", "package", "--out", "made", cwd=folder)
    assert code == 0, made
    with (folder / made["file"]).open("a", encoding="utf-8") as file:
        file.write("a short row\n")
    code, answer = oda("run", "package", "--data", made["file"], "--class", "synthetic", cwd=folder)
    assert code == 1, answer
    assert generator.paths_in(answer, "run") == set(generator.JSON["run"])


def test_outcomes_answers_with_the_documented_keys(small_package, small_run):
    """Proves that `oda outcomes --json` gives exactly the keys on the page, a problem included."""
    worklist = Path(small_run["files"]["Worklist as CSV"]).read_text(encoding="utf-8")
    rows = worklist.splitlines()
    rows[1] = re.sub(r",,,$", ",found,,", rows[1])
    rows[2] = re.sub(r",,,$", ",perhaps,,", rows[2])
    (small_package.parent / "filled.csv").write_text("\n".join(rows), encoding="utf-8")
    code, answer = oda("outcomes", "filled.csv", "--workspace", "office", cwd=small_package.parent)
    assert code == 1, answer
    assert answer["outcomes"]["found"] == 1
    assert generator.paths_in(answer, "outcomes") == set(generator.JSON["outcomes"])


def test_intake_answers_with_the_documented_keys(tmp_path):
    """Proves that `oda intake --json` gives exactly the keys on the page, a problem included."""
    (tmp_path / "places.csv").write_text("id,name\n1,Hall\n2\n", encoding="utf-8")
    code, answer = oda("intake", "places.csv", "--class", "synthetic", cwd=tmp_path)
    assert code == 1, answer
    assert generator.paths_in(answer, "intake") == set(generator.JSON["intake"])


def test_standardise_answers_with_the_documented_keys(tmp_path):
    """Proves that `oda standardise --json` gives exactly the keys on the page, a problem included."""
    (tmp_path / "places.csv").write_text("id,uprn\n1,x\n2,100023336956\n", encoding="utf-8")
    command = ("standardise", "places.csv", "--class", "synthetic", "--as", "uprn=uprn")
    code, answer = oda(*command, cwd=tmp_path)
    assert code == 1, answer
    assert generator.paths_in(answer, "standardise") == set(generator.JSON["standardise"])


def test_check_identifier_answers_with_the_documented_keys(tmp_path):
    """Proves that `oda check-identifier --json` gives exactly the keys on the page."""
    code, answer = oda("check-identifier", "uprn", "100023336956", cwd=tmp_path)
    assert code == 0, answer
    assert set(answer) == set(generator.JSON["check-identifier"])


def test_every_kind_of_the_command_is_in_the_reference():
    """Proves that the kinds named by the help, in the reference and in the registry are the same."""
    listed = re.findall(r"^\| `([a-z-]+)` \|", page("uk-standards.md"), re.MULTILINE)
    assert listed == registry.kinds()
    assert ", ".join(listed) == standards.KINDS


def test_every_path_in_the_architecture_exists():
    """Proves that the table of where things live, and every path beside it, is answered by the tree."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| [^|]+\? \| `([^`]+)` \|$", section(text, "Where does X live?"), re.M)
    assert len(table) >= 25
    prose = text.split("Not there yet:")[0] + text.split("## Import rules")[1]
    paths = set(table) | {
        each.rstrip("/")
        for each in re.findall(r"`((?:src|tests|docs|interventions)/[^`*]+)`", prose)
    }
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_the_rooms_are_those_of_the_tree():
    """Proves that the architecture's table of rooms has each room there is, and no other."""
    text = section((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), "The rooms")
    rooms = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    tree = {path.parent.name for path in (ROOT / "src/openoda").glob("*/__init__.py")}
    assert rooms == tree


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_links_between_pages_resolve(path):
    """Proves that no link inside the repository leads nowhere."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.M)
    inside = [link for link in LINK.findall(text) if not re.match(r"[a-z]+:|#", link)]
    assert [link for link in inside if not (path.parent / link.split("#")[0]).exists()] == []


@pytest.mark.parametrize(("where", "line"), command_lines())
def test_every_command_line_parses(where, line):
    """Proves that each command shown to a reader exists, with the options shown."""
    if line != "oda …":
        parse(line)


@pytest.mark.parametrize("line", ["oda nothing", "oda run --data", "oda run food --no-such-option"])
def test_wrong_command_lines_are_noticed(line):
    """Proves that the test above fails on a command or option that doesn't exist."""
    with pytest.raises(click.UsageError):
        parse(line)


def test_every_make_target_is_documented():
    """Proves that CONTRIBUTING.md has the Makefile's targets, and no other."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    listed = {
        name for name in re.findall(r"make ([a-zA-Z-]+)", text) if not name.startswith("bench")
    }
    assert listed == targets
    assert "make bench-NAME" in text
    assert "bench-%" in makefile


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=named)
def test_decision_records_are_short(path):
    """Proves that a record is forty lines at most and says what it decided."""
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 40
    for part in ("**Status:**", "**Context.**", "**Decision.**", "**Consequences.**"):
        assert part in text
