"""The one place where numba is set up: loops over bytes, compiled once and kept.

numba keeps compiled code beside the module, else in the user's own cache folder. Where a package is
installed read-only for a service account without a home it finds neither and raises at import; so
the folder is settled here, before numba is imported.
"""

import logging
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast, get_args, get_origin

import numpy as np
import numpy.typing as npt

Function = TypeVar("Function", bound=Callable[..., Any])
# Arrays that a compiled loop reads, and arrays that it fills; they are told apart by their shape's
# annotation, which numpy's own types leave free.
Bytes = npt.NDArray[np.uint8]
Small = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
ByteRoom = np.ndarray[tuple[int], np.dtype[np.uint8]]
SmallRoom = np.ndarray[tuple[int], np.dtype[np.int32]]
LongRoom = np.ndarray[tuple[int], np.dtype[np.int64]]
FloatRoom = np.ndarray[tuple[int], np.dtype[np.float64]]
FlagRoom = np.ndarray[tuple[int], np.dtype[np.bool_]]
Marks = np.ndarray[tuple[int, int], np.dtype[np.int32]]
Hashes = np.ndarray[tuple[int, int], np.dtype[np.uint64]]
Program = np.ndarray[tuple[int, int], np.dtype[np.int64]]
MonthNames = np.ndarray[tuple[int, int], np.dtype[np.uint8]]
Words = npt.NDArray[np.uint64]


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

from numba import njit, types  # noqa: E402  (folder first)
from numba.core import event  # noqa: E402

from openoda.data.intake.dependence import digest_of  # noqa: E402

_NUMBA_TYPES: dict[Any, Any] = {
    int: types.int64,
    bool: types.boolean,
    float: types.float64,
    np.uint8: types.uint8,
    np.uint64: types.uint64,
    Bytes: types.Array(types.uint8, 1, "C", readonly=True),
    Small: types.Array(types.int32, 1, "C", readonly=True),
    Longs: types.Array(types.int64, 1, "C", readonly=True),
    Floats: types.Array(types.float64, 1, "C", readonly=True),
    Words: types.Array(types.uint64, 1, "C", readonly=True),
    ByteRoom: types.uint8[::1],
    SmallRoom: types.int32[::1],
    LongRoom: types.int64[::1],
    FloatRoom: types.float64[::1],
    FlagRoom: types.boolean[::1],
    Marks: types.int32[:, ::1],
    Program: types.int64[:, ::1],
    MonthNames: types.uint8[:, ::1],
    Hashes: types.uint64[:, ::1],
}


class _FirstUse(event.TimingListener):
    """Says once in a process that loops are being compiled, since that takes a while."""

    def on_start(self, event: Any) -> None:
        _LOG.info("Preparing OpenODA for this machine. It takes up to a minute, and is kept.")
        _LOG.disabled = True
        super().on_start(event)  # type: ignore[no-untyped-call]


_LOG = logging.getLogger(__name__)
event.register("numba:compile", _FirstUse())  # type: ignore[no-untyped-call]


def compiled(function: Function) -> Function:
    """Compile a loop over bytes: cached on disk, and free of the interpreter's lock.

    It is compiled for the types of its annotations alone, when its module is imported. Left to
    itself numba would compile it anew for every mixture of constants and sizes it is called with.
    What it depends on is part of its name, by which numba keeps it: see `dependence`.
    """
    function.__qualname__ += f"_{digest_of(function)}"
    hints = [hint for name, hint in function.__annotations__.items() if name != "return"]
    signature = tuple(_numba_type(hint) for hint in hints)
    return cast(Function, njit(signature, cache=True, nogil=True)(function))


def _numba_type(hint: Any) -> Any:
    if get_origin(hint) is tuple:
        return types.Tuple([_numba_type(each) for each in get_args(hint)])  # type: ignore[no-untyped-call]
    return _NUMBA_TYPES[hint]
