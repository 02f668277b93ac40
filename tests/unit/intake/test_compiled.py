"""Where compiled code is kept, in every kind of installation."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from openoda.data.intake import compiled


def test_a_folder_chosen_by_the_user_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A set NUMBA_CACHE_DIR stays."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", "chosen")
    compiled.settle_cache_folder(tmp_path)
    assert os.environ["NUMBA_CACHE_DIR"] == "chosen"


def test_a_writable_package_keeps_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is set where numba's own place can be written."""
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    compiled.settle_cache_folder(tmp_path)
    assert "NUMBA_CACHE_DIR" not in os.environ


def test_a_package_that_can_not_be_written_uses_the_users_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user's cache folder, and without one a private folder that exists."""
    blocked = tmp_path / "file"
    blocked.write_text("a file where a folder should be")
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    compiled.settle_cache_folder(blocked)
    assert os.environ["NUMBA_CACHE_DIR"] == str(tmp_path / "cache" / "openoda" / "numba")
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(blocked))
    compiled.settle_cache_folder(blocked)
    assert Path(os.environ["NUMBA_CACHE_DIR"]).is_dir()
    assert "openoda-numba" in os.environ["NUMBA_CACHE_DIR"]


def test_the_rules_hold_without_compilation(tmp_path: Path) -> None:
    """The kernels are plain Python too: uncompiled they read a file to the same end."""
    source = tmp_path / "x.csv"
    source.write_bytes(b'a,b\n1,"open\n2,"y\nz"\n3,4\n1,2,3\n')
    program = (
        "import sys; from pathlib import Path; from openoda.data.intake import open_delivery\n"
        "with open_delivery(Path(sys.argv[1])) as d: list(d)\n"
        "print(d.report.accepted, d.report.quarantined)"
    )
    for off in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", program, str(source)],
            env={**os.environ, "NUMBA_DISABLE_JIT": off},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == "2 2\n"
