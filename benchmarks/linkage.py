"""Linkage beside Splink 5: a synthetic city's residents, one spec for both.

    make bench-linkage
    .venv/bin/python benchmarks/linkage.py --records 100000 --rounds 3

Each side is a process of its own, in turns, start-up included; memory is its peak. Ours is the command
`oda link dedupe` on the agencies' records as they are: reading, putting in order, counting pairs,
comparing, learning, weighing, clustering, writing. Splink (on DuckDB, every core) is given the columns
already put in order, and its settings by our export of the same spec, with the blocking rules that our
run kept. It estimates u from a million pairs, m by three passes of expectation maximisation, predicts,
clusters by connected components at a half, and writes the same two files: so it has less to do. Both are
judged by the truth in a further run that isn't timed.

Targets: at least 8 times as fast at a million records, 3 times at a hundred thousand.
"""

import argparse
import contextlib
import io
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from measuring import Row, Run, child, itself, ready, run_apart, show

MILLION, ROUNDS, SEED = 1_000_000, 3, 1
PEOPLE_A_RECORD = 0.332
TIMES = {MILLION: 8.0, 100_000: 3.0}


def make(folder: str, records: str) -> None:
    """The city's records; the columns put in order and the spec that fits them, for Splink."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from openoda.linkage.blocking.budget import fitted
    from openoda.linkage.comparing.encoding import encoded
    from openoda.linkage.preparing import with_worked_out
    from openoda.linkage.shipped import shipped_spec
    from openoda.linkage.spec.splink_export import splink_settings

    place = Path(folder)
    people = max(10_000, round(int(records) * PEOPLE_A_RECORD))
    _oda(
        "synthetic",
        "city",
        "--people",
        str(people),
        "--seed",
        str(SEED),
        "--out",
        str(place / "city"),
    )
    table = pq.read_table(place / "city" / "linkage" / "residents.synthetic.parquet")
    table = table.slice(0, int(records)).sort_by("record")
    pq.write_table(table, place / "residents.parquet")
    spec = shipped_spec("residents")
    given = {each.name for each in spec.columns if not each.made_from}
    ready_table = with_worked_out(
        table.select([name for name in table.column_names if name in given]), spec
    )
    together = [frozenset({"given", "initial"}), frozenset({"birth", "birth_swapped"})]
    rules = fitted(encoded(ready_table.select(list(spec.used())), together), spec).spec
    pq.write_table(
        ready_table.append_column("unique_id", pa.array(table["record"])), place / "ready.parquet"
    )
    (place / "settings.json").write_text(json.dumps(splink_settings(rules)), encoding="utf-8")


def openoda(folder: str, out: str, *judged: str) -> dict[str, object]:
    """The command, as an analyst runs it."""
    source = f"{folder}/residents.parquet"
    told = _oda("link", "dedupe", source, "--class", "synthetic", "--out", out, *judged)
    if judged:
        return {key: told[key]["pairs"]["f1"] for key in ("at_threshold", "best")}
    return {key: told[key] for key in ("records", "candidate_pairs", "seconds")}


def splink(folder: str, out: str) -> dict[str, object]:
    """Splink by its own defaults: u from a million pairs, m by three passes, clusters at a half."""
    import warnings

    import pyarrow.parquet as pq
    from splink import DuckDBAPI, Linker, block_on

    warnings.simplefilter("ignore")
    place, target = Path(folder), Path(out)
    target.mkdir()
    settings = json.loads((place / "settings.json").read_text(encoding="utf-8"))
    settings["retain_intermediate_calculation_columns"] = False
    settings["retain_matching_columns"] = False
    api = DuckDBAPI()
    with contextlib.redirect_stdout(io.StringIO()):
        linker = Linker(api.register(pq.read_table(place / "ready.parquet")), settings)
        training = linker.training
        training.estimate_probability_two_random_records_match(
            [block_on("nhs"), block_on("given", "family", "birth")], recall=0.7
        )
        training.estimate_u_using_random_sampling(max_pairs=1e6, seed=SEED)
        for columns in (("family", "birth"), ("code", "given"), ("given", "birth")):
            training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
        predicted = linker.inference.predict(threshold_match_probability=0.5)
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, 0.5)
        pairs = predicted.as_duckdbpyrelation().to_arrow_table()
        pq.write_table(pairs, target / "pairs.parquet")
        pq.write_table(clusters.as_duckdbpyrelation().to_arrow_table(), target / "clusters.parquet")
    return {"pairs": len(pairs)}


def judge_splink(folder: str, out: str) -> dict[str, object]:
    """Pair F1 at the threshold of a half, and at the best there is among those pairs."""
    import numpy as np
    import pyarrow.parquet as pq

    place, pairs = Path(folder), pq.read_table(Path(out) / "pairs.parquet")
    whole = pq.read_table(
        place / "residents.parquet", columns=["record", "true_person"]
    ).to_pandas()
    whose = whole.set_index("record")["true_person"]
    frame = pairs.to_pandas()
    right = whose.loc[frame.unique_id_l].to_numpy() == whose.loc[frame.unique_id_r].to_numpy()
    sizes = whole.true_person.value_counts().to_numpy()
    true = (sizes * (sizes - 1) // 2).sum()
    falling = right[np.argsort(-frame.match_weight.to_numpy(), kind="stable")]
    found = np.cumsum(falling)
    f1 = 2 * found / (np.arange(1, len(found) + 1) + true)
    return {"at_threshold": float(f1[-1]), "best": float(f1.max())}


def rows(folder: Path, records: int, rounds: int) -> list[Row]:
    """Take turns; medians, peaks and the ratio."""
    place = folder / f"city-{records}"
    place.mkdir(exist_ok=True)
    ready(place / "settings.json", itself(__file__, "make", place, records))
    run_apart([sys.executable, "-c", "import openoda.office.link"])  # compiles, once
    runs: dict[str, list[Run]] = {"openoda": [], "splink": []}
    for turn in range(rounds):
        for side, done in runs.items():
            found = run_apart(itself(__file__, side, place, place / f"{side}-{turn}"))
            print(
                f"  {side}: {found.seconds:.1f} s, {found.peak / 1e6:.0f} MB, {found.told}",
                flush=True,
            )
            done.append(found)
    judged = [
        run_apart(itself(__file__, "openoda", place, place / "judged", "--truth", "true_person")),
        run_apart(itself(__file__, "judge_splink", place, place / "splink-0")),
    ]
    for side, found in zip(runs, judged, strict=True):
        print(f"  {side}: pair F1 {found.told['at_threshold']:.4f}, best {found.told['best']:.4f}")
    pairs = zip(runs["openoda"], runs["splink"], strict=True)
    ratio = statistics.median(theirs.seconds / ours.seconds for ours, theirs in pairs)
    ours, theirs = (Run(statistics.median(one.seconds for one in done),
                        max(one.peak for one in done)) for done in runs.values())  # fmt: skip
    work, least = f"dedupe {records:,}", TIMES.get(records)
    return [
        Row(work, "openoda", ours),
        Row(work, "splink 5", theirs, f"1 / {ratio:.1f}",
            f"at least {least:.0f} times faster" if least else "", least is None or ratio >= least),
    ]  # fmt: skip


def main() -> None:
    """Make the data, take turns, print the figures; exit 1 past a target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--records", type=int, nargs="+", default=[100_000, MILLION])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--folder", type=Path, help="Keep the data here, and use it again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        show([row for records in options.records for row in rows(folder, records, options.rounds)])


def _oda(*arguments: str) -> dict[str, Any]:
    from openoda_cli.main import run

    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        done = run([*arguments, "--json"])
    if done > 1:
        sys.exit(f"oda {arguments[0]} ended with {done}")
    return dict(json.loads(told.getvalue()))


if __name__ == "__main__":
    if not child(
        {"make": make, "openoda": openoda, "splink": splink, "judge_splink": judge_splink}
    ):
        main()
