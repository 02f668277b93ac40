"""What class of data a dataset is, and where it comes from."""

from dataclasses import dataclass
from enum import StrEnum


class DataClass(StrEnum):
    """Open (published under a licence), synthetic (made up), or personal (about people)."""

    OPEN = "open"
    SYNTHETIC = "synthetic"
    PERSONAL = "personal"


@dataclass(frozen=True)
class Dataset:
    """A named dataset. Personal unless somebody says otherwise."""

    name: str
    data_class: DataClass = DataClass.PERSONAL
    licence: str = ""
    source: str = ""
