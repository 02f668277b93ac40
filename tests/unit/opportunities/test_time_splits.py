"""Splits by date never see the future."""

from datetime import date

import numpy as np
import pytest

from openoda.opportunities.time_splits import as_date, holdout, horizon_of, rolling_origins
from openoda.vocabulary.refusals import DataUnfit
from tests.unit.opportunities.test_scorers import made


def test_holdout_splits_between_dates() -> None:
    """Every case learned from is dated before every case tried on, and none is in both."""
    cases = made()
    split = holdout(cases)
    assert cases.day[split.train].max() < cases.day[split.test].min()
    assert not (split.train & split.test).any()
    assert 0.2 < split.test.mean() < 0.3


def test_holdout_keeps_the_dates_given() -> None:
    """Cases between the two dates are in neither part."""
    cases = made()
    split = holdout(cases, date(1970, 6, 1), date(1971, 1, 1))
    assert as_date(cases.day[split.train].max()) <= date(1970, 6, 1)
    assert as_date(cases.day[split.test].min()) >= date(1971, 1, 1)


def test_rolling_origins_look_only_forward() -> None:
    """In each fold what is learned from is earlier than what it is tried on, and folds move on."""
    cases = made()
    split = holdout(cases)
    train = cases.take(split.train)
    folds = rolling_origins(train, 4, horizon_of(cases, split))
    assert len(folds) >= 2
    for fold in folds:
        assert train.day[fold.train].max() < train.day[fold.test].min()
    assert sorted(fold.cutoff for fold in folds) == [fold.cutoff for fold in folds]


def test_too_few_positives_are_refused_in_words() -> None:
    """Nine positives can't be learned from; the refusal says how many and what to do."""
    cases = made(40)
    with pytest.raises(DataUnfit) as refusal:
        holdout(cases.take(np.arange(40) < 12))
    assert "positive" in refusal.value.what
    assert refusal.value.remedy
