"""Ids that can be read aloud, typed in, and told from every other."""

import random
from collections import Counter

import numpy as np
import pytest

from openoda.linkage.ledger import ids
from openoda.linkage.ledger.batches import new_bodies
from openoda.linkage.ledger.ids import EntityKind
from openoda.linkage.ledger.state import State
from openoda.vocabulary.refusals import Misused

PERSON = EntityKind.PERSON


def some(count: int, seed: int = 3) -> list[str]:
    return ids.texts(PERSON, ids.drawn(count, random.Random(seed).randbytes))


def test_an_id_says_its_kind_and_is_read_back() -> None:
    """Proves that an id has its kind's prefix and gives its body again, however it is typed."""
    body = ids.drawn(1, random.Random(5).randbytes)
    for kind, prefix in ids.PREFIXES.items():
        (text,) = ids.texts(kind, body)
        assert text.startswith(f"{prefix}-")
        spaced = " ".join([text[:8].lower(), text[8:20], text[20:].replace("-", "")])
        for typed in (text, text.lower(), text.replace("-", ""), spaced):
            assert np.array_equal(ids.parsed(kind, typed), body[0])


def test_no_symbol_looks_like_another_or_spells_a_word() -> None:
    """Proves that the alphabet has no vowel and at most one of each set of look-alikes."""
    assert not set(ids.ALPHABET) & set("AEIOUY")
    for alike in ("0OQD", "1IL", "2Z", "5S", "8B", "UV", "9Q"):
        assert len(set(ids.ALPHABET) & set(alike)) <= 1


def test_every_wrong_symbol_and_every_swap_of_neighbours_is_noticed() -> None:
    """Proves that the check symbol finds all single errors and all swaps, in a hundred ids."""
    for text in some(100):
        prefix, symbols = text[:4], text[4:]
        wrong = [
            symbols[:place] + other + symbols[place + 1 :]
            for place in range(len(symbols))
            for other in ids.ALPHABET
        ]
        wrong += [
            symbols[:place] + symbols[place + 1] + symbols[place] + symbols[place + 2 :]
            for place in range(len(symbols) - 1)
        ]
        for mistyped in {prefix + one for one in wrong} - {text}:
            with pytest.raises(Misused):
                ids.parsed(PERSON, mistyped)


@pytest.mark.parametrize(
    "wrong", ["", "PSN", "PSN-234", "someone", "PSN-" + "A" * 30, "PSN-" + "é" * 30]
)
def test_what_is_no_id_is_refused_without_repeating_it(wrong: str) -> None:
    """Proves that any other text is refused, and isn't put into the refusal."""
    with pytest.raises(Misused) as refusal:
        ids.parsed(PERSON, wrong)
    assert "person" in refusal.value.what
    assert len(wrong) < 4 or wrong not in str(refusal.value)


def test_an_id_of_another_kind_is_refused() -> None:
    """Proves that a person's id isn't taken for a household's, not even with its prefix changed."""
    (text,) = some(1)
    for wrong in (text, text.replace("PSN", "HHD")):
        with pytest.raises(Misused):
            ids.parsed(EntityKind.HOUSEHOLD, wrong)


def test_symbols_are_drawn_evenly() -> None:
    """Proves that no symbol is favoured: each count is within five standard errors of its share."""
    counts = Counter(ids.drawn(20_000, random.Random(7).randbytes).reshape(-1).tolist())
    wanted, share = 20_000 * ids.LENGTH, 1 / len(ids.ALPHABET)
    error = (wanted * share * (1 - share)) ** 0.5
    assert len(counts) == len(ids.ALPHABET)
    assert all(abs(count - wanted * share) < 5 * error for count in counts.values())


def test_an_id_given_before_is_drawn_again() -> None:
    """Proves that neither an old id nor one of the same draw is given twice, whatever the source."""
    state = State(PERSON)
    old = ids.drawn(3, random.Random(1).randbytes)
    state.entities.bodies.extend(old)
    stutters = iter([random.Random(1), random.Random(1), random.Random(2)])
    source = [next(stutters)]

    def draw(count: int) -> bytes:
        found = source[0].randbytes(count)
        source[0] = next(stutters, source[0])
        return found

    bodies = new_bodies(state, 3, draw)
    assert len({body.tobytes() for body in np.concatenate([old, bodies])}) == 6
