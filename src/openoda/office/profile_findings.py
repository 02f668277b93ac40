"""Everything that is found out about a delivery, before it is put on a page."""

from dataclasses import dataclass

from openoda.data.quality.assessing import assess
from openoda.data.quality.dimensions import Dimension, Judged
from openoda.data.quality.drift import Change, changes
from openoda.data.quality.intake_issues import code_of, intake_issues
from openoda.data.quality.issues import Issue, Severity, in_order
from openoda.data.quality.profiling import Profile, profile, with_unreadable
from openoda.data.quality.reference import RULE, Agreement, agreement
from openoda.data.quality.rule_runs import RuleResult, run_rules
from openoda.office.profile_inputs import Delivered, Inputs
from openoda.vocabulary.progress import Progress, Step


@dataclass(frozen=True)
class Examined:
    """A delivery's profile, issues, own rules, dimensions, drift and agreement with a reference."""

    profile: Profile
    issues: tuple[Issue, ...]
    results: tuple[RuleResult, ...]
    dimensions: tuple[Judged, ...]
    changes: tuple[Change, ...] | None
    agreement: Agreement | None

    @property
    def findings(self) -> bool:
        """Whether something is to be mended or has drifted."""
        return bool(self.changes) or any(one.to_mend for one in self.issues)


def examine(inputs: Inputs, progress: Progress) -> Examined:
    """Profile the delivery, run the rules, compare it with what was given to compare with."""
    source = inputs.now.source
    found = with_unreadable(profile(source, progress), _unreadable(inputs.now))
    progress(Step("Running the rules"))
    results = run_rules(inputs.rules, source.read, source.columns, inputs.as_at)
    agreed = _agreement(inputs, source.columns)
    issues = in_order(
        (
            *intake_issues(inputs.now.flags, inputs.now.quarantined),
            *found.issues,
            *(one.issue for one in results if one.issue),
            *_disagreements(agreed),
        )
    )
    drift = None
    if inputs.before:
        progress(Step("Profiling the delivery before"))
        drift = changes(profile(inputs.before.source), found)
    unread = sum(one.rows for one in issues if one.code == "quarantined")
    dimensions = assess(found, results, unread, inputs.as_at, agreed)
    return Examined(found, issues, results, dimensions, drift, agreed)


def _unreadable(delivered: Delivered) -> dict[str, int]:
    """Values of each column that intake couldn't type, from its reports."""
    counts: dict[str, int] = {}
    for file in delivered.snapshot.details["files"]:
        for problem in file["problems"]:
            if problem["column"] and code_of(problem["reason"]) == "unreadable":
                name = problem["column"]
                counts[name] = counts.get(name, 0) + problem["count"]
    return counts


def _agreement(inputs: Inputs, columns: tuple[str, ...]) -> Agreement | None:
    if inputs.reference is None:
        return None
    theirs = inputs.reference.source
    name = inputs.reference.snapshot.dataset.name
    return agreement(inputs.now.accepted, columns, name, theirs.read, theirs.columns, inputs.key)


def _disagreements(agreed: Agreement | None) -> list[Issue]:
    if agreed is None:
        return []
    return [
        Issue(
            "differs-from-reference",
            f"Values that differ from {agreed.reference}",
            Severity.SHOULD,
            Dimension.ACCURACY,
            (one.column,),
            f"{RULE}; rows are matched by {agreed.key}",
            "One of the two is wrong.",
            "Find out which is right, and correct the other.",
            one.differ,
            one.places,
        )
        for one in agreed.columns
        if one.differ
    ]
