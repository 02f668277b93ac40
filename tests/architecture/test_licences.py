"""Every package that OpenODA installs for those who use it has a permissive licence.

The tree is walked from pyproject.toml's dependencies and extras by what is installed here; a package
of an extra that isn't installed is named in the skip, not passed over in silence.
"""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
DEVELOPMENT = "dev"

ALLOWED = {
    "0bsd", "apache", "apache-2.0", "apache-2.0-with-llvm-exception", "bsd", "bsd-2-clause",
    "bsd-3-clause", "cc0-1.0", "hpnd", "isc", "lgpl", "lgpl-2.1", "lgpl-3.0", "mit", "mit-0", "mit-cmu",
    "mpl-2.0", "psf-2.0", "python-2.0", "unlicense", "zlib",
}  # fmt: skip
"""Permissive or weak copyleft, in the words that `normal` gives."""

OVERRIDES: dict[str, tuple[str, str]] = {
    "skops": ("MIT", "metadata names no licence; the LICENSE file in the wheel is the MIT one"),
}
"""Package to licence and reason, where its metadata is vague."""

SPELLINGS = {
    r"(the )?mit( license)?( \(mit\))?|expat": "mit",
    r"(the )?apache( software)?( license)?,?( version)? ?-?2(\.0)?( license)?": "apache-2.0",
    r"apache( software)? license|apache": "apache",
    r"(new |modified )?bsd( license)?|simplified bsd": "bsd",
    r"(the )?(3-clause bsd|bsd[ -]3-clause)( license)?": "bsd-3-clause",
    r"(2-clause bsd|bsd[ -]2-clause)( license)?": "bsd-2-clause",
    r"(mozilla public license 2\.0( \(mpl 2\.0\))?|mpl[ -]2(\.0)?)": "mpl-2.0",
    r"(python software foundation( license)?|psf(l)?|psf-?2\.0)": "psf-2.0",
    r"isc( license)?( \(iscl\))?": "isc",
    r"(the )?unlicense( \(unlicense\))?": "unlicense",
    r"gnu lesser general public license.*|lgpl.*": "lgpl",
    r"historical permission notice and disclaimer \(hpnd\)": "hpnd",
    r"zlib/libpng license": "zlib",
}


def normal(text: str) -> str:
    """One licence's name as `ALLOWED` has it, or as it came, in lower case."""
    text = " ".join(text.lower().split())
    for pattern, name in SPELLINGS.items():
        if re.fullmatch(pattern, text):
            return name
    return re.sub(r"-(only|or-later)$", "", text).replace(" with ", "-with-")


def allows(expression: str) -> bool:
    """Whether an expression of names, AND, OR and brackets asks for nothing beyond `ALLOWED`."""
    expression = expression.strip()
    for word, combine in ((" or ", any), (" and ", all)):
        parts = split_at(expression, word)
        if len(parts) > 1:
            return combine(allows(part) for part in parts)
    if expression.startswith("(") and expression.endswith(")"):
        return allows(expression[1:-1])
    return normal(expression) in ALLOWED


def split_at(expression: str, word: str) -> list[str]:
    """The parts between `word`, in any case, where it stands in no brackets."""
    parts, depth, start, at = [], 0, 0, 0
    while at < len(expression):
        depth += {"(": 1, ")": -1}.get(expression[at], 0)
        if depth == 0 and expression[at : at + len(word)].lower() == word:
            parts.append(expression[start:at])
            start = at = at + len(word)
        else:
            at += 1
    return [*parts, expression[start:]]


def said_licences(about: metadata.PackageMetadata) -> list[str]:
    """What the metadata says, the most exact way first: expression, classifiers, free text."""
    if expression := about.get("License-Expression"):
        return [expression]
    classifiers = [
        line.split(" :: ")[-1]
        for line in about.get_all("Classifier", [])
        if line.startswith("License :: ") and not line.endswith("OSI Approved")
    ]
    if classifiers:
        return classifiers
    first_line = (about.get("License") or "").strip().split("\n")[0]
    return [first_line] if first_line else []


def fault(name: str, about: metadata.PackageMetadata) -> str:
    """What is wrong with the package's licence; empty where nothing is."""
    said = [OVERRIDES[name][0]] if name in OVERRIDES else said_licences(about)
    if not said:
        return f"{name}: says nothing of its licence"
    wrong = [licence for licence in said if not allows(licence)]
    return f"{name}: {'; '.join(wrong)}" if wrong else ""


def roots() -> list[Requirement]:
    """What pyproject.toml asks for: the core and every extra that users install."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    lines = list(project["dependencies"])
    for extra, wanted in project["optional-dependencies"].items():
        lines += wanted if extra != DEVELOPMENT else []
    return [Requirement(line) for line in lines]


def installed_tree() -> tuple[dict[str, metadata.PackageMetadata], set[str]]:
    """Every installed package under the roots by its name, and the names of those not installed."""
    found: dict[str, metadata.PackageMetadata] = {}
    absent: set[str] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = roots()
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if (name, frozenset(wanted.extras)) in seen:
            continue
        seen.add((name, frozenset(wanted.extras)))
        try:
            distribution = metadata.distribution(wanted.name)
        except metadata.PackageNotFoundError:
            absent.add(name)
            continue
        found[name] = distribution.metadata
        for line in distribution.requires or []:
            needed = Requirement(line)
            extras = wanted.extras or {""}
            if needed.marker is None or any(needed.marker.evaluate({"extra": e}) for e in extras):
                waiting.append(needed)
    return found, absent


def test_every_licence_is_permissive():
    """Proves that no package of the core or of an installed extra binds those who use OpenODA."""
    found, _ = installed_tree()
    assert len(found) > len(roots()) // 2, "the tree was not walked"
    assert [wrong for name, about in sorted(found.items()) if (wrong := fault(name, about))] == []


def test_the_whole_core_is_installed():
    """Proves that the test above saw all of the core; extras may be left out of an environment."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    core = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    _, absent = installed_tree()
    assert absent & core == set()
    if absent:
        pytest.skip(f"licences of extras that aren't installed were not seen: {sorted(absent)}")


def test_overrides_are_needed_and_reasoned():
    """Proves that no package is excused that could speak for itself, or without a reason."""
    found, _ = installed_tree()
    for name, (licence, reason) in OVERRIDES.items():
        assert allows(licence), name
        assert len(reason) > 20, name
        if name in found:
            said = said_licences(found[name])
            assert not said or not all(allows(each) for each in said), f"{name} needs no override"


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("MIT License", True),
        ("Apache-2.0 AND (MIT OR GPL-3.0-only)", True),
        ("BSD-3-Clause AND GPL-3.0-only", False),
        ("GPL-3.0-or-later", False),
        ("AGPL-3.0-only", False),
        ("GNU Affero General Public License v3", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", True),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", False),
        ("BSD-2-Clause AND Apache-2.0 WITH LLVM-exception", True),
        ("Mozilla Public License 2.0 (MPL 2.0)", True),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_expressions_are_judged(expression, allowed):
    """Proves that GPL and AGPL fail however they are written, and that AND and OR are kept apart."""
    assert allows(expression) is allowed
