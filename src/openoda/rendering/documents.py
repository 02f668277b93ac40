"""The documents that rendering turns into files: plain frozen values, with no rule in them.

Whoever fills a document has already decided what is true; rendering decides only how it reads.
Shares and probabilities are 0 to 1, times are days, dates are calendar dates without a zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from openoda.vocabulary.datasets import DataClass
from openoda.vocabulary.labels import Label

Range = tuple[float, float]


@dataclass(frozen=True)
class Notice:
    """A warning a check raised: its code, what it means in plain words, and what to do about it.

    `title` is a short heading for people; where it is empty the code is turned into words.
    """

    code: str
    text: str
    remedy: str = ""
    title: str = ""


@dataclass(frozen=True)
class Link:
    """A link to a file beside this one (`href` is relative), in the words shown to the reader."""

    text: str
    href: str


@dataclass(frozen=True)
class Terms:
    """The trade's own words, so that a page says "critical violation" rather than "positive".

    Each is lower case and fits mid-sentence. `queue` is who works a list ("inspector", "team").
    """

    case: str = "case"
    cases: str = "cases"
    positive: str = "problem"
    positives: str = "problems"
    queue: str = "team"
    queues: str = "teams"


@dataclass(frozen=True)
class Origin:
    """What the page stands on: class of data, licence, source, and how its figures came about.

    `basis` is a sentence fragment such as "Simulated on past inspections".
    """

    data_label: DataClass
    licence: str = ""
    source: str = ""
    label: Label = Label.SIMULATED
    basis: str = ""


class Route(StrEnum):
    """How a row got its place: by the order, or by lottery."""

    RANKED = "ranked"
    LOTTERY = "lottery"


@dataclass(frozen=True)
class WorklistRow:
    """One place on the list.

    `place` counts from 1 within `queue`. `case` is the identifier to send back, `unit` the premises
    or person it concerns. `score` is 0 to 1 or None where the order has none.
    `inclusion_probability` is this row's chance of being on the list, in (0, 1]. `reasons` are
    short plain sentences, strongest first. `details` match the document's `column_titles`.
    """

    place: int
    queue: str
    case: str
    unit: str
    date_due: date | None
    score: float | None
    route: Route
    inclusion_probability: float
    reasons: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorklistDocument:
    """A ranked list for officers to work through, in one or more queues.

    `action` says what an officer is asked to do ("Inspect these premises first"); `period` the time
    the list covers; `order_name` and `order_plain` the order used, as its name and in plain words;
    `capacity` the visits that fit ("40 visits a week for each team"). Rows come in the order shown.
    """

    title: str
    action: str
    made_on: date
    period: str
    run_id: str
    order_name: str
    order_plain: str
    origin: Origin
    capacity: str
    rows: tuple[WorklistRow, ...]
    column_titles: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    terms: Terms = field(default_factory=Terms)
    links: tuple[Link, ...] = ()


class Metric(StrEnum):
    """The measures every order is given, named as in the machine-readable output."""

    FIRST_HALF = "first_half"
    AUC = "auc"
    DAYS_EARLIER = "days_earlier"
    OWN_QUEUE_DAYS_EARLIER = "own_queue_days_earlier"


class OrderRole(StrEnum):
    """What an order is for: the two yardsticks, the simple rule, a model, or another contender."""

    CHANCE = "chance"
    CURRENT = "current"
    RULE = "rule"
    MODEL = "model"
    OTHER = "other"


@dataclass(frozen=True)
class Ties:
    """One measure where equal scores keep the current order, and at their best and worst."""

    current: float
    best: float
    worst: float


@dataclass(frozen=True)
class OrderLine:
    """One way of ordering the work and what it would have achieved.

    Figures are those expected over random order among ties; None where a measure doesn't apply.
    `intervals` holds 95 % intervals and `ties` the tie figures, by measure.
    """

    name: str
    plain: str
    first_half: float | None
    auc: float | None
    days_earlier: float | None
    own_queue_days_earlier: float | None
    intervals: Mapping[Metric, Range] = field(default_factory=dict)
    ties: Mapping[Metric, Ties] = field(default_factory=dict)
    recommended: bool = False
    role: OrderRole = OrderRole.OTHER

    def value(self, metric: Metric) -> float | None:
        """Give the expected figure of one measure."""
        figure: float | None = getattr(self, metric.value)
        return figure


@dataclass(frozen=True)
class MeasureAtK:
    """Of the first `k` cases in an order, the share that were positive and the share of all found.

    `order` is an order's name; `found` is the expected number of positives among the k.
    """

    order: str
    k: int
    precision: float
    recall: float
    found: float
    precision_interval: Range | None = None
    recall_interval: Range | None = None


@dataclass(frozen=True)
class GainPoint:
    """After visiting `visited` (a share of all cases) in an order, the share of positives found."""

    order: str
    visited: float
    found: float


@dataclass(frozen=True)
class OriginLine:
    """One look back: trained on what was known up to `cutoff`, tried on what came next.

    `figures` gives each order's `Metric.FIRST_HALF` or whichever measure the document names in
    `origins_metric`, by order name.
    """

    cutoff: date
    train_rows: int
    test_rows: int
    positives: int
    figures: Mapping[str, float]


@dataclass(frozen=True)
class CalibrationPoint:
    """Cases given about `predicted` chance: how many, and the share that turned out positive."""

    predicted: float
    observed: float
    cases: int
    interval: Range | None = None


@dataclass(frozen=True)
class Section:
    """A heading with its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class PublishedFigure:
    """A figure somebody published, ours beside it, how theirs came about, and where it was said."""

    what: str
    published: str
    ours: str
    label: Label
    source: str


@dataclass(frozen=True)
class InputFile:
    """An input of the run, by the SHA-256 of its bytes."""

    name: str
    sha256: str
    rows: int | None = None


@dataclass(frozen=True)
class Provenance:
    """What it takes to make the same files again: command, seed, inputs, versions."""

    run_id: str
    command: str
    seed: int
    inputs: tuple[InputFile, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recommendation:
    """The order to use, by name, and why in one plain sentence."""

    name: str
    why: str


@dataclass(frozen=True)
class FindingsDocument:
    """Whether the ranking is worth anything: for the manager who must decide to use it.

    `rows`, `test_rows` and `positives` count all cases, those the orders were tried on, and the
    positives among the latter. `summary` are further plain sentences after the recommendation.
    Empty tuples leave their section out.
    """

    title: str
    problem: str
    action: str
    made_on: date
    origin: Origin
    recommendation: Recommendation
    orders: tuple[OrderLine, ...]
    provenance: Provenance
    rows: int
    test_rows: int
    positives: int
    summary: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    measures_at_k: tuple[MeasureAtK, ...] = ()
    gains: tuple[GainPoint, ...] = ()
    origins: tuple[OriginLine, ...] = ()
    origins_metric: Metric = Metric.FIRST_HALF
    calibration: tuple[CalibrationPoint, ...] = ()
    model_card: tuple[Section, ...] = ()
    published: tuple[PublishedFigure, ...] = ()
    terms: Terms = field(default_factory=Terms)
    links: tuple[Link, ...] = ()
