"""Intake beside DuckDB's own strict reader: 2 million rows of 20 columns, typed, to Parquet.

    make bench-intake
    .venv/bin/python benchmarks/intake.py --rows 200000 --rounds 3

Both read the same seeded file with every type given, set aside what doesn't fit and write Parquet
(Snappy) in a process of their own, in turns. Seconds are those of the whole process, start-up
included; memory is its peak. Both must account for every bad row that was planted. What differs: OpenODA
keeps a row with a bad value (the value null, flagged), hashes the file, counts records and lines
independently and writes page checksums; DuckDB drops the row and writes none.

Targets: at most 3 times DuckDB's seconds, and a peak under 2 GB.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from intake_frame import FIELDS, table_schema, write_frame

MOST_TIMES, MOST_BYTES = 3.0, 2 * 1024**3
SIDES = ("openoda", "duckdb")
DUCKDB_TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
}


def load_with_openoda(source: Path, target: Path) -> dict[str, int]:
    """Intake by the library's own door, written by pyarrow."""
    import pyarrow.parquet as pq

    from openoda.data.intake import open_delivery
    from openoda.standards.table_schema import TableSchema

    schema = TableSchema.from_descriptor(table_schema())
    with open_delivery(source, schema) as delivery:
        options: dict[str, Any] = {"compression": "snappy", "write_page_checksum": True}
        with pq.ParquetWriter(target, delivery.arrow_schema, **options) as writer:
            for batch in delivery:
                writer.write_batch(batch.accepted)
        report = delivery.report
    return {
        "rows": report.accepted,
        "bad_rows": report.quarantined,
        "bad_values": report.flagged_values,
    }


def load_with_duckdb(source: Path, target: Path) -> dict[str, int]:
    """DuckDB's reader with a fixed dialect, the types given, strict, rejects kept."""
    import duckdb

    columns = {name: DUCKDB_TYPES[kind] for name, kind, _ in FIELDS}
    connection = duckdb.connect()
    connection.execute(
        f"""copy (select * from read_csv('{source}', columns={columns}, auto_detect=false,
            header=true, delim=',', quote='"', escape='"', new_line='\\n', strict_mode=true,
            store_rejects=true, allow_quoted_nulls=false, dateformat='%d/%m/%Y',
            timestampformat='%Y-%m-%d %H:%M:%S'))
            to '{target}' (format parquet, compression snappy)"""
    )

    def count(sql: str) -> int:
        return int(connection.execute(sql).fetchone()[0])  # type: ignore[index]

    lines = "select count(distinct line) from reject_errors where error_type"
    return {
        "rows": count(f"select count(*) from '{target}'"),
        "bad_rows": count(f"{lines} <> 'CAST'"),
        "bad_values": count(f"{lines} = 'CAST' and line not in (select line from reject_errors "
                            "where error_type <> 'CAST')"),
    }  # fmt: skip


def child(side: str, source: Path, target: Path) -> None:
    """One measured process: print what was found and the peak of memory in bytes."""
    import resource

    found = (load_with_openoda if side == "openoda" else load_with_duckdb)(source, target)
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    print(json.dumps({**found, "peak": peak}))


def measure(side: str, source: Path, folder: Path) -> dict[str, float]:
    """Run one side on its own; its seconds, peak and findings."""
    # Byte code is kept, as it is in any installation, even where this shell turns that off.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    target = folder / f"{side}.parquet"
    command = [sys.executable, __file__, "--child", side, str(source), str(target)]
    begin = time.perf_counter()
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    seconds = time.perf_counter() - begin
    return {"seconds": seconds, **json.loads(done.stdout)}


def require_reconciled(side: str, found: dict[str, float], planted: dict[str, int]) -> None:
    """End the run if a side doesn't account for exactly what was planted."""
    lost = planted["bad_rows"] + (planted["rows_with_bad_values"] if side == "duckdb" else 0)
    bad_values = planted["bad_values"] if side == "openoda" else planted["rows_with_bad_values"]
    expected = {
        "rows": planted["rows"] - lost,
        "bad_rows": planted["bad_rows"],
        "bad_values": bad_values,
    }
    wrong = {name: (found[name], value) for name, value in expected.items() if found[name] != value}
    if wrong:
        sys.exit(f"{side} does not reconcile with what was planted (found, planted): {wrong}")


def main() -> None:
    """Make the file, take turns, print medians and the ratio; exit 1 past a target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]), Path(options.child[2]))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs, planted = take_turns(folder, options.rows, options.rounds, options.seed)
    report(runs, planted)


def take_turns(
    folder: Path, rows: int, rounds: int, seed: int
) -> tuple[dict[str, list[dict[str, float]]], dict[str, int]]:
    """Each side in turn on the same file, after one run on a small one that isn't counted."""
    small, source = folder / "small.csv", folder / "cases.csv"
    write_frame(small, 20_000, seed)
    planted = write_frame(source, rows, seed)
    print(f"{rows:,} rows x {len(FIELDS)} columns, {source.stat().st_size / 1e6:.0f} MB; planted: "
          f"{planted['bad_rows']:,} bad rows, {planted['bad_values']:,} bad values")  # fmt: skip
    for side in SIDES:
        measure(side, small, folder)
    runs: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    for _ in range(rounds):
        for side in SIDES:
            found = measure(side, source, folder)
            require_reconciled(side, found, planted)
            runs[side].append(found)
            print(f"  {side}: {found['seconds']:.2f} s, {found['peak'] / 1e6:.0f} MB")
    return runs, planted


def report(runs: dict[str, list[dict[str, float]]], planted: dict[str, int]) -> None:
    """Print what each found, the medians and the ratio; exit 1 past a target."""
    medians = {side: statistics.median(r["seconds"] for r in runs[side]) for side in SIDES}
    peaks = {side: max(r["peak"] for r in runs[side]) for side in SIDES}
    for side in SIDES:
        last = runs[side][-1]
        print(f"{side}: median {medians[side]:.2f} s, peak {peaks[side] / 1e6:.0f} MB; "
              f"{last['rows']:,} rows written, {last['bad_rows']:,} bad rows and "
              f"{last['bad_values']:,} bad values found")  # fmt: skip
    pairs = zip(runs["openoda"], runs["duckdb"], strict=True)
    ratio = statistics.median(ours["seconds"] / theirs["seconds"] for ours, theirs in pairs)
    print(f"ratio (median of the pairs): {ratio:.2f} (target: at most {MOST_TIMES}); "
          f"both account for all that was planted")  # fmt: skip
    if ratio > MOST_TIMES or peaks["openoda"] > MOST_BYTES:
        sys.exit("past a target")


if __name__ == "__main__":
    main()
