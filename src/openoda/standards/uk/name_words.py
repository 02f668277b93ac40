"""Words in names that are not names: titles, suffixes, particles, and words of organisations.

The lists are our own, of what British extracts hold; no official list exists. A word in `MAYBE_TITLES`
or `MAYBE_SUFFIXES` is a name too (Lord, Master, Junior), so it counts only where two other words stand
beside it. All in capitals without dots.
"""

TITLES = frozenset(
    (
        "MR", "MRS", "MISS", "MS", "MX", "MSTR", "DR", "PROF", "PROFESSOR", "REV", "REVD", "REVEREND",
        "SIR", "DAME", "HON", "CLLR", "COUNCILLOR", "CAPT", "LT", "COL", "SGT", "CPL", "PTE", "CANON",
        "FR", "RABBI", "IMAM", "MESSRS", "MADAM", "MME", "MLLE", "HRH", "RT", "VEN",
    )
)  # fmt: skip
MAYBE_TITLES = frozenset(
    (
        "LORD", "LADY", "MASTER", "MAJOR", "CAPTAIN", "FATHER", "SISTER", "BROTHER", "BARON",
        "BARONESS", "EARL", "COUNT", "COUNTESS", "VISCOUNT", "SHEIKH", "DOCTOR", "MISTER", "PASTOR",
        "SERGEANT", "COLONEL",
    )
)  # fmt: skip
SUFFIXES = frozenset(
    (
        "JR", "JNR", "SR", "SNR", "ESQ", "ESQUIRE", "II", "III", "IV", "OBE", "MBE", "CBE", "KBE", "DBE",
        "QC", "KC", "JP", "MP", "PHD", "BSC", "MSC", "MD", "FRCS", "RN", "DECD", "DECEASED",
    )
)  # fmt: skip
MAYBE_SUFFIXES = frozenset(("JUNIOR", "SENIOR"))
PARTICLES = frozenset(
    (
        "VAN", "VON", "DER", "DEN", "DE", "DI", "DA", "DO", "DOS", "DAS", "DU", "DEL", "DELLA", "LE",
        "LA", "LES", "TER", "TEN", "TE", "ZU", "ZUR", "AF", "AP", "AB", "FERCH", "MAC", "MC", "O",
        "NI", "NIC", "UI", "ST", "SAINT", "AL", "EL", "BIN", "IBN", "BINT", "BINTI", "ABU",
    )
)  # fmt: skip
AND_WORDS = frozenset(("AND", "OR"))
ORGANISATIONS = frozenset(
    (
        "LTD", "LIMITED", "PLC", "LLP", "INC", "TRUST", "TRUSTEES", "COUNCIL", "ASSOCIATION",
        "PROPERTIES", "HOMES", "HOLDINGS", "LETTINGS", "COMPANY", "CIC", "CHURCH", "SCHOOL",
    )
)  # fmt: skip
NOBODY = frozenset(
    (
        "OCCUPIER", "THE OCCUPIER", "OWNER", "THE OWNER", "RESIDENT", "THE RESIDENT", "UNKNOWN",
        "NOT KNOWN", "NAME UNKNOWN", "NO NAME", "VACANT", "VOID", "TBC", "TBA", "NOT APPLICABLE",
        "NOT GIVEN", "NOT PROVIDED", "ANONYMOUS", "TENANT", "THE TENANT",
    )
)  # fmt: skip
ON_BEHALF = frozenset(("EXECUTORS", "EXORS", "EXECUTOR", "REPRESENTATIVES", "ESTATE"))

# What a word can be, as bits: how `names.layout` sees a name.
TITLE, MAYBE_TITLE, SUFFIX, MAYBE_SUFFIX, PARTICLE, COMMA = 1, 2, 4, 8, 16, 32

_KINDS = (
    (TITLES, TITLE),
    (MAYBE_TITLES, MAYBE_TITLE),
    (SUFFIXES, SUFFIX),
    (MAYBE_SUFFIXES, MAYBE_SUFFIX),
    (PARTICLES, PARTICLE),
)
SPECIAL = AND_WORDS | ORGANISATIONS | ON_BEHALF | {word for each in NOBODY for word in each.split()}
"""Words that can make a name no person's."""


def kinds_of(word: str) -> int:
    """What a folded word can be, as the sum of its bits; 0 for an ordinary name."""
    return sum(bit for words, bit in _KINDS if word in words)
