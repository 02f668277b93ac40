"""What compiled code depends on: what changes elsewhere must never leave the old code running."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np

from openoda.data.intake.dependence import digest_of

LOOP = """
from openoda.data.intake.compiled import compiled
from rules import LIMIT, step

@compiled
def loop(most: int) -> int:
    return step(most) + LIMIT
"""
RULES = """
from openoda.data.intake.compiled import compiled

LIMIT = {limit}

@compiled
def step(most: int) -> int:
    return most * {factor}
"""


def told(folder: Path) -> str:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import loops; print(loops.loop(1))"
    done = subprocess.run(
        [sys.executable, "-B", "-c", code, str(folder)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_kept_code_follows_what_it_was_compiled_with(tmp_path: Path) -> None:
    """Proves that a constant and a loop of another file, once changed, are compiled in anew."""
    (tmp_path / "loops.py").write_text(LOOP, encoding="utf-8")
    found = []
    for limit, factor in ((10, 1), (20, 1), (20, 5)):
        (tmp_path / "rules.py").write_text(
            RULES.format(limit=limit, factor=factor), encoding="utf-8"
        )
        found.append(told(tmp_path))
    assert found == ["11", "21", "25"]


def test_each_kind_of_value_counts() -> None:
    """Proves that numbers, text, tuples, arrays and constants of a module of ours change the digest."""
    rules = ModuleType("openoda.rules")
    digests = set()
    for value in (1, 2.5, "a", (1, 2), np.zeros(3), np.ones(3), np.ones(3, np.uint8), True):
        known = {"VALUE": value, "rules": rules}
        exec("def loop():\n    return VALUE\n", known)
        digests.add(digest_of(known["loop"]))
        rules.OTHER = value
        exec("def loop():\n    return rules.OTHER\n", known)
        digests.add(digest_of(known["loop"]))
    assert len(digests) == 16
