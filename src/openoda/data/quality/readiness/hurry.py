"""Whether what differs for other reasons than a slip gathers, too, on records that were made in a hurry.

A record with gaps has more slips (`gathering`). If it is also older or less cared for, more of what it
says has changed since; and some slips are so great that they look like another value. People who are in
the file twice show how far: their two records differ more often where they have gaps.
Source: the likelihood of Poisson counts given their sum, which needs no rate of any field (Cameron and
Trivedi, Regression Analysis of Count Data, 2nd ed., section 9.3).
"""

from collections.abc import Sequence

import numpy as np

from openoda.data.quality.readiness.fields import Array, Mask

Seen = tuple[Array, Mask]
"""Of one field's pairs: the relative rate of slips to be expected, and whether they differ."""
_USUAL, _SPREAD = 0.3, 0.3
_SHARES = np.linspace(0, 1, 21)


def share_gathered(seen: Sequence[Seen]) -> float:
    """The share of other differences that goes with the rate of slips, drawn towards what is usual.

    With it g, a pair with relative rate r differs (1 − g + g r) times as often as the field's pairs do.
    """
    weight = -0.5 * ((_SHARES - _USUAL) / _SPREAD) ** 2
    for relative, differ in seen:
        if differ.any():
            times = 1 - _SHARES[:, None] + _SHARES[:, None] * relative[None, :]
            weight += np.log(np.maximum(times[:, differ], 1e-3)).sum(axis=1)
            weight -= differ.sum() * np.log(np.maximum(times.sum(axis=1), 1e-3))
    chances = np.exp(weight - weight.max())
    return round(float(chances @ _SHARES / chances.sum()), 2)
