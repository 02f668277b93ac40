"""`labels-seen-only-for-visited`: how much of what exists has anybody ever looked at?"""

import numpy as np

from openoda.opportunities.cases import Cases, Texts
from openoda.opportunities.checks.caution import Caution

CODE = "labels-seen-only-for-visited"
ENOUGH_SEEN = 0.9


def labels_seen_only_for_visited(cases: Cases, universe: Texts | None) -> Caution | None:
    """Compare the units with a known outcome with all units that exist.

    `universe`: ids of all units, or None. Without it, units listed without any outcome stand in;
    where every row is a visit, nothing can be said, and that is said.
    """
    seen = np.unique(cases.unit[cases.known])
    everything = np.unique(cases.unit if universe is None else universe)
    if universe is None and len(everything) == len(seen):
        return Caution(
            CODE,
            "Unknown: every row is a visit. Places that nobody visited are not in this file, so "
            "nothing here says how the list would do on them.",
            "Give the full register with --universe FILE to see what share was ever visited.",
            {"share_seen": None},
        )
    share = float(np.isin(everything, seen).mean()) if len(everything) else 1.0
    if share >= ENOUGH_SEEN:
        return None
    return Caution(
        CODE,
        f"Only {share:.0%} of the {len(everything):,} units that exist were ever visited with a "
        "known outcome. What is learned holds for those; the others may differ.",
        "Keep the lottery places, so that unvisited units are seen, and judge the list again.",
        {"share_seen": share, "units": len(everything)},
    )
