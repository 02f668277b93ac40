"""One value held against the rule of its kind. Nothing is stored or logged."""

from typing import Any

from openoda.standards.uk.registry import standard_of


def check_value(kind: str, value: str) -> dict[str, Any]:
    """What the rule of a kind says of one value, and which rule that is.

    Refuses (Misused) an unknown kind. The words never repeat the value; its canonical form, where it
    has one, is for the person who asked.
    """
    standard = standard_of(kind)
    checked = standard.check(value)
    return {
        "kind": kind,
        "sound": checked.sound,
        "value": checked.value,
        "problem": checked.problem or None,
        "words": checked.words or None,
        "notes": list(checked.notes),
        "rule": standard.rule,
        "source": standard.source,
    }
