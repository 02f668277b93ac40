"""Made-up documents for the tests: premises and figures that belong to no real place."""

import math
import random
from datetime import date, timedelta

from openoda.rendering.documents import (
    CalibrationPoint,
    FindingsDocument,
    GainPoint,
    InputFile,
    Link,
    MeasureAtK,
    Metric,
    Notice,
    OrderLine,
    OrderRole,
    Origin,
    OriginLine,
    Provenance,
    PublishedFigure,
    Recommendation,
    Route,
    Section,
    Terms,
    Ties,
    WorklistDocument,
    WorklistRow,
)
from openoda.vocabulary.datasets import DataClass
from openoda.vocabulary.labels import Label

TERMS = Terms(
    "inspection",
    "inspections",
    "critical violation",
    "critical violations",
    "inspector",
    "inspectors",
)
ORIGIN = Origin(
    DataClass.SYNTHETIC,
    "MIT",
    "OpenODA’s synthetic recipe for food inspections",
    Label.SIMULATED,
    "Simulated on past inspections",
)
LINKS = (
    Link("Worklist to fill in (XLSX)", "worklist.xlsx"),
    Link("What the ranking is worth", "findings.html"),
)
_REASONS = (
    "A critical violation was found at the last inspection.",
    "The last inspection was 412 days ago.",
    "It serves food to eat on the premises.",
    "It has a tobacco licence.",
    "It opened less than four years ago.",
    "There were many sanitation complaints nearby in the 90 days before.",
)
_KINDS = ("Café", "Bakery", "School kitchen", "Grocery", "Takeaway", "Market hall")
NOTICES = (
    Notice(
        "staff-identity-dominates",
        "Most of the gain comes from knowing who will inspect, not what is inspected. "
        "Moving work between inspectors would not find more.",
        "Use the figures for each inspector’s own queue, and leave the inspector out of the model.",
        "The gain comes from who inspects",
    ),
    Notice(
        "feature-moves-with-visit",
        "The column temperatureMax is the weather on the day of the visit. "
        "Nobody knows it when the list is made.",
        "Use a forecast, or the average for that week of the year.",
    ),
)


def row(number: int, queue: str, place: int, source: random.Random) -> WorklistRow:
    """Make one row; about one in ten came by lottery."""
    lottery = source.random() < 0.1
    kind = source.choice(_KINDS)
    return WorklistRow(
        place=place,
        queue=queue,
        case=f"{number:07d}",
        unit=f"{kind} {number}, {source.randint(1, 240)} Sample Street",
        date_due=date(2030, 9, 2) + timedelta(days=place),
        score=None if lottery else 1 / (place + 1),
        route=Route.LOTTERY if lottery else Route.RANKED,
        inclusion_probability=0.08 if lottery else 1.0,
        reasons=() if lottery else tuple(source.sample(_REASONS, source.randint(1, 3))),
        details=("High", f"{source.randint(1, 9) * 100} metres"),
    )


def worklist(queues: int = 3, each: int = 6, **changes: object) -> WorklistDocument:
    """Make a worklist of `queues` times `each` rows; `changes` replace fields."""
    source = random.Random(7)
    rows = tuple(
        row(queue * each + place, f"Inspector {queue + 1}", place, source)
        for queue in range(queues)
        for place in range(1, each + 1)
    )
    fields: dict[str, object] = {
        "title": "Food premises to inspect first",
        "action": "Inspect these premises in this order",
        "made_on": date(2030, 9, 1),
        "period": "2 September to 31 October 2030",
        "run_id": "run-20300901-7f3a",
        "order_name": "past-critical",
        "order_plain": "whether a critical violation was found last time",
        "origin": ORIGIN,
        "capacity": f"{each} inspections for each inspector",
        "rows": rows,
        "column_titles": ("Risk class", "Distance"),
        "notices": NOTICES,
        "terms": TERMS,
        "links": LINKS,
    }
    return WorklistDocument(**{**fields, **changes})  # type: ignore[arg-type]


def orders() -> tuple[OrderLine, ...]:
    """Make seven orders, with ties for one and intervals for most."""
    own, days, half, auc = (
        Metric.OWN_QUEUE_DAYS_EARLIER,
        Metric.DAYS_EARLIER,
        Metric.FIRST_HALF,
        Metric.AUC,
    )

    def line(
        name: str, plain: str, figures: tuple[float, float, float, float], role: OrderRole
    ) -> OrderLine:
        first, told, any_queue, own_queue = figures
        intervals = {
            own: (own_queue - 0.9, own_queue + 0.8),
            days: (any_queue - 1.6, any_queue + 1.5),
            half: (first - 0.06, first + 0.06),
            auc: (told - 0.03, told + 0.03),
        }
        return OrderLine(
            name,
            plain,
            first,
            told,
            any_queue,
            own_queue,
            intervals,
            {},
            name == "past-critical",
            role,
        )

    tied = line("past-critical", "A violation last time", (0.531, 0.52, 0.4, 0.3), OrderRole.RULE)
    return (
        OrderLine("actual", "Current order", 0.546, 0.5, 0.0, 0.0, role=OrderRole.CURRENT),
        OrderLine("chance", "Chance", 0.5, 0.5, -0.4, -0.3, role=OrderRole.CHANCE),
        OrderLine(
            tied.name,
            tied.plain,
            tied.first_half,
            tied.auc,
            tied.days_earlier,
            tied.own_queue_days_earlier,
            tied.intervals,
            {half: Ties(0.589, 0.61, 0.44), days: Ties(1.8, 9.4, -8.8)},
            True,
            OrderRole.RULE,
        ),
        line("model", "Our model", (0.58, 0.6, 2.4, 0.9), OrderRole.MODEL),
        line(
            "no-inspector",
            "The city’s model without the inspector",
            (0.57, 0.59, 2.3, 0.8),
            OrderRole.OTHER,
        ),
        line("city-model", "The city’s model", (0.69, 0.68, 7.4, 1.75), OrderRole.OTHER),
        OrderLine("inspector-alone", "The inspector alone", 0.66, 0.65, 6.9, None),
    )


def findings(**changes: object) -> FindingsDocument:
    """Make a findings document with every section filled; `changes` replace fields."""
    lines = orders()
    drawn = [line for line in lines if line.name in ("actual", "past-critical", "city-model")]
    fields: dict[str, object] = {
        "title": "Does ranking food inspections find violations sooner?",
        "problem": "Inspectors can’t visit every food premises soon, "
        "and critical violations make people ill",
        "action": "visit the premises most likely to have a critical violation first",
        "made_on": date(2030, 9, 1),
        "origin": ORIGIN,
        "recommendation": Recommendation(
            "past-critical",
            "The model’s gain over this simple rule could be nothing at all, "
            "and everyone can understand the rule",
        ),
        "orders": lines,
        "provenance": Provenance(
            "run-20300901-7f3a",
            "oda run interventions/food-inspections --data synthetic-inspections.csv.gz --seed 7",
            7,
            (InputFile("synthetic-inspections.csv.gz", "3f" * 32, 18_712),),
            {"openoda": "0.1.0", "scikit-learn": "1.9.1", "python": "3.11"},
        ),
        "rows": 18_712,
        "test_rows": 1_637,
        "positives": 258,
        "summary": (
            "On 1,637 inspections that no order had seen, it finds a critical violation "
            "0.3 days sooner within each inspector’s own work.",
        ),
        "notices": NOTICES,
        "measures_at_k": tuple(
            MeasureAtK(line.name, 100, line.first_half or 0, 0.1, 22, (0.4, 0.7), (0.07, 0.13))
            for line in drawn
        ),
        "gains": tuple(
            GainPoint(line.name, step / 20, (step / 20) ** (1.1 - 0.12 * number))
            for number, line in enumerate(drawn)
            for step in range(21)
        ),
        "origins": tuple(
            OriginLine(
                date(2029, month, 1),
                9_000 + 500 * month,
                700,
                100 + month,
                {
                    line.name: 0.55 + 0.05 * number + 0.03 * math.sin(month + number)
                    for number, line in enumerate(drawn)
                },
            )
            for month in range(1, 11, 2)
        ),
        "calibration": tuple(
            CalibrationPoint(p, p * 0.9 + 0.01, 160, (p * 0.7, p * 1.1 + 0.03))
            for p in (0.04, 0.08, 0.12, 0.16, 0.22, 0.31)
        ),
        "model_card": (
            Section("What it is for", ("Putting inspections that are due into an order.",)),
            Section("What it is not for", ("Deciding who gets an inspection at all.",)),
        ),
        "published": (
            PublishedFigure(
                "Days earlier, any queue",
                "7.4 days",
                "7.4 days (5.8 to 8.9)",
                Label.SIMULATED,
                "https://example.org/food-inspection-forecasting",
            ),
        ),
        "terms": TERMS,
        "links": (Link("The worklist", "worklist.html"),),
    }
    return FindingsDocument(**{**fields, **changes})  # type: ignore[arg-type]
