"""What a dataset may be called: one rule, since its name becomes part of files, reports and commands.

Letters (of any language), digits, hyphens, underscores and dots; 1 to 100 of them, no dot in front. So
no name climbs out of a folder, hides a file, breaks a line or needs quoting.
"""

import re
import unicodedata

from openoda.vocabulary.refusals import Misused

LONGEST = 100
_FITS = re.compile(rf"(?!\.)[\w.-]{{1,{LONGEST}}}")
_OTHERS = re.compile(r"[^\w.-]+")
_NAMELESS = "data"


def require_dataset_name(name: str, where: str = "") -> None:
    """Refuse (Misused) a name that a dataset can't have, with one that it can."""
    if not name.strip():
        raise Misused("A dataset needs a name", remedy="Give it one, such as food-inspections.")
    if not _FITS.fullmatch(name):
        shown = "".join(char if char.isprintable() else "?" for char in name[:40])
        raise Misused(
            f"A dataset can't be called '{shown}{'…' if len(name) > 40 else ''}'",
            where=where,
            remedy="Use letters, digits, hyphens, underscores and dots, at most "
            f"{LONGEST}, and no dot in front; such as: {fitting_name(name)}",
        )


def fitting_name(text: str) -> str:
    """A text made a name that fits: what may not stand in it becomes a hyphen."""
    kept = _OTHERS.sub("-", unicodedata.normalize("NFC", text))
    return kept.strip(".-")[:LONGEST].rstrip(".-") or _NAMELESS


def name_of_file(file_name: str) -> str:
    """The name of the dataset that a file holds: the file's own up to its first dot, made to fit."""
    return fitting_name(file_name.lstrip(".").split(".")[0])


def derived_name(name: str, ending: str) -> str:
    """The name of what is made from a dataset: its own, cut where the two would be too long."""
    return name[: LONGEST - len(ending)] + ending
