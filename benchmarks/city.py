"""The synthetic city: seconds, megabytes on disk and peak memory of `oda synthetic city`.

    make bench-city
    .venv/bin/python benchmarks/city.py --people 10000000 --folder /some/large/disk

Each city is made in a process of its own; seconds are those of the whole process, start-up included,
and memory is its peak. One small city goes before, uncounted. Targets: 1,000,000 people in under 60 s;
a peak under 2 GB whatever the number of people.
"""

import argparse
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MOST_SECONDS_A_MILLION, MOST_BYTES = 60.0, 2 * 1024**3


def child(people: int, seed: int, target: Path) -> None:
    """One measured process, the command itself: print what was made and the peak of memory in bytes."""
    import resource

    from openoda_cli.main import run

    made = ["synthetic", "city", "--people", str(people), "--seed", str(seed), "--out", str(target)]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = run(made)
    if code != 0:
        sys.exit(f"oda {' '.join(made)} ended with {code}")
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    written = sum(entry["bytes"] for entry in manifest["tables"])
    rows = sum(entry["rows"] for entry in manifest["tables"])
    print(json.dumps({"peak": peak, "bytes": written, "rows": rows}))


def measure(people: int, seed: int, folder: Path) -> dict[str, float]:
    """Make one city and remove it; its seconds, peak, bytes and rows."""
    target = folder / f"city-{people}"
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, __file__, "--child", str(people), str(seed), str(target)]
    begin = time.perf_counter()
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    seconds = time.perf_counter() - begin
    shutil.rmtree(target)
    return {"seconds": seconds, **json.loads(done.stdout)}


def main() -> None:
    """Make the cities, print a line for each; exit 1 past a target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--folder", help="Where to make them. Default: the folder for temporary files."
    )
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        people, seed, target = options.child
        child(int(people), int(seed), Path(target))
        return
    late = False
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        measure(10_000, options.seed, Path(name))
        for _ in range(options.rounds):
            found = measure(options.people, options.seed, Path(name))
            late |= found["seconds"] > MOST_SECONDS_A_MILLION * max(1, options.people / 1e6)
            late |= found["peak"] > MOST_BYTES
            print(f"{options.people:,} people: {found['seconds']:.1f} s, "
                  f"{found['bytes'] / 1e6:,.0f} MB on disk, {found['rows']:,.0f} rows, "
                  f"peak {found['peak'] / 1e6:,.0f} MB (targets: {MOST_SECONDS_A_MILLION:.0f} s a "
                  f"million, {MOST_BYTES / 1e6:,.0f} MB)")  # fmt: skip
    if late:
        sys.exit("past a target")


if __name__ == "__main__":
    main()
