"""What a prioritisation is to do: capacity, splits, orders to try, and when to trust a model."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from openoda.opportunities.cases import Cases
from openoda.opportunities.measures import MEASURES
from openoda.opportunities.reasons import Words
from openoda.opportunities.time_splits import as_day
from openoda.vocabulary.refusals import Misused


def with_dates_that_fit(plan: "Plan", cases: Cases) -> "Plan":
    """The plan, without its dates where the cases don't reach over both: then time itself cuts."""
    known = cases.day[cases.known]
    if plan.test_from is None or not len(known):
        return plan
    until = plan.train_until or plan.test_from
    if known.min() <= as_day(until) and known.max() >= as_day(plan.test_from):
        return plan
    return replace(plan, train_until=None, test_from=None)


class Kind(StrEnum):
    """How a named order is made."""

    LOGISTIC = "logistic"
    LOGISTIC_WITH_QUEUE = "logistic-with-queue"
    QUEUE_RATE = "queue-rate"
    COLUMN = "column"


@dataclass(frozen=True)
class OrderSpec:
    """An order that the package wants shown beside the built-in ones."""

    name: str
    plain: str
    kind: Kind
    features: tuple[str, ...] = ()


BUILT_IN = ("actual", "chance", "rule", "model")
CANDIDATES = ("logistic", "boosting", "lightgbm")


@dataclass(frozen=True)
class Plan:
    """Settings of one prioritisation.

    visits: places a period (one list, or one a queue where `per_queue`). lottery_share: 0 to 1.
    primary: the measure that decides. margin: in that measure's unit, what the model must surely
    gain over the rule. features: those offered to rule and model (empty: all). origins: how many
    rolling origins inside the training period.
    """

    visits: int
    per_queue: bool = False
    lottery_share: float = 0.1
    primary: str = "own_queue_days_earlier"
    margin: float = 0.0
    train_until: date | None = None
    test_from: date | None = None
    origins: int = 4
    candidates: tuple[str, ...] = ("logistic", "boosting")
    features: tuple[str, ...] = ()
    orders: tuple[OrderSpec, ...] = ()
    words: dict[str, Words] = field(default_factory=dict)
    history: bool = False

    def __post_init__(self) -> None:
        wrong = self._wrong()
        if wrong:
            raise Misused(
                "; ".join(wrong), where="the plan", remedy="Correct the package's settings."
            )

    def must_fit(self, features: dict[str, bool], order: str | None = None) -> None:
        """Refuse (Misused) a plan that speaks of features or an order that there are none of.

        features: name to whether it is a number. order: the order asked for by name, if any.
        """
        spoken = dict.fromkeys([*self.features, *(f for o in self.orders for f in o.features)])
        absent = [name for name in spoken if name not in features]
        words = [
            o.name
            for o in self.orders
            if o.kind is Kind.COLUMN and (len(o.features) != 1 or not features.get(o.features[0]))
        ]
        names = [*BUILT_IN, *(o.name for o in self.orders)]
        for wrong, what, remedy in (
            (absent, "The SQL gives no features of these names", "Correct the names or the SQL."),
            (words, "A column order needs one numeric feature", "Name one number in its features."),
            (
                [order] if order is not None and order not in names else [],
                "There is no order of this name",
                f"Choose among: {', '.join(names)}.",
            ),
        ):
            if wrong:
                raise Misused(what, where=", ".join(wrong), remedy=remedy)

    def _wrong(self) -> list[str]:
        names = [order.name for order in self.orders]
        tests = {
            "visits must be at least 1": self.visits < 1,
            "lottery share must be from 0 to 1": not 0 <= self.lottery_share <= 1,
            f"primary must be one of {', '.join(MEASURES)}": self.primary not in MEASURES,
            "margin can't be negative": self.margin < 0,
            f"candidates must be among {', '.join(CANDIDATES)}": not self.candidates
            or not set(self.candidates) <= set(CANDIDATES),
            f"orders can't be called {', '.join(BUILT_IN)} or repeat a name": len(set(names))
            < len(names)
            or bool(set(names) & set(BUILT_IN)),
        }
        return [words for words, broken in tests.items() if broken]
