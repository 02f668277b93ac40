"""Arrays that grow at their end, at a cost that doesn't depend on how long they are."""

from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

Kind = TypeVar("Kind", bound=np.generic)


class Rows(Generic[Kind]):
    """A column that grows. `all` is a view of what is there, shape (n, …), to read or to change."""

    def __init__(self, kind: type[Kind], width: int = 0) -> None:
        self._room: npt.NDArray[Kind] = np.empty((16, width) if width else 16, kind)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def all(self) -> npt.NDArray[Kind]:
        """What is there."""
        return self._room[: self._length]

    def extend(self, values: npt.NDArray[Any]) -> None:
        """Put `values`, shape (k, …), at the end."""
        needed = self._length + len(values)
        if needed > len(self._room):
            shape = (max(needed, len(self._room) * 3 // 2), *self._room.shape[1:])
            larger = np.empty(shape, self._room.dtype)
            larger[: self._length] = self.all
            self._room = larger
        self._room[self._length : needed] = values
        self._length = needed

    def extend_with(self, value: int, count: int) -> None:
        """Put one value at the end `count` times."""
        self.extend(np.full(count, value, self._room.dtype))
