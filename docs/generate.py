"""Write docs/reference from the code, or with --check say which pages no longer match it.

What the code can't say of itself (exit codes, what a key of an answer means) stands here in tables,
which `tests/architecture/test_docs.py` holds against what the commands really do.
"""

import importlib
import inspect
import json
import pkgutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import typer

from openoda.custody import settings
from openoda.data.quality import catalogue, dimensions, drift, kinds, rule_files
from openoda.data.synthetic.visits import DRAWS, HISTORY
from openoda.library.keys import KEYS, LISTS, OPTIONAL, Key
from openoda.office.findings import TITLES
from openoda.office.profile_document import CHANGES
from openoda.opportunities import checks
from openoda.opportunities.prioritise.plan import Kind
from openoda.standards.uk import gss, registry
from openoda_cli.main import app

FOLDER = Path(__file__).parent / "reference"
MADE = "<!-- Written by docs/generate.py: change the code, then run `make docs`. -->\n"

EXIT_CODES = {
    0: "Done.",
    1: "Done, with findings: the command says which.",
    2: "Refused, or misused. One line of cause and one of remedy on standard error.",
    3: "A fault of OpenODA itself. `ODA_DEBUG=1` shows where.",
    130: "Interrupted.",
}
FINDINGS = {
    "addresses match": "An address stayed ambiguous or wasn't found.",
    "init": "",
    "datasets": "",
    "export": "",
    "verify": "A file of the vault or an entry of the audit log is not what was written.",
    "audit": "",
    "intake": "A record was quarantined or a value flagged.",
    "propose": "Something is doubtful, or a record looked at can't be read so.",
    "schedule add": "",
    "schedule list": "",
    "schedule run": "A delivery has findings, has drifted, was stopped by its columns, or failed.",
    "schedule journal": "",
    "schedule remove": "",
    "readiness measure": "A record of the file was quarantined.",
    "readiness compare": "",
    "link dedupe": "A record of the file was quarantined.",
    "link join": "A record of a file was quarantined.",
    "link specs": "",
    "link export-splink": "",
    "link import-splink": "",
    "index update": "The batch changed more than batches do: it says what.",
    "index find": "",
    "index changes": "",
    "index undo": "",
    "schema list": "",
    "schema write": "A Table Schema can't hold something that the published schema says.",
    "standardise": "A value has a problem, or a row of the file was quarantined.",
    "check-identifier": "The value has a problem.",
    "synthetic frame": "",
    "synthetic city": "",
    "profile": "Something is to be put right (`must` or `should`), or the delivery has drifted.",
    "disparity": "A group is wrongly picked more often than the reference, surely and by much.",
    "data list": "",
    "data get": "",
    "run": "A row of the file was quarantined or a value flagged; the run is finished all the same.",
    "outcomes": "A row of the filled worklist has a problem, or a date that can't be read.",
    "runs": "",
    "reproduce": "A file is not what it was.",
}
"""What exit code 1 means for each command; empty where it doesn't occur."""

ORDER_KINDS = {
    "logistic": "Logistic regression on `features`.",
    "logistic-with-queue": "The same with whose queue a case is in, as part of the score.",
    "queue-rate": "The past rate of positives of each queue, and nothing else.",
    "column": "The first of `features`, highest first.",
}
RECIPE_KINDS = {
    "flag": ("share", "1 with the chance `share`, else 0"),
    "normal": ("mean, sd", "normally distributed"),
    "gamma": ("mean", "gamma distributed with shape 2"),
    "choice": ("values, weights", "one of `values`, by `weights`"),
    "last_outcome": (
        "weight, extra",
        "what the last visit found, times `weight`, plus a Poisson count",
    ),
    "years_since": ("most", "years since the last visit, at most `most`"),
    "first_visit": ("", "1 where there is no earlier visit"),
    "age": ("mean", "years since a beginning drawn for each unit"),
}
SQL_TABLES = {
    "cases": "One row a case: the schema's columns without the outcome. With `history = true`, only "
    "the cases of the period for which a list is made.",
    "history": "Only with `history = true`: all visits before the period began, with their outcomes.",
    "list_date": "Only with `history = true`: one row with the date `list_date` the period began.",
}
SETTINGS = {"office.name": f"The office's name. Default: {settings.DEFAULT_OFFICE}."}
VARIABLES = {
    "OPENODA_DATA": "Folder with published data at hand, for `oda run PACKAGE --example`. Default: "
    "`../shared/data`.",
    "ARROW_DEFAULT_MEMORY_POOL": "Where Arrow takes memory from. `oda synthetic city` sets it to "
    "`system` where it isn't set: that takes less memory.",
    "ODA_PASSWORD": "The password of a database that `oda intake` or `oda schedule run` reads.",
    "MYSQL_PWD": "The same for MySQL and MariaDB, as their own tools have it.",
    "ODA_DEBUG": "Set to anything: a fault of OpenODA prints its traceback (which may show data).",
    "NUMBA_CACHE_DIR": "Where compiled loops are kept. Default: beside the package where that can be "
    "written, else the user's cache folder, else a temporary one.",
    "XDG_CACHE_HOME": "The user's cache folder, if it isn't the usual one.",
    "LOCALAPPDATA": "The same on Windows, which sets it.",
}

_ANSWERS = json.loads((Path(__file__).parent / "answer_keys.json").read_text(encoding="utf-8"))
JSON: dict[str, dict[str, str]] = _ANSWERS["keys"]
"""What each key of an answer means. [] is any entry of a list, capitals any name."""

NAMED: dict[str, dict[str, str]] = _ANSWERS["names"]
"""Objects whose keys are names, and what stands for a name."""

FREE = ("warnings[].evidence",)
"""Objects whose keys differ with what was found."""

JSON_NOTES = """Every command takes `--json` and then prints one object on standard output; progress
and errors go to standard error. A refusal prints `{"refused": {"cause": …, "remedy": …}}`, a fault of
OpenODA `{"fault": {"cause": …, "remedy": …}}`, each with its exit code. A figure without a value
(nothing to divide by) is null.
"""


def commands() -> dict[str, Any]:
    """Every command of `oda` by its words, in the order of the help."""
    found: dict[str, Any] = {}
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        if hasattr(command, "commands"):
            found |= {f"{name} {inner}": each for inner, each in command.commands.items()}
        else:
            found[name] = command
    return found


def quality_page() -> str:
    """What `oda profile` tests: dimensions, faults, kinds, drift, and the keys of a rules file."""
    parts = ["# Data quality\n", "What `oda profile` tests, and the words it uses.\n"]
    parts.append("## The six dimensions\n")
    parts.append(f"{inspect.cleandoc(dimensions.__doc__ or '')}\n")
    told = ((name.value, text) for name, text in dimensions.DEFINITIONS.items())
    parts.append(_table(("dimension", "definition"), told))
    parts.append("## Faults found without a rule of yours\n")
    faults = (
        (
            f"`{code}`",
            one.title.format(about="…"),
            one.severity.value,
            one.dimension.value,
            one.rule.replace("{about}", "…"),
        )
        for code, one in catalogue.CATALOGUE.items()
    )
    parts.append(_table(("code", "title", "severity", "dimension", "rule"), faults))
    parts.append("## Kinds of columns\n")
    parts.append(f"{inspect.cleandoc(kinds.__doc__ or '')}\n")
    known = ((f"`{code}`", one.title, one.must, one.source) for code, one in kinds.KINDS.items())
    parts.append(_table(("kind", "a column of", "each value is", "source"), known))
    parts.append("## Drift\n")
    parts.append(f"{inspect.cleandoc(drift.__doc__ or '')}\n")
    parts.append(_table(("code", "what changed"), ((f"`{k}`", v) for k, v in CHANGES.items())))
    limits = ((f"`{name}`", f"{getattr(drift, name):g}") for name in DRIFT_LIMITS)
    parts.append(_table(("threshold", "value"), limits))
    parts += _rules_file()
    return "\n".join(parts)


DRIFT_LIMITS = ("VOLUME", "GAPS", "CATEGORIES", "SHARE", "COMMON", "MIDDLE")


def _rules_file() -> Iterator[str]:
    yield "## A rules file\n"
    yield (
        "TOML or JSON: any number of `[[rule]]` and `[[repeat]]`. The SQL is DuckDB's dialect, one "
        "expression over the columns and `as_at` (the day of `--as-at`); it reaches no file and no "
        "network. [An example](../guide/examples/oxford-hmo/rules.toml).\n"
    )
    for name, keys in rule_files.KEYS.items():
        yield f"### [[{name}]]\n"
        rows = (
            (f"`{key}`", "text" if one.kind is str else "list of texts",
             "must be given" if one.needed else "may be left out", one.meaning)
            for key, one in keys.items()
        )  # fmt: skip
        yield _table(("key", "type", "", "meaning"), rows)


def commands_page() -> str:
    """`oda`'s commands: what each does, takes and answers."""
    parts = ["# Commands\n", "Every command also takes `--help`.\n", "## Exit codes\n"]
    parts.append(_table(("code", "meaning"), ((str(n), text) for n, text in EXIT_CODES.items())))
    for name, command in commands().items():
        about, _, example = inspect.cleandoc(command.help).partition("Example:")
        parts.append(f"## oda {name}\n")
        parts.append(f"{about.strip()}\n")
        parts.append(f"```\n{' '.join(example.split())}\n```\n")
        given = [each for each in command.params if each.name != "help"]
        parts.append(_table(("", "meaning", "default"), map(_parameter, given)))
        finding = FINDINGS[name]
        parts.append(f"Exit code 1: {finding}\n" if finding else "Exit code 1 doesn't occur.\n")
    return "\n".join(parts)


def _parameter(given: Any) -> tuple[str, str, str]:
    """One argument or option: how it is written, its meaning, its default."""
    value = (given.metavar or given.name).upper()
    is_option = given.opts[0].startswith("-")
    is_switch = getattr(given, "is_flag", False)
    if not is_option:
        written = f"{value}…" if given.nargs == -1 else value
    else:
        written = given.opts[0] if is_switch else f"{given.opts[0]} {given.opts[0][2:].upper()}"
    if given.required:
        default = "must be given"
    elif "Default:" in (given.help or ""):
        default = "as said"
    elif is_switch or given.default in (None, "", ()):
        default = "none"
    else:
        default = f"`{given.default}`"
    return f"`{written}`", given.help or "", default


def manifest_page() -> str:
    """Every key of intervention.toml, and the words that some of them take."""
    _must_match("kinds of orders", ORDER_KINDS, [kind.value for kind in Kind])
    _must_match("recipe kinds", RECIPE_KINDS, [*DRAWS, *HISTORY])
    parts = ["# intervention.toml\n", "An intervention package is a folder with this file."]
    parts.append("`oda run FOLDER` reports every mistake in it at once.\n")
    for table in dict.fromkeys(key.table for key in KEYS):
        heading = f"[[{table}]]" if table in LISTS else f"[{table}]"
        may = ", or stand any number of times" if table in LISTS else ""
        parts.append(f"## {heading}\n")
        if table in OPTIONAL:
            parts.append(f"May be left out{may}.\n")
        rows = (_key(key) for key in KEYS if key.table == table)
        parts.append(_table(("key", "type", "meaning", "default"), rows))
    parts.append("## Kinds of orders\n")
    parts.append(_table(("kind", "the order"), ((f"`{k}`", t) for k, t in ORDER_KINDS.items())))
    parts.append("## Tables that the features' SQL may use\n")
    parts.append(
        "One SELECT in DuckDB's dialect that gives exactly one row a case, its id as `case`. It "
        "reaches no file and no network.\n"
    )
    parts.append(_table(("table", "holds"), ((f"`{k}`", t) for k, t in SQL_TABLES.items())))
    parts += _recipe()
    return "\n".join(parts)


def _recipe() -> Iterator[str]:
    yield "## The recipe for synthetic data\n"
    yield (
        "The file that `[data] synthetic` names. `[frame]`: rows, units, from, to, gap_from, gap_to, "
        "queues, strictness (log odds, one a queue). `[roles]`: case, unit, date, outcome, queue. "
        "`[outcome]`: rate, and effects in log odds for each standard deviation of a column. "
        "`[[columns]]`: name, kind, `of` (unit, date or visit: what the value belongs to), and what "
        "the kind takes:\n"
    )
    rows = ((f"`{kind}`", takes, text) for kind, (takes, text) in RECIPE_KINDS.items())
    yield _table(("kind", "takes", "gives"), rows)


def _key(key: Key) -> tuple[str, str, str, str]:
    kinds = key.kind if isinstance(key.kind, tuple) else (key.kind,)
    said = " or ".join(TYPES[kind] for kind in kinds)
    if key.default is None:
        default = "must be given"
    elif isinstance(key.default, bool):
        default = f"`{str(key.default).lower()}`"
    elif key.default in ("", [], {}):
        default = "none"
    else:
        default = f"`{key.default}`".replace("'", '"')
    choices = f" One of {', '.join(f'`{word}`' for word in key.choices)}." if key.choices else ""
    return f"`{key.name}`", said, key.meaning + choices, default


TYPES: dict[Any, str] = {
    str: "text", int: "whole number", float: "number", bool: "true or false", list: "list",
    date: "date",
    dict: "table",
}  # fmt: skip


def settings_page() -> str:
    """The keys of oda.toml, and the environment variables that are read."""
    known = [f"{table}.{key}" for table, keys in settings._KEYS.items() for key in keys]
    _must_match("settings", SETTINGS, known)
    return "\n".join(
        [
            "# Settings\n",
            "## oda.toml\n",
            "Stands in the workspace's folder and makes it one. An unknown key is refused.\n",
            _table(("key", "meaning"), ((f"`{k}`", text) for k, text in SETTINGS.items())),
            "## Environment variables\n",
            _table(("variable", "meaning"), ((f"`{k}`", text) for k, text in VARIABLES.items())),
        ]
    )


def json_page() -> str:
    """What the answers of the commands in `JSON` hold."""
    parts = ["# JSON\n", JSON_NOTES]
    for name, keys in JSON.items():
        parts.append(f"## oda {name} --json\n")
        parts.append(_table(("key", "meaning"), ((f"`{k}`", text) for k, text in keys.items())))
    return "\n".join(parts)


def paths_in(answer: Any, command: str, at: str = "") -> set[str]:
    """Every key of a command's answer, written as in `JSON`."""
    found: set[str] = set()
    if isinstance(answer, list):
        for entry in answer:
            found |= paths_in(entry, command, f"{at}[]") if isinstance(entry, dict) else set()
    elif isinstance(answer, dict) and at not in FREE:
        stands = NAMED[command].get(at)
        for key, value in answer.items():
            here = f"{at}.{stands or key}" if at else (stands or key)
            named = stands is not None and isinstance(value, dict)
            found |= (set() if named else {here}) | paths_in(value, command, here)
    return found


def check_modules() -> list[Any]:
    """The modules of the checks, by name: those that have a code."""
    names = sorted(each.name for each in pkgutil.iter_modules(checks.__path__))
    modules = [importlib.import_module(f"{checks.__name__}.{name}") for name in names]
    return [module for module in modules if hasattr(module, "CODE")]


def checks_page() -> str:
    """Each check: its code, what it looks at, and its thresholds."""
    parts = ["# Checks\n", f"{inspect.cleandoc(checks.__doc__ or '')}\n"]
    for module in check_modules():
        parts.append(f"## {module.CODE}\n")
        parts.append(f"On the pages: *{TITLES[module.CODE]}*.\n")
        parts.append(f"{inspect.cleandoc(module.__doc__ or '')}\n")
        parts += [f"`{each.__name__}`: {inspect.cleandoc(each.__doc__)}\n" for each in _own(module)]
        numbers = [
            (f"`{name}`", f"{value:g}")
            for name, value in vars(module).items()
            if name.isupper() and isinstance(value, int | float)
        ]
        parts.append(_table(("threshold", "value"), numbers))
    known = {module.CODE for module in check_modules()}
    rest = ((f"`{code}`", f"{title}.") for code, title in TITLES.items() if code not in known)
    parts.append("## Said besides\n")
    parts.append("Notices of the run itself, from what the package and the file are.\n")
    parts.append(_table(("code", "title"), rest))
    return "\n".join(parts)


def uk_standards_page() -> str:
    """Every kind of value: its rule, the official source, its edge cases."""
    return "\n".join(
        [
            "# UK standards\n",
            "What `oda standardise` and `oda check-identifier` hold values against. Well-formed is not "
            "existing: no rule asks a register.\n",
            _table(("kind", "rule", "source", "edge cases"), _standards()),
            f"The table of GSS entities is as at {gss.entities_as_at()}.\n",
        ]
    )


def _standards() -> Iterator[tuple[str, str, str, str]]:
    for kind, rule, source, edges in registry.table():
        yield f"`{kind}`", rule, source, edges


def _own(module: Any) -> list[Any]:
    """The module's public functions, as written: the check, and what it rests on."""
    own = [
        each
        for each in vars(module).values()
        if inspect.isfunction(each) and each.__module__ == module.__name__
    ]
    return [each for each in own if not each.__name__.startswith("_") and each.__doc__]


def _must_match(what: str, said: Any, real: list[str]) -> None:
    if set(said) != set(real):
        odd = ", ".join(sorted(set(said) ^ set(real)))
        raise SystemExit(f"docs/generate.py and the code differ in {what}: {odd}")


def _table(titles: tuple[str, ...], rows: Any) -> str:
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    if not cells:
        return ""
    lines = [titles, ["---"] * len(titles), *cells]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


PAGES = {
    "commands.md": commands_page,
    "manifest.md": manifest_page,
    "settings.md": settings_page,
    "json.md": json_page,
    "checks.md": checks_page,
    "uk-standards.md": uk_standards_page,
    "quality.md": quality_page,
}


def written() -> dict[Path, str]:
    """Every page's path and text."""
    return {FOLDER / name: MADE + "\n" + make() for name, make in PAGES.items()}


def stale() -> list[Path]:
    """Pages that are absent or not as the code says, and pages that nothing writes."""
    pages = written()
    wrong = [
        path
        for path, text in pages.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    return wrong + [path for path in sorted(FOLDER.glob("*")) if path not in pages]


def main(arguments: list[str]) -> int:
    """Write the pages; with --check write nothing and answer 1 where one is stale."""
    if arguments == ["--check"]:
        for path in stale():
            print(f"{path.relative_to(Path(__file__).parents[1])} is stale: run `make docs`")
        return 1 if stale() else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in written().items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
