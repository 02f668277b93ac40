"""The installed `oda` command, run for real, and what every test asks of its answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ODA = Path(sys.executable).with_name("oda.exe" if os.name == "nt" else "oda")
AT_ONCE = 2
# Compiled once for all commands of a session, whatever the caller's habits: a third of the time.
BYTECODE = tempfile.TemporaryDirectory(prefix="oda-bytecode-")


@dataclass(frozen=True)
class Ran:
    """One finished command."""

    command: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        """The one strict JSON object that standard output must be."""
        found = json.loads(self.out, parse_constant=refuse_constant)
        assert isinstance(found, dict), self.told
        return found

    @property
    def said(self) -> list[str]:
        """Lines on standard error that aren't progress."""
        return [line for line in self.err.splitlines() if line.strip() and not is_progress(line)]

    @property
    def told(self) -> str:
        """All there is to know about it, for a failing assertion."""
        return f"oda {' '.join(self.command)}\n-> {self.code}\n{self.out[:2000]}\n{self.err[:2000]}"


def refuse_constant(name: str) -> None:
    """Reject NaN and Infinity, which JSON doesn't have."""
    raise AssertionError(f"{name} is no JSON")


def is_progress(line: str) -> bool:
    """Tell a progress line, which ends in an ellipsis, from what must be read."""
    return line.rstrip().endswith("…")


def oda(*args: object, cwd: Path, env: Mapping[str, str] | None = None) -> Ran:
    """Run the command in a folder; its temporary files go to that folder too."""
    command = tuple(str(arg) for arg in args)
    scratch = cwd / "scratch"
    scratch.mkdir(exist_ok=True)
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    settings = {"PYTHONUTF8": "1", "COLUMNS": "100", "PYTHONPYCACHEPREFIX": BYTECODE.name}
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [str(ODA), *command],
        cwd=cwd,
        env={**inherited, **settings, **places, **(env or {})},
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=900,
        check=False,
    )
    return Ran(command, done.returncode, done.stdout, done.stderr)


def oda_many(
    commands: Mapping[str, Sequence[object]],
    root: Path,
    env: Mapping[str, str] | None = None,
) -> dict[str, Ran]:
    """Run independent commands, each in a folder of its own under root, two at a time."""

    def one(name: str) -> Ran:
        """Run one of them in its folder."""
        folder = root / name
        folder.mkdir(parents=True, exist_ok=True)
        return oda(*commands[name], cwd=folder, env=env)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(commands, pool.map(one, commands), strict=True))


def assert_no_fault(ran: Ran) -> None:
    """Whatever happened, it is one of the agreed ends and nobody sees the inside."""
    assert ran.code in (0, 1, 2), ran.told
    assert "Traceback" not in ran.out + ran.err, ran.told
    assert '  File "' not in ran.err, ran.told


def assert_refused(ran: Ran) -> None:
    """Exit 2, one line of cause and one of remedy, and with --json the same as one object."""
    assert_no_fault(ran)
    assert ran.code == 2, ran.told
    assert len(ran.said) == 2, ran.told
    assert all(len(line.split()) > 1 for line in ran.said), ran.told
    if "--json" in ran.command:
        assert isinstance(ran.answer, dict)
    else:
        assert ran.out.strip() == "", ran.told


def assert_done_or_refused(ran: Ran) -> None:
    """Either it worked, with or without findings, or it declined as agreed."""
    assert_no_fault(ran)
    if ran.code == 2:
        assert_refused(ran)
