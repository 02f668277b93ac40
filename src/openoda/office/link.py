"""Linkage: which records are of one person, within a source or across several."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from openoda.custody.platform import peak_memory
from openoda.custody.workspace import Workspace
from openoda.linkage.clustering.averaging import averaged
from openoda.linkage.linking import Clock, Linked, link
from openoda.linkage.preparing import DERIVATIONS
from openoda.linkage.shipped import shipped_names, shipped_spec, shipped_text
from openoda.linkage.spec.model import LinkType, Spec
from openoda.linkage.spec.reading import read_spec
from openoda.linkage.spec.reducing import Reduced, without
from openoda.linkage.spec.splink_export import derived_sql, splink_settings
from openoda.linkage.spec.splink_import import spec_from_splink
from openoda.linkage.spec.writing import written as spec_text
from openoda.linkage.truth import Figures, Truth
from openoda.office.frame import parse_mapping
from openoda.office.link_inputs import PURPOSE, InputRequest, Inputs, read_inputs
from openoda.office.link_outputs import must_be_empty, write_outputs
from openoda.office.new_files import must_be_new, write_new
from openoda.vocabulary.labels import Label
from openoda.vocabulary.progress import Progress, silent
from openoda.vocabulary.refusals import FileUnreadable, Misused

__all__ = ["InputRequest", "LinkType", "Request", "export_splink", "import_splink", "parse_mapping",
           "run", "specs"]  # fmt: skip

_BEYOND = (-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)


@dataclass(frozen=True)
class Request:
    """What to link and how.

    `spec`: a shipped spec's name or a file. `out`: a folder that holds nothing yet. `threshold`: a match
    weight; None lets the run choose. `all_pairs`: write every pair that was looked at.
    """

    inputs: InputRequest
    out: Path
    spec: str = "residents"
    link_type: LinkType = LinkType.DEDUPE
    threshold: float | None = None
    all_pairs: bool = False
    seed: int = 1


def run(workspace: Workspace, request: Request, progress: Progress = silent) -> dict[str, Any]:
    """Link, write pairs, clusters and the trained spec, and say what was found.

    The answer has the counts, the threshold and what is expected of it (projected by the model), seconds
    by stage, the peak of memory, and with a truth column the figures against it (measured). Raises what
    reading the spec and the inputs raises, and StorageUnwritable.
    """
    if request.link_type is not LinkType.DEDUPE and len(request.inputs.targets) < 2:
        raise Misused(
            "To join takes two files or datasets at least, and one is given",
            where=", ".join(request.inputs.targets),
            remedy="Name another one, or look for pairs inside this one with oda link dedupe.",
        )
    must_be_empty(request.out)
    clock = Clock(progress)
    spec = replace(_spec(request.spec), link_type=request.link_type)
    with clock.stage("read"):
        inputs = read_inputs(workspace, request.inputs, spec, progress)
    given = inputs.table.column_names
    absent = [one.name for one in spec.columns if not one.made_from and one.name not in given]
    reduced = without(spec, absent)
    detail = {"datasets": [each.dataset.name for each in inputs.sources], "spec": spec.name,
              "basis": sorted({each.permit.basis for each in inputs.sources})}  # fmt: skip
    with workspace.audit.acting("link", inputs.names[0], PURPOSE, detail):
        numbers = inputs.numbers if len(inputs.sources) > 1 else None
        linked = link(
            inputs.table, reduced.spec, numbers, request.threshold, request.seed, progress
        )
        with clock.stage("write", "Writing pairs and clusters"):
            written = write_outputs(request.out, inputs, linked, request.all_pairs)
    told = _told(inputs, reduced, linked) | {"written": written}
    if inputs.truth is not None:
        with clock.stage("judge"):
            told |= _against(inputs, linked)
    read = {"read": clock.seconds.pop("read")}
    told["seconds"] = {
        k: round(v, 3) for k, v in {**read, **linked.seconds, **clock.seconds}.items()
    }
    memory = peak_memory()
    return told | {"peak_memory_mb": round(memory / 1e6) if memory else None}


def specs(name: str = "") -> dict[str, Any]:
    """The shipped specs: names, columns, comparisons; or the `text` of one. Refuses an unknown name."""
    if name:
        _spec_must_be_shipped(name)
        return {"name": name, "text": shipped_text(name)}
    every = [shipped_spec(each) for each in shipped_names()]
    return {
        "specs": [
            {
                "name": spec.name,
                "columns": [each.name for each in spec.columns if not each.made_from],
                "comparisons": [each.name for each in spec.comparisons],
            }
            for spec in every
        ]
    }


def export_splink(wanted: str, out: Path) -> dict[str, Any]:
    """Write a spec as the settings of Splink 5, as JSON; `out` is never written over.

    `columns`: those that the data must hold when Splink reads it, because SQL can't work them out.
    """
    spec = _spec(wanted)
    must_be_new(out)
    write_new(out, json.dumps(splink_settings(spec), indent=2, ensure_ascii=False) + "\n")
    needed = [each.name for each in spec.columns if each.made_from and derived_sql(each) is None]
    return {"spec": spec.name, "written": str(out), "columns": needed}


def import_splink(file: Path, out: Path) -> dict[str, Any]:
    """Write Splink's saved settings as a spec; `out` is never written over.

    Refuses (Misused) what a spec can't say, all of it at once, and (FileUnreadable) what is no JSON.
    """
    must_be_new(out)
    try:
        settings = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FileUnreadable(
            "Splink's settings can't be read as JSON",
            where=file.name,
            remedy="Give the file that Splink saved (linker.misc.save_model_to_json).",
        ) from error
    if not isinstance(settings, dict):
        raise FileUnreadable(
            "Splink's settings aren't an object",
            where=file.name,
            remedy="Give the file that Splink saved (linker.misc.save_model_to_json).",
        )
    spec = spec_from_splink(settings, out.stem)
    write_new(out, spec_text(spec))
    return {
        "spec": spec.name,
        "written": str(out),
        "comparisons": [c.name for c in spec.comparisons],
    }


def _spec(wanted: str) -> Spec:
    if wanted in shipped_names():
        return shipped_spec(wanted)
    file = Path(wanted)
    if not file.suffix and not file.exists():
        _spec_must_be_shipped(wanted)
    return read_spec(file, DERIVATIONS)


def _spec_must_be_shipped(name: str) -> None:
    if name not in shipped_names():
        raise Misused(
            f"There is no shipped spec called {name}",
            where="--spec",
            remedy=f"Name one of {', '.join(shipped_names())}, or a spec's file.",
        )


def _told(inputs: Inputs, reduced: Reduced, linked: Linked) -> dict[str, Any]:
    clusters, sizes = np.unique(linked.clusters, return_counts=True)
    chosen, training = linked.chosen, linked.training
    return {
        "spec": linked.spec.name,
        "link_type": linked.spec.link_type.value,
        "sources": [
            {
                "dataset": each.dataset.name, "class": each.dataset.data_class.value,
                "records": each.rows, "quarantined": each.quarantined,
                "id": each.id_column or None, "columns": each.matched.columns,
                "recognised": each.matched.recognised, "absent": list(each.matched.absent),
            }
            for each in inputs.sources
        ],
        "left_out": [str(each) for each in reduced.left_out],
        "records": len(inputs.table),
        "candidate_pairs": len(linked.pairs),
        "pairs": len(linked.taken),
        "clusters": len(clusters),
        "alone": int((sizes == 1).sum()),
        "largest_cluster": int(sizes.max()),
        "threshold": chosen.weight,
        "expected": {"precision": chosen.precision, "recall": chosen.recall, "f1": chosen.f1,
                     "label": Label.PROJECTED.value},
        "prior": linked.spec.prior,
        "trained": None if training is None else {
            "turns": training.turns, "settled": training.settled},
        "rules": [
            {"on": rule.name, "pairs": pairs}
            for rule, pairs in zip(linked.fitted.spec.blocking, linked.fitted.pairs, strict=True)
        ],
        "rules_left_out": [
            {"on": rule.name, "pairs": pairs} for rule, pairs in linked.fitted.left_out
        ],
    }  # fmt: skip


def _against(inputs: Inputs, linked: Linked) -> dict[str, Any]:
    """Precision, recall and F1 of pairs and clusters, as the run chose and at their best."""
    truth = Truth.of(
        inputs.truth, inputs.numbers if linked.spec.link_type is LinkType.LINK else None
    )
    judged, threshold = truth.pairs_of([linked.links]), linked.chosen.weight
    now = truth.clusters(linked.clusters, threshold)
    tried = [now, *(_clustered(truth, linked, threshold + step) for step in _BEYOND if step)]
    best = max(tried, key=lambda each: each.f1 or 0.0)
    return {
        "truth": {
            "best_thresholds": {"pairs": judged.best().threshold, "clusters": best.threshold},
            "true_pairs": judged.true,
            "true_pairs_never_looked_at": judged.missed,
            "records_without_truth": truth.unknown,
            "label": Label.MEASURED.value,
        },
        "at_threshold": _judgement(judged.at(threshold), now),
        "best": _judgement(judged.best(), best),
    }


def _clustered(truth: Truth, linked: Linked, threshold: float) -> Figures:
    return truth.clusters(averaged(len(truth), linked.links, threshold), threshold)


def _judgement(pairs: Figures, clusters: Figures) -> dict[str, Any]:
    return {"pairs": pairs.to_dict(), "clusters": clusters.to_dict()}
