"""The forecast against twenty differently damaged pairs of extracts.

The damage (`extract_damage`) was written before the forecast, by somebody who knew what was asked for
and not how it would be done. The forecast sees each party's statistics and the number in common; the
realised recall comes from linking the two tables by the same rules. Two classes, so that two workers
can share them.
"""

import pytest

from tests.generative.readiness_parties import tried

MOST = 0.05


def must_be_near(number: int) -> None:
    """Forecast and link a pair; they differ by five points at most."""
    pair = tried(number)
    said = f"{pair.name}: {pair.forecast}, realised {pair.realised:.3f}"
    assert pair.forecast.low <= pair.forecast.recall <= pair.forecast.high, said
    assert abs(pair.miss) <= MOST, said


class TestFirstTen:
    """Pairs 1 to 10."""

    @pytest.mark.parametrize("number", range(1, 11))
    def test_the_forecast_is_within_five_points(self, number: int) -> None:
        """Proves that forecast and realised recall of the pair differ by five points at most."""
        must_be_near(number)


class TestLastTen:
    """Pairs 11 to 20."""

    @pytest.mark.parametrize("number", range(11, 21))
    def test_the_forecast_is_within_five_points(self, number: int) -> None:
        """Proves that forecast and realised recall of the pair differ by five points at most."""
        must_be_near(number)
