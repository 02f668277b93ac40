"""From an analysis to the findings that a manager reads, and to the figures as JSON."""

from typing import Any

import numpy as np

from openoda.claims.figure import Figure, unit_of
from openoda.library.manifest import Package
from openoda.opportunities.checks.caution import Caution
from openoda.opportunities.measures import MEASURES, Ladder, share_reached
from openoda.opportunities.prioritise.analysis import Analysis, Tried
from openoda.opportunities.prioritise.plan import Plan
from openoda.opportunities.resampling import RESAMPLES
from openoda.opportunities.scorers import ColumnScorer
from openoda.opportunities.time_splits import as_date
from openoda.rendering import documents as pages
from openoda.vocabulary.datasets import DataClass, Dataset
from openoda.vocabulary.labels import Label

PLAIN = {
    "actual": "The order in which visits were made",
    "chance": "Chance",
}
ROLES = {
    "actual": pages.OrderRole.CURRENT,
    "chance": pages.OrderRole.CHANCE,
    "rule": pages.OrderRole.RULE,
    "model": pages.OrderRole.MODEL,
}
TITLES = {
    "staff-identity-dominates": "Who visits matters more than what is visited",
    "feature-moves-with-visit": "Some features can't be known in advance",
    "labels-seen-only-for-visited": "Outcomes are known only where somebody went",
    "base-rate-drift": "The share of positives has changed",
    "group-disparity": "One group is wrongly picked more often",
    "too-few-positives": "There is too little to judge by",
    "no-feature-history": "Features are as at the visit",
    "back-test": "This is a list from the past",
    "unsettled-not-listed": "Some cases are not on the list",
    "dates-outside-data": "The package's dates don't fit the file",
    "class-assumed": "The class of the data was assumed",
    "rows-not-sound": "Not every row was sound",
    "not-surely-better": "Not surely better than today's order",
}
MEASURE_WORDS = {
    "own_queue_days_earlier": "days within each own list",
    "days_earlier": "days",
    "first_half": "of all positives in the first half",
    "auc": "of AUC",
    "precision_at_k": "positives a place on the list",
    "recall_at_k": "of all positives on the list",
}


def figures_json(analysis: Analysis, rows: int) -> dict[str, Any]:
    """The figures that machines read: shares and AUC 0–1, times in days, intervals at 95 %.

    A figure that has no value (nothing to divide by) is NaN, in JSON null.
    """
    return {
        "rows": rows,
        "test_rows": len(analysis.test),
        "positives": analysis.test.positives,
        "orders": {name: _order_json(tried) for name, tried in analysis.orders.items()},
        "rule": {
            "column": analysis.choice.rule.column,
            "highest_first": analysis.choice.rule.sign == 1,
        },
        "model": analysis.choice.model_name,
        "gain_over_rule": list(analysis.gain),
        "recommended": analysis.recommended,
        "can_be_acted_on": "own_queue_days_earlier",
        "warnings": [_caution_json(caution) for caution in analysis.cautions],
    }


def _caution_json(caution: Caution) -> dict[str, Any]:
    return {
        "code": caution.code,
        "text": caution.text,
        "remedy": caution.remedy,
        "evidence": caution.evidence,
    }


def _order_json(tried: Tried) -> dict[str, Any]:
    measured = tried.measured
    said: dict[str, Any] = dict(measured.expected)
    said["interval"] = {name: list(interval) for name, interval in tried.intervals.items()}
    for name in ("ties_current", "best", "worst"):
        if getattr(measured, name) is not None:
            said[name] = getattr(measured, name)
    return said


def plain_names(analysis: Analysis, package: Package) -> dict[str, str]:
    """Every order in plain words."""
    rule = analysis.choice.rule
    return {
        **PLAIN,
        "rule": f"The best one-column rule: {rule_words(rule, package)}",
        "model": "OpenODA's model, which ignores who visits",
        **{order["name"]: order["plain"] for order in package.lists["orders"]},
    }


def rule_words(rule: ColumnScorer, package: Package) -> str:
    """The rule in plain words."""
    words = package["features"]["words"].get(rule.column, {})
    plain = str(words.get("plain", rule.column))
    return f"{plain[:1].lower()}{plain[1:]}, {'highest' if rule.sign == 1 else 'lowest'} first"


def findings_document(
    analysis: Analysis,
    plan: Plan,
    package: Package,
    dataset: Dataset,
    provenance: pages.Provenance,
    rows: int,
    links: tuple[pages.Link, ...],
) -> pages.FindingsDocument:
    """The findings page's content."""
    about = package["intervention"]
    plain = plain_names(analysis, package)
    return pages.FindingsDocument(
        title=about["title"],
        problem=about["problem"],
        action=about["action"],
        made_on=as_date(analysis.split.cutoff),
        origin=origin_of(package, dataset),
        recommendation=pages.Recommendation(analysis.recommended, why(analysis, plan)),
        orders=tuple(
            _order_line(name, tried, plain[name], analysis)
            for name, tried in analysis.orders.items()
        ),
        provenance=provenance,
        rows=rows,
        test_rows=len(analysis.test),
        positives=analysis.test.positives,
        summary=_summary(analysis, plan, package),
        notices=notices(analysis.cautions),
        measures_at_k=_at_k(analysis, plan),
        gains=_gains(analysis),
        origins=_origins(analysis),
        origins_metric=_metric(plan.primary),
        calibration=tuple(
            pages.CalibrationPoint(b.predicted, b.observed, b.cases, b.interval)
            for b in analysis.calibration
        ),
        model_card=_model_card(analysis, plan, package),
        published=_published(analysis, package, dataset),
        terms=pages.Terms(**package["terms"]),
        links=links,
    )


def origin_of(package: Package, dataset: Dataset) -> pages.Origin:
    """What the pages stand on."""
    basis = package["intervention"]["basis"] or "Simulated on past cases"
    return pages.Origin(dataset.data_class, dataset.licence, dataset.source, Label.SIMULATED, basis)


def why(analysis: Analysis, plan: Plan) -> str:
    """Why the recommended order is the one, in one sentence."""
    low, high = analysis.gain
    gain = f"{low:.2f} to {high:.2f} {MEASURE_WORDS[plan.primary]}"
    asked = f"the {plan.margin:g} asked for beforehand" if plan.margin else "zero"
    if analysis.recommended == "model":
        return (
            f"Beside the best one-column rule it gains {gain} (95% interval), all of it above "
            f"{asked}"
        )
    return (
        f"Beside it the model gains {gain} (95% interval), not all of it above "
        f"{asked}, so the simpler rule is the one to use"
    )


def notices(cautions: tuple[Caution, ...]) -> tuple[pages.Notice, ...]:
    """Warnings as the pages show them."""
    return tuple(pages.Notice(c.code, c.text, c.remedy, TITLES.get(c.code, "")) for c in cautions)


def _summary(analysis: Analysis, plan: Plan, package: Package) -> tuple[str, ...]:
    terms, tried = package["terms"], analysis.orders[analysis.recommended]
    own = tried.measured.expected["own_queue_days_earlier"]
    low, high = tried.intervals["own_queue_days_earlier"]
    when = "sooner" if own >= 0 else "later"
    against = (
        "All of that interval is sooner than the order in which visits were made"
        if low > 0
        else "That interval includes no gain at all over the order in which visits were made"
    )
    return (
        f"Within each {terms['queue']}'s own list, {terms['positives']} would have been found "
        f"{abs(own):.2f} days {when} on average (95% interval {low:.2f} to {high:.2f}). {against}.",
        f"These figures are the ones that can be acted on: each {terms['queue']} can reorder its own "
        "list, and nobody else's. Figures for any queue also count who happens to visit.",
    )


def _features(analysis: Analysis, package: Package) -> str:
    """The features in plain words, where the package has them."""
    words = package["features"]["words"]
    return "; ".join(str(words.get(name, {}).get("plain", name)) for name in analysis.knowable)


def _order_line(name: str, tried: Tried, plain: str, analysis: Analysis) -> pages.OrderLine:
    expected = tried.measured.expected
    ties = {}
    if tried.measured.ties_current and tried.measured.best and tried.measured.worst:
        ties = {
            pages.Metric(key): pages.Ties(
                tried.measured.ties_current[key],
                tried.measured.best[key],
                tried.measured.worst[key],
            )
            for key in MEASURES
        }
    return pages.OrderLine(
        name=name,
        plain=plain,
        **{key: expected[key] for key in MEASURES},
        intervals={pages.Metric(key): tried.intervals[key] for key in MEASURES},
        ties=ties,
        recommended=name == analysis.recommended,
        role=ROLES.get(name, pages.OrderRole.OTHER),
    )


def _at_k(analysis: Analysis, plan: Plan) -> tuple[pages.MeasureAtK, ...]:
    lists = len(np.unique(analysis.test.queue)) if plan.per_queue else 1
    return tuple(
        pages.MeasureAtK(
            order=name,
            k=plan.visits * lists,
            precision=tried.measured.expected["precision_at_k"],
            recall=tried.measured.expected["recall_at_k"],
            found=tried.measured.expected["recall_at_k"] * analysis.test.positives,
            precision_interval=tried.intervals["precision_at_k"],
            recall_interval=tried.intervals["recall_at_k"],
        )
        for name, tried in analysis.orders.items()
    )


def _gains(analysis: Analysis) -> tuple[pages.GainPoint, ...]:
    """The share found against the share visited, at every twentieth, for the main orders."""
    once = np.ones(len(analysis.test), dtype=np.int64)
    points = []
    for name in dict.fromkeys(("chance", "actual", "rule", "model")):
        ladder = Ladder.of(analysis.orders[name].scores, analysis.test, within_queue=False)
        for step in range(21):
            places = step / 20 * len(analysis.test)
            found = share_reached(ladder, analysis.test, once, places)
            points.append(pages.GainPoint(name, step / 20, found))
    return tuple(points)


def _origins(analysis: Analysis) -> tuple[pages.OriginLine, ...]:
    chosen = analysis.choice.model_name
    return tuple(
        pages.OriginLine(
            cutoff=as_date(fold.cutoff),
            train_rows=fold.train_rows,
            test_rows=fold.test_rows,
            positives=fold.positives,
            figures={"rule": fold.figures["rule"], "model": fold.figures[chosen]},
        )
        for fold in analysis.choice.folds
    )


def _metric(primary: str) -> pages.Metric:
    known = {metric.value for metric in pages.Metric}
    return pages.Metric(primary if primary in known else "own_queue_days_earlier")


def _figure(tried: Tried, measure: str, analysis: Analysis) -> Figure:
    return Figure(
        tried.measured.expected[measure],
        unit_of(measure),
        Label.SIMULATED,
        f"{len(analysis.test):,} test cases",
        tried.intervals[measure],
    )


def _published(
    analysis: Analysis, package: Package, dataset: Dataset
) -> tuple[pages.PublishedFigure, ...]:
    """Published figures beside ours; not beside synthetic data, which they say nothing about."""
    if dataset.data_class is DataClass.SYNTHETIC:
        return ()
    return tuple(
        pages.PublishedFigure(
            what=given["what"],
            published=str(
                Figure(
                    given["value"],
                    unit_of(given["measure"]),
                    Label(given["label"]),
                    given["source"],
                )
            ),
            ours=str(_figure(analysis.orders[given["order"]], given["measure"], analysis)),
            label=Label(given["label"]),
            source=given["source"],
        )
        for given in package.lists["published"]
    )


def _criterion(given: dict[str, Any], analysis: Analysis) -> str:
    """A success criterion, and whether the recommended order met it on past cases."""
    figure = _figure(analysis.orders[analysis.recommended], given["measure"], analysis)
    met = "met" if figure.value >= given["least"] else "not met"
    return f"{given['criterion']}. On past cases: {met}, {figure}; in the field: not yet measured."


def _model_card(analysis: Analysis, plan: Plan, package: Package) -> tuple[pages.Section, ...]:
    terms, choice = package["terms"], analysis.choice
    known = analysis.cases.known
    train = analysis.cases.take(analysis.split.train)
    scale = choice.calibration
    return (
        pages.Section(
            "What it is for",
            (package["intervention"]["action"], package["intervention"]["frontline"]),
        ),
        pages.Section(
            "What it is",
            (
                f"A {choice.model_name} model, chosen from {', '.join(plan.candidates)} by "
                f"{MEASURE_WORDS[plan.primary]} on {len(choice.folds)} past periods. It learns how "
                f"strict each {terms['queue']} is, so that this doesn't bend the rest, and leaves it "
                "out of every score.",
                f"It uses {len(analysis.knowable)} features: {_features(analysis, package)}.",
                "For a list of waiting cases it is fitted again on every known outcome.",
                "Its score is a sum of one part for each feature. The reasons on the list are the "
                "largest parts.",
            ),
        ),
        pages.Section(
            "What it learned from",
            (
                f"{len(train):,} {terms['cases']} with {train.positives:,} {terms['positives']}, from "
                f"{as_date(train.day.min())} to {as_date(train.day.max())}; "
                f"{int((~known).sum()):,} {terms['cases']} had no known outcome.",
                f"It was tried on {len(analysis.test):,} later {terms['cases']}, from "
                f"{as_date(analysis.test.day.min())} to {as_date(analysis.test.day.max())}, which it "
                "had not seen.",
            ),
        ),
        pages.Section(
            "How sure the figures are",
            (
                f"Intervals are at 95%, from {RESAMPLES:,} resamples of whole premises or people with "
                "all their visits.",
                f"Chances are scaled on past periods (intercept {scale.intercept:.2f}, slope "
                f"{scale.slope:.2f}).",
            ),
        ),
        pages.Section(
            "Success criteria, fixed beforehand",
            tuple(_criterion(given, analysis) for given in package.lists["success"])
            or ("None were given.",),
        ),
        pages.Section(
            "What it must not be used for",
            (
                f"It puts {terms['cases']} in order. It doesn't say that any one of them has "
                f"{'an' if terms['positive'][0] in 'aeiou' else 'a'} {terms['positive']}, and no "
                "decision about a person or a business should rest on it alone.",
            ),
        ),
    )
