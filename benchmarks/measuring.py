"""Measuring one command as a process of its own: its seconds, its peak of memory, what it printed.

Seconds are those of the whole process, start-up included. The peak is the operating system's own count
of resident memory, the process's children included. A parent's memory counts as its child's first, so
whoever measures stays small and has large files made by a child. Needs Linux or macOS.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Run:
    """One measured process: seconds, peak in bytes, its last line's JSON; `stopped` past a limit."""

    seconds: float
    peak: int
    told: dict[str, Any] = field(default_factory=dict)
    stopped: bool = False


@dataclass(frozen=True)
class Row:
    """A line of a table of figures: what was done, by whom, how long, how much; `held`: its target."""

    work: str
    side: str
    run: Run
    ratio: str = ""
    target: str = ""
    held: bool = True


def run_apart(command: Sequence[str], limit: float | None = None) -> Run:
    """Run a command and wait for it; at `limit` seconds it is stopped. Ends this run if it fails."""
    # Byte code is kept, as it is in any installation, even where this shell turns that off.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=errors)
        status, usage, stopped = _await(process, begin, limit)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode and not stopped:
            errors.seek(0)
            sys.exit(f"{' '.join(command[:4])} … failed:\n{errors.read().decode()[-2000:]}")
        out.seek(0)
        lines = out.read().decode().splitlines()
    told = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    return Run(seconds, usage.ru_maxrss * UNIT, told, stopped)


def _await(
    process: "subprocess.Popen[bytes]", begin: float, limit: float | None
) -> tuple[int, Any, bool]:
    stopped = False
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            return status, usage, stopped
        if limit is not None and time.perf_counter() - begin > limit and not stopped:
            process.kill()
            stopped = True
        time.sleep(0.005)


def itself(script: str, *arguments: object) -> list[str]:
    """The command that runs a function of a benchmark in a process of its own, see `child`."""
    return [sys.executable, script, "--child", *map(str, arguments)]


def child(functions: dict[str, Callable[..., dict[str, Any] | None]]) -> bool:
    """In a process made by `itself`: call the named function with its arguments, print its JSON."""
    if sys.argv[1:2] != ["--child"]:
        return False
    name, *arguments = sys.argv[2:]
    print(json.dumps(functions[name](*arguments) or {}))
    return True


def show(rows: Sequence[Row]) -> None:
    """The table of figures; ends the run with 1 where a target is missed."""
    head = ("what", "by", "seconds", "peak MB", "ratio", "target", "")
    lines = [head, *[_cells(row) for row in rows]]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    for line in lines:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        )
    missed = [row for row in rows if not row.held]
    if missed:
        sys.exit(f"past a target: {'; '.join(row.work for row in missed)}")


def _cells(row: Row) -> tuple[str, ...]:
    over = "over " if row.run.stopped else ""
    held = ("held" if row.held else "MISSED") if row.target else ""
    return (row.work, row.side, f"{over}{row.run.seconds:.2f}", f"{row.run.peak / 1e6:,.0f}",
            row.ratio, row.target, held)  # fmt: skip


def ready(path: Path, make: Sequence[str]) -> Path:
    """The file or folder, made by a child first where it isn't there."""
    if not path.exists():
        run_apart(make)
    return path
