"""Address → UPRN beside uk_address_matcher, on three sets with known answers; and parsing alone.

    make bench-addresses
    python -m venv ukam && ukam/bin/pip install uk_address_matcher==1.5.3
    OPENODA_UKAM_PYTHON=ukam/bin/python make bench-addresses

labelled: `tests/generative/address_damage.py`, 5,000 food premises' addresses (not ours), damaged by
rules written before the matcher. What was tuned on is left out: lines whose UPRN (or, where the
gazetteer lacks them, whose id) has an even first byte of SHA-256 were looked at while developing;
figures are of the odd half, with `--half` to choose. Needs the premises' addresses, else it is left
out.

city: one in ten of all addresses that the agencies of a synthetic city of 100,000 hold, against its
gazetteer; contact centre: all addresses of its messiest extract. The seed is not one tuned on.

Each side runs in a process of its own, in turns; seconds are those of the whole process, from CSV to
CSV, memory is its peak. The peer pins DuckDB below 2 and Splink below 5, so it lives in an environment
of its own; it has no way to choose a threshold, so its defaults stand. Where it isn't at hand its rows
are left out.

Targets: on every set precision and recall at least the peer's, over all and over flats, and faster; 1M
addresses parsed in at most 10 seconds.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from address_sets import Answers, make_city, write_city, write_labelled

PEER = "OPENODA_UKAM_PYTHON"
PEOPLE, SEED = 100_000, 11
PARSE_TARGET = 10.0
PEER_CODE = """
import json, resource, sys
import duckdb
from uk_address_matcher import AddressMatcher
con = duckdb.connect()
gazetteer, messy, out = sys.argv[1:]
known = con.sql("select uprn as unique_id, address as address_concat, postcode "
                f"from read_csv('{gazetteer}', all_varchar=true)")
given = con.sql("select id as unique_id, address as address_concat, nullif(postcode, '') as postcode "
                f"from read_csv('{messy}', all_varchar=true)")
matcher = AddressMatcher(canonical_addresses=known, addresses_to_match=given, con=con,
                         show_progress="off")
matches = matcher.match().matches()
con.sql("select unique_id as id, resolved_canonical_id as uprn from matches").write_csv(out)
print(json.dumps({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
"""


def match_with_openoda(gazetteer: Path, messy: Path, out: Path) -> None:
    """The library's own door, from CSV to CSV."""
    import pyarrow as pa
    from pyarrow import csv

    from openoda.data.standardise.addresses import match_addresses

    known, given = (_read(path) for path in (gazetteer, messy))
    columns = [given[name].combine_chunks() for name in ("address", "postcode")]
    run = match_addresses(columns, known)
    csv.write_csv(pa.table({"id": given["id"], "uprn": run.table["uprn"]}), out)
    print(json.dumps({"peak": _peak(), "threshold": run.threshold.probability,
                      "expected": run.threshold.expected_precision}))  # fmt: skip


def parse_alone(messy: Path, rows: int) -> None:
    """Parse the messy lines, repeated with other numbers up to `rows`, and print the seconds."""
    import pyarrow as pa

    from openoda.data.standardise.addresses import parse_addresses

    given = _read(messy)["address"].to_pylist()
    text = pa.array([f"{at // len(given) + 1} {given[at % len(given)]}" for at in range(rows)])
    parse_addresses([text.slice(0, 1000)])  # the compiled code is read from its cache here
    begin = time.perf_counter()
    parse_addresses([text])
    print(json.dumps({"seconds": time.perf_counter() - begin, "peak": _peak()}))


def _read(path: Path) -> Any:
    import pyarrow as pa
    from pyarrow import csv

    names = csv.open_csv(path).schema.names
    options = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    return csv.read_csv(path, convert_options=options)


def _peak() -> int:
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def measure(side: str, peer: str, folder: Path) -> dict[str, Any]:
    """Run one side; its seconds, peak and answers by id."""
    known = "gazetteer.csv" if side == "openoda" else "lines.csv"
    paths = [str(folder / name) for name in (known, "messy.csv", f"{side}.csv")]
    ours = [sys.executable, __file__, "--child", "match", *paths]
    command = ours if side == "openoda" else [peer, "-c", PEER_CODE, *paths]
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    begin = time.perf_counter()
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    seconds = time.perf_counter() - begin
    said = json.loads(done.stdout.splitlines()[-1])
    answers = _read(folder / f"{side}.csv")
    found = dict(zip(answers["id"].to_pylist(), answers["uprn"].to_pylist(), strict=True))
    return {**said, "seconds": seconds, "found": found}


def score(found: dict[str, str | None], answers: Answers) -> tuple[float, float]:
    """Precision and recall of what was matched."""
    taken = [one for one in answers if found.get(one["id"])]
    right = sum(found[one["id"]] == one["uprn"] for one in taken)
    findable = sum(one["uprn"] is not None for one in answers)
    return right / max(len(taken), 1), right / max(findable, 1)


def report(runs: dict[str, list[dict[str, Any]]], answers: Answers) -> bool:
    """Print a row a side, and say whether ours meets the targets."""
    kinds = {"all": answers, "flats": [one for one in answers if one["flat"]]}
    scores = {}
    for side, done in runs.items():
        seconds = statistics.median(run["seconds"] for run in done)
        scores[side] = {kind: score(done[-1]["found"], some) for kind, some in kinds.items()}
        shown = "; ".join(f"{kind} precision {p:.4f} recall {r:.4f}"
                          for kind, (p, r) in scores[side].items())  # fmt: skip
        print(f"  {side}: {shown}; median {seconds:.2f} s, "
              f"peak {max(run['peak'] for run in done) / 1e6:.0f} MB")  # fmt: skip
    chosen = runs["openoda"][-1]
    print(f"  openoda chose threshold {chosen['threshold']:.3f} and expected precision "
          f"{chosen['expected']:.4f}")  # fmt: skip
    if "peer" not in runs:
        return True
    pairs = zip(runs["openoda"], runs["peer"], strict=True)
    ratio = statistics.median(ours["seconds"] / theirs["seconds"] for ours, theirs in pairs)
    print(f"  ratio of seconds (median of the pairs): {ratio:.3f} (target: under 1)")
    better = all(mine >= theirs for kind in kinds
                 for mine, theirs in zip(scores["openoda"][kind], scores["peer"][kind],
                                         strict=True))  # fmt: skip
    return better and ratio < 1


def sets(folder: Path, options: argparse.Namespace) -> Iterator[tuple[str, Path, Answers]]:
    """Each set: what it is called, its folder, its answers.

    Another process makes them, because one that starts others lends them its own peak of memory.
    """
    command = [sys.executable, __file__, "--child", "prepare", str(folder), options.half,
               str(options.people), str(options.seed)]  # fmt: skip
    subprocess.run(command, check=True)
    for name, title in (
        ("labelled", f"labelled, {options.half} half"), ("city", "city, all agencies"),
        ("contact", "city, contact centre"),
    ):  # fmt: skip
        answers = json.loads((folder / name / "answers.json").read_text(encoding="utf-8"))
        if answers:
            yield title, folder / name, answers
        else:
            print("the premises' addresses aren't at hand (OPENODA_DATA): no labelled set")


def prepare(folder: Path, half: str, people: int, seed: int) -> None:
    """Make the sets in folders of their own."""
    for name in ("labelled", "city", "contact"):
        (folder / name).mkdir()
    make_city(people, seed, folder / "made")
    found = {
        "labelled": write_labelled(folder / "labelled", half),
        "city": write_city(folder / "made", folder / "city", messiest=False),
        "contact": write_city(folder / "made", folder / "contact", messiest=True),
    }
    for name, answers in found.items():
        (folder / name / "answers.json").write_text(json.dumps(answers), encoding="utf-8")


def compare(folder: Path, options: argparse.Namespace) -> bool:
    """All measurements of the sets; whether the targets are met."""
    sides = ["openoda", *(["peer"] if Path(options.peer).is_file() else [])]
    if "peer" not in sides:
        print("uk_address_matcher isn't at hand, so its rows are left out. To have them: python -m venv "
              "X && X/bin/pip install uk_address_matcher==1.5.3, and name X/bin/python with --peer or "
              f"{PEER}")  # fmt: skip
    met = True
    for name, place, answers in sets(folder, options):
        print(
            f"{name}: {len(answers):,} addresses, {sum(one['flat'] for one in answers):,} of flats"
        )
        measure("openoda", options.peer, place)  # compiles, once
        runs: dict[str, list[dict[str, Any]]] = {side: [] for side in sides}
        for _ in range(options.rounds):
            for side in sides:
                runs[side].append(measure(side, options.peer, place))
        met &= report(runs, answers)
    return met & parse(folder / "city" / "messy.csv", options.parse_rows)


def parse(messy: Path, rows: int) -> bool:
    """Parsing alone, in a process of its own; whether it is fast enough."""
    done = subprocess.run(
        [sys.executable, __file__, "--child", "parse", str(messy), str(rows)],
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    parsed = json.loads(done.stdout)
    print(f"parsing {rows:,} addresses: {parsed['seconds']:.2f} s, peak {parsed['peak'] / 1e6:.0f} MB "
          f"(target: at most {PARSE_TARGET:.0f} s)")  # fmt: skip
    return bool(parsed["seconds"] <= PARSE_TARGET)


def main() -> None:
    """Make the sets, take turns, print the rows; exit 1 past a target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--peer", default=os.environ.get(PEER, ""))
    parser.add_argument("--half", choices=("odd", "even", "both"), default="odd")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--parse-rows", type=int, default=1_000_000)
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        kind, *rest = options.child
        if kind == "match":
            match_with_openoda(*map(Path, rest))
        elif kind == "prepare":
            prepare(Path(rest[0]), rest[1], int(rest[2]), int(rest[3]))
        else:
            parse_alone(Path(rest[0]), int(rest[1]))
        return
    with tempfile.TemporaryDirectory() as name:
        sys.exit(0 if compare(Path(name), options) else "past a target")


if __name__ == "__main__":
    main()
