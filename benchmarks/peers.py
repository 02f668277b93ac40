"""Environments of the peers that can't live in ours: made once, in `.venv-peers/`.

Each holds what its peer needs and no more. Where there is no network the peer isn't measured, and the
run says so.
"""

import subprocess
import sys
import venv
from pathlib import Path

FOLDER = Path(__file__).parents[1] / ".venv-peers"
WANTED = {
    "frictionless": ["frictionless==5.21.0"],
    "ydata-profiling": ["ydata-profiling==4.18.4", "pyarrow", "setuptools<81"],
    "uk_address_matcher": ["uk_address_matcher==1.5.3", "pyarrow"],
}


def python_of(peer: str) -> str | None:
    """The path of a peer's Python, its environment made where absent; None where it can't be."""
    folder = FOLDER / peer
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    done = folder / "ready"
    if not done.is_file():
        print(f"Installing {peer} into {folder.relative_to(FOLDER.parent)} ...", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", *WANTED[peer]]
        if subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode:
            print(f"{peer} can't be installed here, so it isn't measured", flush=True)
            return None
        done.touch()
    return str(python)
