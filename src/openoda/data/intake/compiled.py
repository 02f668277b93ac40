"""The one place where numba is set up: loops over bytes, compiled once and kept.

numba keeps compiled code beside the module, else in the user's own cache folder. Where a package is
installed read-only for a service account without a home it finds neither and raises at import; so
the folder is settled here, before numba is imported.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

Function = TypeVar("Function", bound=Callable[..., Any])
Bytes = npt.NDArray[np.uint8]
Small = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def settle_cache_folder(package: Path) -> None:
    """Name a folder for numba's cache where `package` can't hold it; leave a user's choice alone.

    The folder is one that this user can write, or as a last resort a private one that lasts as long
    as the machine's temporary files (cached code is run, so it is never shared with other users).
    """
    if os.environ.get("NUMBA_CACHE_DIR") or _writable(package / "__pycache__"):
        return
    for folder in _user_caches():
        if _writable(folder):
            os.environ["NUMBA_CACHE_DIR"] = str(folder)
            return
    os.environ["NUMBA_CACHE_DIR"] = tempfile.mkdtemp(prefix="openoda-numba-")


def _user_caches() -> list[Path]:
    named = [os.environ.get(name) for name in ("XDG_CACHE_HOME", "LOCALAPPDATA")]
    found = [Path(name) / "openoda" / "numba" for name in named if name]
    try:
        found.append(Path.home() / ".cache" / "openoda" / "numba")
    except RuntimeError:  # no home at all
        return found
    return found


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


settle_cache_folder(Path(__file__).parent)

import numba  # noqa: E402  (only after the cache folder is settled)


def compiled(function: Function) -> Function:
    """Compile a loop over bytes: cached on disk, and free of the interpreter's lock."""
    return cast(Function, numba.njit(cache=True, nogil=True)(function))
