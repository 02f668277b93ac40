"""The guide's own package, taken from the page as a reader would take it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.integration.command import oda
from tests.integration.samples import REPOSITORY

GUIDE = REPOSITORY / "docs" / "guide" / "first-worklist.md"


def block_after(text: str, name: str) -> str:
    """Give the first fenced block after the first mention of a file."""
    found = re.search(r"```\w+\n(.*?)```", text[text.index(f"`{name}`") :], re.DOTALL)
    assert found, name
    return found[1]


def test_the_package_of_the_guide_runs_as_printed(tmp_path: Path) -> None:
    """Proves that the files printed in the guide make a package that runs and says what is printed."""
    text = GUIDE.read_text(encoding="utf-8")
    chapter = text[text.index("## 8.") :]
    script = tmp_path / "make_damp.py"
    script.write_text(block_after(chapter, "make_damp.py"), encoding="utf-8")
    subprocess.run([sys.executable, str(script)], cwd=tmp_path, check=True)
    package = tmp_path / "damp-homes"
    package.mkdir()
    for name in ("intervention.toml", "schema.json", "features.sql"):
        content = block_after(chapter, f"damp-homes/{name}")
        (package / name).write_text(content, encoding="utf-8")
    ran = oda("run", package, "--data", "damp.csv", "--class", "synthetic", cwd=tmp_path)
    assert ran.code == 0, ran.told
    printed = re.search(r"The first lines.*?```\n(.*?)```", chapter, re.DOTALL)
    assert printed
    said = " ".join(ran.out.split())
    for paragraph in printed[1].strip().split("\n\n"):
        assert " ".join(paragraph.split()) in said, ran.out
    refused = oda("run", package, "--data", "damp.csv", cwd=tmp_path)
    assert refused.code == 2, refused.told
