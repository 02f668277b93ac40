"""Small cases drawn by hand, for tests that can be checked with a pencil."""

import numpy as np

from openoda.opportunities.cases import Cases, in_current_order


def cases(
    days: list[int],
    outcomes: list[float],
    queue: list[str] | None = None,
    unit: list[str] | None = None,
    **features: list[float] | list[str],
) -> Cases:
    """Cases numbered from 1, one a day given."""
    n = len(days)
    return in_current_order(
        case=np.arange(1, n + 1).astype(float),
        unit=np.array(unit or [f"u{i}" for i in range(n)]),
        day=np.array(days),
        outcome=np.array(outcomes, dtype=float),
        queue=np.array(queue) if queue else None,
        features={
            name: np.array(values, dtype=float if isinstance(values[0], float | int) else str)
            for name, values in features.items()
        },
    )
