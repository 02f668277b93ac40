"""Intake beside DuckDB's own strict reader, pandas, and frictionless validate.

    make bench-intake
    .venv/bin/python benchmarks/intake.py --rows 200000 --rounds 3

All read the same seeded file of 20 columns with every type given. OpenODA and DuckDB set aside what
doesn't fit and write Parquet (Snappy), and both must account for every bad row that was planted. What
differs: OpenODA keeps a row with a bad value (the value null, flagged), hashes the file, counts records
and lines independently and writes page checksums; DuckDB drops the row and writes none. pandas
reads all as text, skips lines of too many fields without a word and turns what doesn't fit into null, so
it isn't held to account. frictionless validates a cut of the file against the same Table Schema; beside
it ours too reads and judges and writes nothing, and the ratio is of that work, imports left out on both
sides (the seconds shown have them).

Targets: at most 3 times DuckDB's seconds, a peak under 2 GB, at least 20 times frictionless's speed.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from intake_frame import FIELDS, table_schema, write_frame
from measuring import Row, Run, child, itself, run_apart, show
from peers import python_of

MOST_TIMES, MOST_BYTES, LEAST_TIMES_FRICTIONLESS = 3.0, 2 * 1024**3, 20.0
ROWS, CUT, ROUNDS, SEED = 2_000_000, 500_000, 5, 1
SIDES = ("openoda", "duckdb", "pandas")
DUCKDB_TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
}
FRICTIONLESS = """
import json, sys, time
from pathlib import Path
from frictionless import Resource, Schema
source = Path(sys.argv[1])
begin = time.perf_counter()
schema = Schema.from_descriptor(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
resource = Resource(path=source.name, basepath=str(source.parent), schema=schema)
report = resource.validate(limit_errors=1_000_000)
print(json.dumps({"errors": report.stats["errors"], "seconds": time.perf_counter() - begin}))
"""


def make(source: str, rows: str, seed: str) -> dict[str, int]:
    """Write the file."""
    return write_frame(Path(source), int(rows), int(seed))


def openoda(source: str, target: str) -> dict[str, int]:
    """Intake by the library's own door, written by pyarrow."""
    import pyarrow.parquet as pq

    from openoda.data.intake import open_delivery
    from openoda.standards.table_schema import TableSchema

    schema = TableSchema.from_descriptor(table_schema())
    with open_delivery(Path(source), schema) as delivery:
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


def duckdb(source: str, target: str) -> dict[str, int]:
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


def pandas(source: str, target: str) -> dict[str, int]:
    """pandas as analysts use it on messy files: read as text, then convert, what doesn't fit to null."""
    import pandas

    frame = pandas.read_csv(source, dtype="string", keep_default_na=False, na_values=[""],
                            on_bad_lines="skip")  # fmt: skip
    for name, kind, form in FIELDS:
        if kind in ("date", "datetime"):
            frame[name] = pandas.to_datetime(frame[name], format=form, errors="coerce")
        elif kind in ("integer", "number"):
            frame[name] = pandas.to_numeric(frame[name], errors="coerce")
        elif kind == "boolean":
            frame[name] = frame[name].map({"true": True, "false": False}).astype("boolean")
    frame.to_parquet(target, compression="snappy")
    return {"rows": len(frame)}


def require_reconciled(side: str, found: dict[str, int], planted: dict[str, int]) -> None:
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


def rows(folder: Path, rows: int = ROWS, rounds: int = 1, cut: int = CUT) -> list[Row]:
    """Each side in turn on the same file, then beside frictionless on a cut."""
    source = folder / "cases.csv"
    planted = run_apart(itself(__file__, "make", source, rows, SEED)).told
    print(f"{rows:,} rows x {len(FIELDS)} columns, {source.stat().st_size / 1e6:.0f} MB; planted: "
          f"{planted['bad_rows']:,} bad rows, {planted['bad_values']:,} bad values")  # fmt: skip
    beside = beside_frictionless(folder, cut)  # first: it also compiles
    runs: dict[str, list[Run]] = {side: [] for side in SIDES}
    for _ in range(rounds):
        for side in SIDES:
            done = run_apart(itself(__file__, side, source, folder / f"{side}.parquet"))
            if side != "pandas":
                require_reconciled(side, done.told, planted)
            runs[side].append(done)
            print(f"  {side}: {done.seconds:.2f} s, {done.peak / 1e6:.0f} MB", flush=True)
    return _told(f"intake {rows:,} x {len(FIELDS)}", runs) + beside


def _told(work: str, runs: dict[str, list[Run]]) -> list[Row]:
    medians = {
        side: Run(statistics.median(one.seconds for one in done), max(one.peak for one in done))
        for side, done in runs.items()
    }
    ratios = {
        side: statistics.median(
            ours.seconds / theirs.seconds
            for ours, theirs in zip(runs["openoda"], done, strict=True)
        )
        for side, done in runs.items()
    }
    small = medians["openoda"].peak < MOST_BYTES
    return [
        Row(work, "openoda", medians["openoda"], target="under 2 GB", held=small),
        Row(work, "duckdb strict", medians["duckdb"], f"{ratios['duckdb']:.2f}",
            f"at most {MOST_TIMES:.0f} times", ratios["duckdb"] <= MOST_TIMES),
        Row(work, "pandas", medians["pandas"], f"{ratios['pandas']:.2f}"),
    ]  # fmt: skip


def judge(source: str) -> dict[str, float]:
    """Intake with nothing written: the seconds of the work alone, and what was found."""
    from openoda.data.intake import open_delivery
    from openoda.standards.table_schema import TableSchema

    begin = time.perf_counter()
    with open_delivery(Path(source), TableSchema.from_descriptor(table_schema())) as delivery:
        for _ in delivery:
            pass
        report = delivery.report
    return {"rows": report.accepted, "seconds": time.perf_counter() - begin}


def beside_frictionless(folder: Path, cut: int) -> list[Row]:
    """Our intake and frictionless's validation of the same cut."""
    source, schema = folder / "cut.csv", folder / "schema.json"
    run_apart(itself(__file__, "make", source, cut, SEED))
    schema.write_text(json.dumps(table_schema()), encoding="utf-8")
    work = f"judge {cut:,} x {len(FIELDS)}"
    run_apart(itself(__file__, "judge", source))  # compiles, once
    ours = run_apart(itself(__file__, "judge", source))
    rows = [Row(work, f"openoda ({ours.told['seconds']:.2f} s of work)", ours)]
    python = python_of("frictionless")
    if python:
        theirs = run_apart([python, "-c", FRICTIONLESS, str(source), str(schema)])
        if not theirs.told["errors"]:
            sys.exit("frictionless found none of what was planted")
        times = theirs.told["seconds"] / ours.told["seconds"]
        rows.append(Row(work, f"frictionless validate ({theirs.told['seconds']:.2f} s of work)",
                        theirs, f"1 / {times:.1f}",
                        f"at least {LEAST_TIMES_FRICTIONLESS:.0f} times faster",
                        times >= LEAST_TIMES_FRICTIONLESS))  # fmt: skip
    return rows


def main() -> None:
    """Measure and print; exit 1 past a target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--cut", type=int, default=CUT)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        show(rows(Path(name), options.rows, options.rounds, options.cut))


if __name__ == "__main__":
    if not child(
        {"make": make, "openoda": openoda, "duckdb": duckdb, "pandas": pandas, "judge": judge}
    ):
        main()
