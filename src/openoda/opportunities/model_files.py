"""Models as files: JSON for what can be read, skops for trees; never pickle."""

import io
import json
import re
import zipfile
from dataclasses import asdict
from typing import Any

from openoda.opportunities.calibration import Calibration
from openoda.opportunities.scorers import (
    BoostingScorer,
    ColumnScorer,
    Design,
    LogisticScorer,
    Scorer,
)
from openoda.vocabulary.refusals import FileUnreadable

MODEL = "model.json"
TREES = "trees.skops"
LIGHTGBM = "trees.txt"
SCHEMA = "schema.json"
_IDS = re.compile(r'"__id__": (\d+)')
_FILES = re.compile(r'"file": "(\d+)\.(\w+)"')


def to_files(scorer: Scorer, calibration: Calibration) -> dict[str, bytes]:
    """File name to content."""
    about: dict[str, Any] = {"kind": type(scorer).__name__, "calibration": asdict(calibration)}
    files: dict[str, bytes] = {}
    if isinstance(scorer, BoostingScorer):
        about["scorer"] = {
            "design": asdict(scorer.design), "names": scorer.names, "queues": scorer.queues,
        }  # fmt: skip
        name, content = _trees(scorer.model)
        files[name] = content
    elif isinstance(scorer, LogisticScorer | ColumnScorer):
        about["scorer"] = asdict(scorer)
    files[MODEL] = json.dumps(about, indent=2, sort_keys=True).encode()
    return files


def _trees(model: Any) -> tuple[str, bytes]:
    if hasattr(model, "booster_"):
        return LIGHTGBM, model.booster_.model_to_string().encode()
    import skops.io

    return TREES, _settled(skops.io.dumps(model))


def _settled(content: bytes) -> bytes:
    """The same file without what changes from one process to the next.

    skops names objects by their address in memory and dates its entries: here objects are numbered
    as they appear, and entries have one date, so that the same model is the same bytes.
    """
    archive = zipfile.ZipFile(io.BytesIO(content))
    schema = archive.read(SCHEMA).decode()
    number = {given: str(at) for at, given in enumerate(dict.fromkeys(_IDS.findall(schema)), 1)}
    schema = _IDS.sub(lambda found: f'"__id__": {number[found[1]]}', schema)
    schema = _FILES.sub(lambda found: f'"file": "{number[found[1]]}.{found[2]}"', schema)
    entries = {SCHEMA: schema.encode()}
    for name in archive.namelist():
        stem, _, ending = name.rpartition(".")
        if stem in number:
            entries[f"{number[stem]}.{ending}"] = archive.read(name)
    settled = io.BytesIO()
    with zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as out:
        for name, entry in sorted(entries.items()):
            out.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), entry, zipfile.ZIP_DEFLATED)
    return settled.getvalue()


def from_files(files: dict[str, bytes]) -> tuple[Scorer, Calibration]:
    """The scorer and its calibration, as saved. Refuses (FileUnreadable) what it doesn't know."""
    about = json.loads(files[MODEL])
    given, calibration = about.get("scorer", {}), Calibration(**about["calibration"])
    if about["kind"] == "ColumnScorer":
        return ColumnScorer(**given), calibration
    if about["kind"] == "LogisticScorer":
        given["design"] = _design(given["design"])
        given["queues"] = tuple(given["queues"])
        given["coefficients"] = {name: tuple(c) for name, c in given["coefficients"].items()}
        return LogisticScorer(**given), calibration
    if about["kind"] == "BoostingScorer":
        names, queues = tuple(given["names"]), tuple(given["queues"])
        return BoostingScorer(_loaded(files), _design(given["design"]), names, queues), calibration
    raise FileUnreadable(
        "The model is of an unknown kind",
        where=MODEL,
        remedy="Load it with the version of the product that saved it.",
    )


def _design(given: dict[str, Any]) -> Design:
    levels = {name: tuple(values) for name, values in given["levels"].items()}
    return Design(given["means"], given["deviations"], levels)


def _loaded(files: dict[str, bytes]) -> Any:
    """The trees. skops loads only the types listed here."""
    if LIGHTGBM in files:
        from lightgbm import Booster

        return Booster(model_str=files[LIGHTGBM].decode())
    import skops.io

    unknown = set(skops.io.get_untrusted_types(data=files[TREES]))
    if not unknown <= TRUSTED:
        raise FileUnreadable(
            f"The model file holds types that aren't part of a tree: {sorted(unknown - TRUSTED)}",
            where=TREES,
            remedy="Don't use this file; make the run again.",
        )
    return skops.io.loads(files[TREES], trusted=sorted(unknown))


TRUSTED = {
    "functools.partial",
    "sklearn.utils.validation.check_array",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn._loss._loss.CyHalfBinomialLoss",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.link.Interval",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
}
