"""Write docs/reference from the code, or with --check say which pages no longer match it.

What the code can't say of itself (exit codes, what a key of an answer means) stands here in tables,
which `tests/architecture/test_docs.py` holds against what the commands really do.
"""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import typer

from openoda.custody import settings
from openoda.data.synthetic.visits import DRAWS, HISTORY
from openoda.library.keys import KEYS, LISTS, OPTIONAL, Key
from openoda.office.findings import TITLES
from openoda.opportunities import checks
from openoda.opportunities.prioritise.plan import Kind
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
    "init": "",
    "datasets": "",
    "verify": "A file of the vault or an entry of the audit log is not what was written.",
    "audit": "",
    "intake": "A record was quarantined or a value flagged.",
    "synthetic": "",
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
    "ODA_DEBUG": "Set to anything: a fault of OpenODA prints its traceback (which may show data).",
    "NUMBA_CACHE_DIR": "Where compiled loops are kept. Default: beside the package where that can be "
    "written, else the user's cache folder, else a temporary one.",
    "XDG_CACHE_HOME": "The user's cache folder, if it isn't the usual one.",
    "LOCALAPPDATA": "The same on Windows, which sets it.",
}

WORKSPACE_KEYS = {
    "workspace": "The workspace's folder.",
    "temporary": "Whether that is a temporary one, because none was given or found.",
}
MEASURE_KEYS = {
    "first_half": "Share of positives dealt to the first half of the visits, 0 to 1.",
    "auc": "Chance that a positive is ranked above a negative, 0 to 1.",
    "days_earlier": "Mean days by which positives are reached sooner; negative is later.",
    "own_queue_days_earlier": "The same, reordering only within each queue.",
    "precision_at_k": "Share of positives among the places that capacity allows, 0 to 1.",
    "recall_at_k": "Share of all positives that get such a place, 0 to 1.",
}
REPORT_KEYS = {
    "rows_in": "Records in the file, the header left out.",
    "accepted": "Records taken.",
    "quarantined": "Records kept apart; `rows_in` = `accepted` + `quarantined`.",
    "flagged_values": "Values of accepted records kept raw, and empty or doubted when typed.",
    "problems": "Each kind of trouble.",
    "problems[].reason": "What is wrong.",
    "problems[].column": "The column, or null where it cost the record.",
    "problems[].count": "How often.",
    "problems[].lines": "The first few line numbers, from 1.",
    "sha256": "Hash of the file as delivered; a list where there are several files.",
}
WARNING_KEYS = {
    "warnings": "What could mislead.",
    "warnings[].code": "The check's code: see [checks](checks.md).",
    "warnings[].text": "What was found.",
    "warnings[].remedy": "What to do.",
    "warnings[].evidence": "The figures behind it, by names of the check's own.",
}
JSON: dict[str, dict[str, str]] = {
    "run": {
        "run": "The run's name: a hash of package, data, settings and versions.",
        "rows": "Rows of the data that were read: the accepted records.",
        "test_rows": "Cases the orders were tried on.",
        "positives": "Positives among them.",
        "quarantined": "Rows of the file that were quarantined; they are in no figure.",
        "flagged_values": "Values that could not be typed: kept as they came, empty when typed.",
        "rows_left_out": "Accepted rows without a case id, a unit or a date; they are in no figure.",
        "list": "The worklist.",
        "list.order": "The order that it was made by.",
        "list.made_on": "Its date: the day after the last known outcome, or that of the back-test.",
        "list.places": "How many places it has, over all queues.",
        "list.back_test": "Whether no case waits, so that the list is one of the past.",
        "data": "What the file is.",
        "data.class": "Its class: open, synthetic or personal.",
        "data.class_assumed": "Whether nobody said its class, so that the package's own was taken.",
        "data.licence": "Its licence, empty where it isn't stated.",
        "data.source": "Who published it, empty where it isn't stated.",
        "can_be_acted_on": "The measure that officers can act on: it reorders only their own list.",
        "orders": "Each order by its name.",
        **{
            f"orders.NAME.{key}": f"{text} Expected over ties."
            for key, text in MEASURE_KEYS.items()
        },
        "orders.NAME.interval": "95% intervals.",
        "orders.NAME.interval.MEASURE": "[low, high] of that measure.",
        **{
            f"orders.NAME.{name}": f"The same measures with {words}; only where scores tie."
            for name, words in (
                ("ties_current", "the tied kept in the current order"),
                ("best", "the positives among the tied first"),
                ("worst", "the positives among the tied last"),
            )
        },
        **{
            f"orders.NAME.{name}.MEASURE": "That measure."
            for name in ("ties_current", "best", "worst")
        },
        "rule": "The best one-column rule.",
        "rule.column": "Its feature.",
        "rule.highest_first": "Whether high values go first.",
        "model": "The candidate chosen as the model.",
        "gain_over_rule": "[low, high]: 95% interval of the model's paired gain over the rule.",
        "recommended": "`model` or `rule`.",
        **WARNING_KEYS,
        "problems": "Why rows were quarantined and values flagged: a reason each.",
        "problems[].file": "The file.",
        "problems[].reason": "What was wrong.",
        "problems[].column": "The column, empty where it is the whole row.",
        "problems[].count": "How often.",
        "problems[].lines": "The first lines, counted from 1.",
        "files": "What each file for people is, and where.",
        "files.WHAT": "Its path.",
        **WORKSPACE_KEYS,
    },
    "intake": {
        **REPORT_KEYS,
        "dataset": "The dataset's name.",
        "class": "open, synthetic or personal.",
        "snapshot": "The id of what was stored.",
        "files": "Each file's own report, with the keys above and these:",
        **{f"files[].{key}": "As above, of this file." for key in REPORT_KEYS},
        "files[].file": "The file's name.",
        "files[].bytes": "Its size as delivered.",
        "files[].header_lines": "Lines that the header takes; 0 for Parquet.",
        "files[].columns": "Its columns, in its own order.",
        **WORKSPACE_KEYS,
    },
    "outcomes": {
        "run": "The run that the worklist belongs to.",
        "rows_in": "Rows of the filled worklist.",
        "accepted": "Rows taken.",
        "quarantined": "Rows with a problem.",
        "flagged_values": "Dates of visits that can't be read, in rows that were taken without them.",
        "problems": "Each row with a problem or a flagged value.",
        "problems[].row": "Its number in the file, from 1 for the header.",
        "problems[].what": "What is wrong.",
        "problems[].remedy": "What to do.",
        "problems[].taken": "Whether the row was taken all the same: only its date is missing.",
        "outcomes": "How often each word was reported, by all files of the run so far.",
        "outcomes.WORD": "Cases whose newest word it is.",
        "routes": "By rank (`ranked`) and by lottery (`lottery`).",
        "routes.ROUTE.places": "Places the list had by that route.",
        "routes.ROUTE.visited": "Places somebody went to.",
        "routes.ROUTE.settled": "Visits that settled it: found or not found.",
        "routes.ROUTE.found": "Found.",
        "routes.ROUTE.share_found": "`found` / `settled`, or null where nothing is settled.",
        "routes.ROUTE.interval": "[low, high]: Wilson's 95% interval of that share, or null.",
        "snapshot": "The id of what was stored.",
        "files": "Files of the run so far, this one among them.",
        "changed": "Cases of which an earlier file said another word than not visited.",
        "absent": "Places of the run's list that no file so far has a sound row of.",
    },
}
"""What each key of an answer means. [] is any entry of a list, capitals any name."""

NAMED = {
    "run": {
        "orders": "NAME", "orders.NAME.interval": "MEASURE", "orders.NAME.ties_current": "MEASURE",
        "orders.NAME.best": "MEASURE", "orders.NAME.worst": "MEASURE", "files": "WHAT",
    },
    "intake": {},
    "outcomes": {"outcomes": "WORD", "routes": "ROUTE"},
}  # fmt: skip
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
    """What the answers of run, intake and outcomes hold."""
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
