"""What holds for every command: exit codes, --json, help, errors, and where the work is kept."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.integration.command import Ran, assert_no_fault, assert_refused, oda, oda_many

COMMANDS = (
    "init", "datasets", "export", "verify", "audit", "intake", "synthetic frame", "synthetic city",
    "disparity", "run", "outcomes", "runs", "reproduce", "data list", "data get", "propose", "profile",
    "standardise", "check-identifier", "addresses match", "schedule add", "schedule list",
    "schedule run", "schedule journal", "schedule remove", "schema list", "schema write",
    "readiness measure", "readiness compare", "link dedupe", "link join", "link specs",
    "link export-splink", "link import-splink", "index update", "index find", "index changes",
    "index undo",
)  # fmt: skip
GROUPS = ("", "data", "synthetic", "addresses", "schedule", "schema", "readiness", "link", "index")
MISUSES: dict[str, tuple[str, ...]] = {
    "unknown command": ("frobnicate",),
    "unknown option": ("intake", "good.csv", "--bogus"),
    "missing file": ("intake", "nowhere.csv", "--class", "open"),
    "missing class": ("intake", "good.csv"),
    "unknown class": ("intake", "good.csv", "--class", "secret"),
    "missing schema": ("intake", "good.csv", "--class", "open", "--schema", "nowhere.json"),
    "schema of other columns": ("intake", "good.csv", "--class", "open", "--schema", "other.json"),
    "workspace is a file": ("intake", "good.csv", "--class", "open", "--workspace", "good.csv"),
    "damaged settings": ("datasets", "--workspace", "damaged"),
    "unknown package": ("run", "no-such-package", "--data", "good.csv"),
    "run without data": ("run", "food-inspections"),
    "run on other columns": ("run", "food-inspections", "--data", "good.csv"),
    "map without =": ("run", "food-inspections", "--data", "good.csv", "--map", "License"),
    "map to an unknown column": (
        "run", "food-inspections", "--data", "good.csv", "--map", "License=zz",
    ),
    "negative seed": ("synthetic", "food-inspections", "--seed", "-1"),
    "out is a file": ("synthetic", "food-inspections", "--out", "good.csv"),
    "disparity without class": ("disparity", "good.csv"),
    "worklist not there": ("outcomes", "nowhere.xlsx"),
    "unknown run": ("reproduce", "food-inspections-0123456789ab"),
    "unknown published data": ("data", "get", "no-such-data"),
    "export of nothing": ("export", "no-such-data"),
    "unknown spec": ("link", "dedupe", "good.csv", "--out", "linked", "--spec", "no-such-spec"),
    "nothing to compare": ("link", "dedupe", "good.csv", "--out", "linked"),
    "no index": ("index", "changes"),
    "no linkage": ("index", "update", "nowhere", "--reason", "x"),
    "unknown schema": ("schema", "write", "no-such-schema"),
}  # fmt: skip
RARE_MISUSES: dict[str, tuple[str, ...]] = {
    "option without its value": ("intake", "good.csv", "--class"),
    "no package": ("run",),
    "folder for a file": ("intake", ".", "--class", "open"),
    "schema that is no JSON": ("intake", "good.csv", "--class", "open", "--schema", "good.csv"),
    "schema without fields": ("intake", "good.csv", "--class", "open", "--schema", "empty.json"),
    "schema of unknown type": ("intake", "good.csv", "--class", "open", "--schema", "odd.json"),
    "long delimiter": ("intake", "good.csv", "--class", "open", "--delimiter", "ab"),
    "settings of odd types": ("datasets", "--workspace", "odd"),
    "package without manifest": ("run", "odd", "--data", "good.csv"),
    "run on a missing file": ("run", "food-inspections", "--data", "nowhere.csv"),
    "map of an unknown name": ("run", "food-inspections", "--data", "good.csv", "--map", "zz=id"),
    "seed that is no number": ("run", "food-inspections", "--data", "good.csv", "--seed", "x"),
    "disparity without columns": ("disparity", "good.csv", "--class", "open"),
    "worklist that is none": ("outcomes", "good.csv"),
    "run outside the workspace": ("reproduce", "../../odd"),
    "schema to turn that is no JSON": ("schema", "write", "good.csv"),
    "schema to turn without fields": ("schema", "write", "empty.json"),
    "last of none": ("audit", "--last", "0"),
}  # fmt: skip


def lay_out(folder: Path) -> None:
    """Put the files that the misuses name into a folder."""
    folder.mkdir(parents=True)
    (folder / "good.csv").write_text("id,name\n1,a\n", encoding="utf-8")
    (folder / "empty.json").write_text("{}", encoding="utf-8")
    odd = {"fields": [{"name": "id", "type": "quaternion"}, {"name": "name", "type": "string"}]}
    (folder / "odd.json").write_text(json.dumps(odd), encoding="utf-8")
    other = {"fields": [{"name": "uprn", "type": "string"}]}
    (folder / "other.json").write_text(json.dumps(other), encoding="utf-8")
    for name, text in (("damaged", "[office\nname = "), ("odd", 'office = 3\nvault = ["x"]\n')):
        (folder / name).mkdir()
        (folder / name / "oda.toml").write_text(text, encoding="utf-8")


def run_all(commands: dict[str, tuple[str, ...]], root: Path) -> dict[str, Ran]:
    """Run commands among the files they name, every second one with --json."""
    for name in commands:
        lay_out(root / name)
    json_too = set(list(commands)[::2])
    return oda_many(
        {name: (*args, *(["--json"] * (name in json_too))) for name, args in commands.items()}, root
    )


@pytest.fixture(scope="module")
def misuses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """The misuses that happen every day."""
    return run_all(MISUSES, tmp_path_factory.mktemp("misuses"))


@pytest.fixture(scope="module")
def rare_misuses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """The misuses that happen once a year."""
    return run_all(RARE_MISUSES, tmp_path_factory.mktemp("rare"))


@pytest.mark.parametrize("name", MISUSES)
def test_misuse_is_refused_in_two_lines(misuses: dict[str, Ran], name: str) -> None:
    """Proves that misuse ends with 2, a line of cause and a line of remedy, never a traceback."""
    assert_refused(misuses[name])


@pytest.mark.long
@pytest.mark.parametrize("name", RARE_MISUSES)
def test_rare_misuse_is_refused_in_two_lines(rare_misuses: dict[str, Ran], name: str) -> None:
    """Proves the same of misuse further off the path."""
    assert_refused(rare_misuses[name])


def test_missing_class_names_the_option(misuses: dict[str, Ran]) -> None:
    """Proves that whoever forgets the class of the data is told which option says it."""
    for name in ("missing class", "disparity without class"):
        assert "--class" in misuses[name].err, misuses[name].told


@pytest.fixture(scope="module")
def helps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """The help of every command and group."""
    names = (*COMMANDS, *GROUPS)
    return oda_many(
        {name or "top": (*name.split(), "--help") for name in names},
        tmp_path_factory.mktemp("helps"),
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example_and_json(helps: dict[str, Ran], name: str) -> None:
    """Proves that each command shows an example of itself and offers --json."""
    ran = helps[name]
    assert ran.code == 0, ran.told
    assert re.search(rf"Example.*\boda {name}\b", ran.out, re.S), ran.told
    assert "--json" in ran.out, ran.told


def test_every_command_is_known_to_these_tests(helps: dict[str, Ran]) -> None:
    """Proves that no command escapes the tests above: the help lists just those."""
    listed = set(re.findall(r"^\W{1,4}([a-z][a-z-]+) {2,}\S", commands_of(helps["top"]), re.M))
    groups = [name for name in GROUPS if name]
    inner = {
        f"{group} {name}"
        for group in groups
        for name in re.findall(r"^\W{1,4}([a-z][a-z-]+) {2,}\S", commands_of(helps[group]), re.M)
    }
    found = {*(listed - set(groups)), *inner}
    assert found == set(COMMANDS)


def commands_of(ran: Ran) -> str:
    """Cut a help text down to its list of commands."""
    assert ran.code == 0, ran.told
    return ran.out[ran.out.index("Commands") :]


def test_json_is_one_object_and_progress_is_elsewhere(tmp_path: Path) -> None:
    """Proves that a program can read standard output whole while people watch standard error."""
    lay_out(tmp_path / "here")
    commands = (
        ("init", "office"),
        ("intake", "good.csv", "--class", "open", "--workspace", "office"),
        ("datasets", "--workspace", "office"),
        ("verify", "--workspace", "office"),
        ("audit", "--workspace", "office"),
        ("runs", "--workspace", "office"),
        ("data", "list"),
    )
    for command in commands:
        ran = oda(*command, "--json", cwd=tmp_path / "here")
        assert ran.code == 0, ran.told
        assert ran.answer, ran.told
        assert "…" not in ran.out, ran.told


def test_nearest_workspace_upwards_is_used(tmp_path: Path) -> None:
    """Proves that a command in a sub-folder works in the office around it, the nearest one."""
    for office in (tmp_path / "outer", tmp_path / "outer" / "a" / "inner"):
        office.parent.mkdir(parents=True, exist_ok=True)
        assert oda("init", office, "--json", cwd=tmp_path).code == 0
    deep = tmp_path / "outer" / "a" / "inner" / "x" / "y"
    deep.mkdir(parents=True)
    (deep / "good.csv").write_text("id\n007\n", encoding="utf-8")
    loaded = oda("intake", "good.csv", "--class", "open", "--json", cwd=deep)
    assert loaded.code == 0, loaded.told
    assert Path(loaded.answer["workspace"]) == tmp_path / "outer" / "a" / "inner"
    listed = oda("datasets", "--json", cwd=deep.parent)
    assert "good" in listed.out, listed.told
    assert "good" not in oda("datasets", "--json", cwd=tmp_path / "outer").out


def test_without_workspace_a_temporary_one_is_named(tmp_path: Path) -> None:
    """Proves that work done outside any office is kept somewhere, and that the output says where."""
    (tmp_path / "good.csv").write_text("id\n007\n", encoding="utf-8")
    plain = oda("intake", "good.csv", "--class", "open", cwd=tmp_path)
    asked = oda("intake", "good.csv", "--class", "open", "--json", cwd=tmp_path)
    assert (plain.code, asked.code) == (0, 0), plain.told + asked.told
    place = Path(asked.answer["workspace"])
    assert (place / "oda.toml").is_file()
    assert not (tmp_path / "oda.toml").exists()
    named = [Path(word) for word in plain.out.split() if (Path(word) / "oda.toml").is_file()]
    assert named, plain.told
    assert named != [place]


def test_init_leaves_an_existing_office_alone(tmp_path: Path) -> None:
    """Proves that making an office where one is does not lose what it holds."""
    assert oda("init", "office", cwd=tmp_path).code == 0
    (tmp_path / "good.csv").write_text("id\n007\n", encoding="utf-8")
    args = ("intake", "good.csv", "--class", "open", "--workspace", "office", "--json")
    assert oda(*args, cwd=tmp_path).code == 0
    assert_no_fault(oda("init", "office", cwd=tmp_path))
    assert "good" in oda("datasets", "--workspace", "office", "--json", cwd=tmp_path).out


def test_package_without_class_asks_for_it(
    tmp_path: Path, package: Path, synthetic_file: Path
) -> None:
    """Proves that a package that doesn't say what its data is leaves that to --class."""
    nameless = tmp_path / "nameless"
    nameless.mkdir()
    for source in package.iterdir():
        (nameless / source.name).write_bytes(source.read_bytes())
    manifest = nameless / "intervention.toml"
    text = manifest.read_text(encoding="utf-8")
    assert text.count('class = "open"\n') == 1
    manifest.write_text(text.replace('class = "open"\n', ""), encoding="utf-8")
    ran = oda("run", nameless, "--data", synthetic_file, "--workspace", "office", cwd=tmp_path)
    assert_refused(ran)
    assert "--class" in ran.err, ran.told
