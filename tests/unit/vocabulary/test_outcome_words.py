"""The six outcome words and what each may teach."""

import pytest

from openoda.vocabulary.outcomes import Outcome


def test_the_six_words_are_those_of_the_drop_down():
    """The words an officer chooses from are exactly these."""
    assert [outcome.value for outcome in Outcome] == [
        "found",
        "not found",
        "no access",
        "wrong address",
        "already known",
        "not visited",
    ]


def test_only_not_found_counts_as_negative():
    """An unvisited place, a closed door or a wrong address is never evidence of absence."""
    assert [outcome for outcome in Outcome if outcome.negative] == [Outcome.NOT_FOUND]


def test_only_found_counts_as_positive():
    """What was already known is no success of the list."""
    assert [outcome for outcome in Outcome if outcome.positive] == [Outcome.FOUND]


@pytest.mark.parametrize("outcome", Outcome)
def test_every_word_is_positive_negative_or_unknown(outcome: Outcome):
    """Each word counts in exactly one way."""
    assert outcome.positive + outcome.negative + outcome.unknown == 1


def test_visits_are_those_where_somebody_went():
    """A closed door used up a visit; a case known before didn't."""
    visited = {outcome for outcome in Outcome if outcome.visited}
    assert visited == set(Outcome) - {Outcome.ALREADY_KNOWN, Outcome.NOT_VISITED}


def test_each_word_is_explained_in_a_sentence_of_its_own():
    """The second sheet can explain every word."""
    meanings = {outcome.meaning for outcome in Outcome}
    assert len(meanings) == len(Outcome)
    assert all(meaning.endswith(".") for meaning in meanings)
