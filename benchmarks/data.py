"""Data as it arrives, in one run: intake, profiles, the synthetic city, standardising.

    make bench-data
    .venv/bin/python benchmarks/data.py --quick

One round each of the benchmarks intake, profiles, city (1 and 10 million people) and standardise, each
measurement a process of its own, memory in each row; `--quick` is a tenth of each, to see that it runs
(its ratios are of start-up more than of work). Takes about 25 minutes and 20 GB of disk, less after the
first time, when the peers' environments are installed. What each measures, and beside whom, is said in
each benchmark's own text.
"""

import argparse
import tempfile
from pathlib import Path

import city
import intake
import profiles
import standardise
from measuring import Row, show


def measured(folder: Path, tenth: bool) -> list[Row]:
    """Every row, one benchmark after another."""
    part = 10 if tenth else 1
    city.rows(folder, city.FEWEST)  # compiles, uncounted
    return [
        *intake.rows(folder, intake.ROWS // part, cut=intake.CUT // part),
        *profiles.rows(folder, profiles.ROWS // part, cut=profiles.CUT // part),
        *standardise.rows(folder, standardise.ROWS // part),
        *city.rows(folder, city.MILLION // part),
        *city.rows(folder, 10 * city.MILLION // part),
    ]


def main() -> None:
    """Measure all and print the table; exit 1 past a target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--quick", action="store_true", help="A tenth of each.")
    parser.add_argument("--folder", help="Where the data is made. Default: the temporary folder.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        show(measured(Path(name), options.quick))


if __name__ == "__main__":
    main()
