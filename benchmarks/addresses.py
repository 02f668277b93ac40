"""Address → UPRN beside uk_address_matcher, on three sets with known answers; and parsing alone.

    make bench-addresses
    .venv/bin/python benchmarks/addresses.py --rounds 3

labelled: `tests/generative/address_damage.py`, 5,000 food premises' addresses (not ours), damaged by
rules written before the matcher. What was tuned on is left out: lines whose UPRN (or, where the
gazetteer lacks them, whose id) has an even first byte of SHA-256 were looked at while developing;
figures are of the odd half, with `--half` to choose. Needs the premises' addresses, else it is left
out.

city: one in ten of all addresses that the agencies of a synthetic city of 100,000 hold, against its
gazetteer; contact centre: all addresses of its messiest extract. The seed is not one tuned on.

Each side runs in a process of its own, in turns, from CSV to CSV. The peer pins DuckDB below 2 and
Splink below 5, so it lives in an environment of its own; it has no way to choose a threshold, so its
defaults stand.

Targets: on every set precision and recall at least the peer's, over all and over flats, and faster; 1M
addresses parsed in at most 10 seconds.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from address_sets import Answers, make_city, write_city, write_labelled
from measuring import Row, Run, child, itself, run_apart, show
from peers import python_of

PEER = "uk_address_matcher"
PEOPLE, SEED, HALF = 100_000, 11, "odd"
MILLION, PARSE_TARGET = 1_000_000, 10.0
SETS = {
    "labelled": "labelled, %s half",
    "city": "city, all agencies",
    "contact": "city, contact centre",
}
PEER_CODE = """
import sys
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
"""


def match(gazetteer: str, messy: str, out: str) -> dict[str, float]:
    """The library's own door, from CSV to CSV."""
    import pyarrow as pa
    from pyarrow import csv

    from openoda.data.standardise.addresses import match_addresses

    known, given = (_read(Path(path)) for path in (gazetteer, messy))
    columns = [given[name].combine_chunks() for name in ("address", "postcode")]
    run = match_addresses(columns, known)
    csv.write_csv(pa.table({"id": given["id"], "uprn": run.table["uprn"]}), out)
    return {
        "threshold": run.threshold.probability,
        "expected": run.threshold.expected_precision,
    }


def parse(messy: str, rows: str) -> dict[str, float]:
    """Parse the messy lines, repeated with other numbers up to `rows`; the seconds of that alone."""
    import pyarrow as pa

    from openoda.data.standardise.addresses import parse_addresses

    given = _read(Path(messy))["address"].to_pylist()
    text = pa.array([f"{at // len(given) + 1} {given[at % len(given)]}" for at in range(int(rows))])
    parse_addresses([text.slice(0, 1000)])  # the compiled code is read from its cache here
    begin = time.perf_counter()
    parse_addresses([text])
    return {"seconds": time.perf_counter() - begin}


def _read(path: Path) -> Any:
    import pyarrow as pa
    from pyarrow import csv

    names = csv.open_csv(path).schema.names
    options = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    return csv.read_csv(path, convert_options=options)


def prepare(folder: str, half: str, people: str, seed: str) -> None:
    """Make the sets in folders of their own, each with its answers."""
    place = Path(folder)
    for name in SETS:
        (place / name).mkdir()
    make_city(int(people), int(seed), place / "made")
    found = {
        "labelled": write_labelled(place / "labelled", half),
        "city": write_city(place / "made", place / "city", messiest=False),
        "contact": write_city(place / "made", place / "contact", messiest=True),
    }
    for name, answers in found.items():
        (place / name / "answers.json").write_text(json.dumps(answers), encoding="utf-8")


def sets(folder: Path) -> Iterator[tuple[str, Path, Answers]]:
    """Each set that there is: what it is called, its folder, its answers."""
    for name, title in SETS.items():
        answers = json.loads((folder / name / "answers.json").read_text(encoding="utf-8"))
        if answers:
            yield title, folder / name, answers
        else:
            print("the premises' addresses aren't at hand (OPENODA_DATA): no labelled set")


def command(side: str, place: Path) -> list[str]:
    """How a side is run on a set: the peer takes no parts, so it has them on one line."""
    if side == "openoda":
        return itself(__file__, "match", place / "gazetteer.csv", place / "messy.csv", place / side)
    paths = [str(place / name) for name in ("lines.csv", "messy.csv", side)]
    return [python_of(PEER) or "", "-c", PEER_CODE, *paths]


def score(found: dict[str, str | None], answers: Answers) -> tuple[float, float]:
    """Precision and recall of what was matched."""
    taken = [one for one in answers if found.get(one["id"])]
    right = sum(found[one["id"]] == one["uprn"] for one in taken)
    findable = sum(one["uprn"] is not None for one in answers)
    return right / max(len(taken), 1), right / max(findable, 1)


def beside_peer(title: str, place: Path, answers: Answers, rounds: int) -> list[Row]:
    """Take turns on one set; a row a side, ours held to the peer's figures."""
    sides = ["openoda", *([PEER] if python_of(PEER) else [])]
    run_apart(command("openoda", place))  # compiles, once
    runs: dict[str, list[Run]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            runs[side].append(run_apart(command(side, place)))
    kinds = {"all": answers, "flats": [one for one in answers if one["flat"]]}
    scores = {side: _scores(place / side, kinds) for side in sides}
    print(f"{title}: {len(answers):,} addresses, {len(kinds['flats']):,} of flats")
    for side in sides:
        print(f"  {side}: " + "; ".join(f"{kind} precision {p:.4f}, recall {r:.4f}"
                                        for kind, (p, r) in scores[side].items()))  # fmt: skip
    chosen = runs["openoda"][-1].told
    print(f"  openoda chose threshold {chosen['threshold']:.3f} and expected precision "
          f"{chosen['expected']:.4f}", flush=True)  # fmt: skip
    return _rows(title, runs, scores)


def _scores(path: Path, kinds: dict[str, Answers]) -> dict[str, tuple[float, float]]:
    table = _read(path)
    found = dict(zip(table["id"].to_pylist(), table["uprn"].to_pylist(), strict=True))
    return {kind: score(found, some) for kind, some in kinds.items()}


def _rows(
    title: str, runs: dict[str, list[Run]], scores: dict[str, dict[str, tuple[float, float]]]
) -> list[Row]:
    rows = []
    for side, done in runs.items():
        typical = Run(statistics.median(one.seconds for one in done), max(one.peak for one in done))
        if side == "openoda":
            rows.append(Row(f"match, {title}", side, typical))
            continue
        pairs = zip(runs["openoda"], done, strict=True)
        ratio = statistics.median(ours.seconds / theirs.seconds for ours, theirs in pairs)
        better = all(mine >= its for kind, figures in scores[side].items()
                     for mine, its in zip(scores["openoda"][kind], figures, strict=True))  # fmt: skip
        rows.append(Row(f"match, {title}", side, typical, f"{ratio:.3f}",
                        "as precise, as complete, faster", better and ratio < 1))  # fmt: skip
    return rows


def rows(folder: Path, rounds: int = 1, half: str = HALF, people: int = PEOPLE) -> list[Row]:
    """Every set beside the peer, then a million addresses parsed."""
    run_apart(itself(__file__, "prepare", folder, half, people, SEED))
    found = [row for title, place, answers in sets(folder)
             for row in beside_peer(title.replace("%s", half), place, answers, rounds)]  # fmt: skip
    parsed = run_apart(itself(__file__, "parse", folder / "city" / "messy.csv", MILLION))
    seconds = parsed.told["seconds"]
    work = f"parse {MILLION:,} addresses ({seconds:.2f} s of work)"
    most = f"at most {PARSE_TARGET:.0f} s"
    return [*found, Row(work, "openoda", parsed, target=most, held=seconds <= PARSE_TARGET)]


def main() -> None:
    """Make the sets, take turns, print the rows; exit 1 past a target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--half", choices=("odd", "even", "both"), default=HALF)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        show(rows(Path(name), options.rounds, options.half, options.people))


if __name__ == "__main__":
    if not child({"prepare": prepare, "match": match, "parse": parse}):
        main()
