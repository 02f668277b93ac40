"""The synthetic city: seconds, megabytes on disk and peak memory of `oda synthetic city`.

    make bench-city
    .venv/bin/python benchmarks/city.py --people 10000000 --folder /some/large/disk

Each city is made by the command itself in a process of its own, and removed. One small city goes before,
uncounted. Targets: 1,000,000 people in under 60 s; a peak under 2 GB whatever the number of people.
"""

import argparse
import contextlib
import io
import json
import shutil
import sys
import tempfile
from pathlib import Path

from measuring import Row, child, itself, run_apart, show

MOST_SECONDS_A_MILLION, MOST_BYTES = 60.0, 2 * 1024**3
FEWEST, MILLION, SEED = 10_000, 1_000_000, 1


def make(people: str, seed: str, target: str) -> dict[str, int]:
    """Make a city, and remove it; its bytes and rows."""
    from openoda_cli.main import run

    made = ["synthetic", "city", "--people", people, "--seed", seed, "--out", target]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = run(made)
    if code != 0:
        sys.exit(f"oda {' '.join(made)} ended with {code}")
    manifest = json.loads((Path(target) / "manifest.json").read_text(encoding="utf-8"))
    return {name: sum(entry[name] for entry in manifest["tables"]) for name in ("bytes", "rows")}


def rows(folder: Path, people: int = MILLION, seed: int = SEED) -> list[Row]:
    """One city, with its targets."""
    target = folder / f"city-{people}"
    done = run_apart(itself(__file__, "make", people, seed, target))
    shutil.rmtree(target)
    print(f"  {people:,} people: {done.told['bytes'] / 1e6:,.0f} MB on disk, "
          f"{done.told['rows']:,} rows", flush=True)  # fmt: skip
    work = f"synthetic city {people:,}"
    most = MOST_SECONDS_A_MILLION
    return [
        Row(work, "openoda", done, target=f"under {most:.0f} s a million",
            held=done.seconds < most * max(1, people / MILLION)),
        Row(work, "openoda", done, target="under 2 GB", held=done.peak < MOST_BYTES),
    ]  # fmt: skip


def main() -> None:
    """Make the cities, print a line for each; exit 1 past a target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--people", type=int, default=MILLION)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--folder", help="Where to make them. Default: the folder for temporary files."
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        rows(Path(name), FEWEST, options.seed)
        show([row for _ in range(options.rounds)
              for row in rows(Path(name), options.people, options.seed)])  # fmt: skip


if __name__ == "__main__":
    if not child({"make": make}):
        main()
