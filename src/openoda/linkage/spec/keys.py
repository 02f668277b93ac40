"""Every key that a spec file may hold: reading, writing and the JSON Schema all go by these tables."""

import math
from dataclasses import dataclass
from enum import StrEnum

from openoda.linkage.spec.conditions import LIKENESSES, OF_TEXT, Measure
from openoda.linkage.spec.model import LinkType, Reads


class Kind(StrEnum):
    """What a key's value is."""

    TEXT = "a text"
    TEXTS = "a list of texts"
    NUMBER = "a number"
    YES = "true or false"
    TABLE = "a table"
    TABLES = "a list of tables"


@dataclass(frozen=True)
class Range:
    """Numbers from `least` to `most`; `above`, `below`: that end itself isn't one of them."""

    least: float
    most: float = math.inf
    above: bool = False
    below: bool = False

    def __contains__(self, value: float) -> bool:
        low = self.least < value if self.above else self.least <= value
        return low and (value < self.most if self.below else value <= self.most)

    def __str__(self) -> str:
        if self.most == math.inf:
            return f"{self.least:g} or more"
        if self.above:
            return f"above {self.least:g} and {'below' if self.below else 'at most'} {self.most:g}"
        return f"{self.least:g} to {self.most:g}"


@dataclass(frozen=True)
class Key:
    """One key. `of`: what the tables in it are; `yes_or_table`: `true` may stand for the table."""

    kind: Kind
    meaning: str
    needed: bool = False
    choices: tuple[str, ...] = ()
    range: Range | None = None
    of: str = ""
    yes_or_table: bool = False
    only_true: bool = False


Keys = dict[str, Key]
SHARE = Range(0, 1)
CONDITION, LEVEL = "condition", "level"
MISSING, EVIDENCE = "missing", "evidence"
"""What `counts_as` says of a level: it says nothing of the pair, or it does."""

TABLES: dict[str, Keys] = {
    "spec": {
        "name": Key(Kind.TEXT, "The spec's name.", needed=True),
        "link_type": Key(
            Kind.TEXT,
            "Pairs within one source (dedupe, the default), between sources (link), or both.",
            choices=tuple(LinkType),
        ),
        "prior": Key(
            Kind.NUMBER,
            "The probability that two records drawn at random match; absent until trained.",
            range=Range(0, 1, above=True, below=True),
        ),
        "recall": Key(
            Kind.NUMBER,
            "The share of matches that the certain rules find (0.7), for Splink; not used here.",
            range=Range(0, 1, above=True),
        ),
        "columns": Key(Kind.TABLES, "The columns that the spec speaks of.", True, of="column"),
        "block": Key(Kind.TABLES, "Blocking rules: which pairs are looked at.", True, of="rule"),
        "certain": Key(
            Kind.TABLES,
            "Rules whose pairs nearly all match, for Splink's prior; ours is learned without.",
            of="rule",
        ),
        "compare": Key(Kind.TABLES, "What is compared of each pair.", True, of="comparison"),
    },
    "column": {
        "name": Key(Kind.TEXT, "What the spec calls it.", needed=True),
        "aliases": Key(
            Kind.TEXTS, "What files may call it; capitals, spaces, _ and - don't matter."
        ),
        "reads": Key(
            Kind.TEXT, "What its values are read as (text by default).", choices=tuple(Reads)
        ),
        "from": Key(Kind.TEXTS, "The columns that it is worked out from, if it isn't in the file."),
        "by": Key(Kind.TEXT, "How it is worked out from them: the name of a derivation."),
    },
    "rule": {
        "on": Key(Kind.TEXTS, "The columns in which two records agree.", needed=True),
        "where": Key(Kind.TABLE, "What must hold of the pair besides.", of=CONDITION),
    },
    "comparison": {
        "name": Key(Kind.TEXT, "The comparison's name.", needed=True),
        "levels": Key(
            Kind.TABLES, "Of a pair, the first that holds counts; the last is otherwise.", True,
            of=LEVEL,
        ),
    },
    "frequency": {
        "column": Key(Kind.TEXT, "Whose values' frequency counts.", needed=True),
        "weight": Key(Kind.NUMBER, "The adjustment's exponent (1).", range=SHARE),
        "least_u": Key(Kind.NUMBER, "No value counts as rarer than this (0).", range=SHARE),
    },
}  # fmt: skip

LEVEL_KEYS: Keys = {
    "label": Key(Kind.TEXT, "The level in words."),
    "m": Key(Kind.NUMBER, "How often it holds of pairs that match.", range=SHARE),
    "u": Key(Kind.NUMBER, "How often it holds of pairs that don't.", range=SHARE),
    "term_frequency": Key(
        Kind.TABLE,
        "Weigh by how common the value is; true stands for the column of the level's exact test.",
        of="frequency",
        yes_or_table=True,
    ),
    "fixed": Key(Kind.YES, "Training leaves m and u alone."),
    "counts_as": Key(
        Kind.TEXT,
        "Whether the level is one of missing values, which say nothing (the default of a plain "
        "missing test), or evidence (of any other).",
        choices=(MISSING, EVIDENCE),
    ),
}
"""What a level may hold beside its test."""

_OTHER = Key(Kind.TEXT, "The right-hand record's column, where it isn't the same one.")


def bound_of(measure: Measure) -> str:
    """The key of a measure's bound."""
    return "at_least" if measure in LIKENESSES else "at_most"


def range_of(measure: Measure) -> Range:
    """What a measure's bound may be: texts are alike by 0 to 1, distances are 0 or more."""
    return SHARE if measure in LIKENESSES & OF_TEXT else Range(0)


def _measure(measure: Measure, meaning: str) -> Keys:
    word = "least" if measure in LIKENESSES else "greatest"
    return {
        measure.value: Key(Kind.TEXT, f"The column: {meaning}.", needed=True),
        bound_of(measure): Key(Kind.NUMBER, f"The {word} that counts.", True,
                               range=range_of(measure)),
        "other": _OTHER,
    }  # fmt: skip


FORMS: dict[str, Keys] = {
    "missing": {"missing": Key(Kind.TEXT, "The column of which either has no value.", True)},
    "exact": {"exact": Key(Kind.TEXT, "The column whose values are equal.", True), "other": _OTHER},
    "jaro": _measure(Measure.JARO, "Jaro similarity of two texts, 0 to 1"),
    "jaro_winkler": _measure(Measure.JARO_WINKLER, "Jaro-Winkler similarity of two texts, 0 to 1"),
    "levenshtein": _measure(Measure.LEVENSHTEIN, "letters put in, taken out or changed"),
    "damerau_levenshtein": _measure(Measure.DAMERAU, "the same, a swap of neighbours being one"),
    "days": _measure(Measure.DAYS, "days between two dates"),
    "number": _measure(Measure.NUMBER, "difference of two numbers"),
    "share": _measure(Measure.SHARE, "difference of two numbers as a share of the larger"),
    "kilometres": _measure(Measure.KILOMETRES, "great-circle distance of two points"),
    "members": _measure(Measure.MEMBERS, "how many members two lists share"),
    "all": {"all": Key(Kind.TABLES, "Tests that all hold.", True, of=CONDITION)},
    "any": {"any": Key(Kind.TABLES, "Tests of which one holds.", True, of=CONDITION)},
    "not": {"not": Key(Kind.TABLE, "A test that is false.", True, of=CONDITION)},
    "otherwise": {
        "otherwise": Key(Kind.YES, "Whatever no level before holds of.", True, only_true=True)
    },
}
"""The forms of a test, by the key that says which it is."""

FORMS_OF = {
    LEVEL: dict(FORMS),
    CONDITION: {name: keys for name, keys in FORMS.items() if name != "otherwise"},
}
"""The tests that may stand as a level's, and inside another test or a rule."""
READ_AS = {
    **dict.fromkeys(OF_TEXT, Reads.TEXT),
    Measure.DAYS: Reads.DATE,
    Measure.NUMBER: Reads.NUMBER,
    Measure.SHARE: Reads.NUMBER,
    Measure.KILOMETRES: Reads.POINT,
    Measure.MEMBERS: Reads.LIST,
}
"""What a column must be read as for each measure."""
