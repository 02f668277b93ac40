"""A profile beside DuckDB's SUMMARIZE, on the same Parquet: 5 million rows of 30 columns.

    make bench-profile
    .venv/bin/python benchmarks/profile.py --rows 500000 --rounds 3
    .venv/bin/python benchmarks/profile.py --ydata /path/to/venv/bin/python

The file is made once and taken in; both sides then read the vault's own Parquet file, each in a
process of its own, in turns. Seconds are those of the whole process, start-up included; memory is its
peak. What differs: OpenODA verifies the file's hash, writes the audit log, and gives exact distinct
values and quantiles, placeholders, shapes, outliers, impossible values, keys, repeated rows and six
pages and sheets; SUMMARIZE gives approximate distinct values and quantiles, ranges and averages.

ydata-profiling is no dependency of ours: with --ydata, the Python of an environment that has it (and
pyarrow) profiles a cut of the same rows, and so do we. Its report as it comes also has correlations and
interactions, which ours has not; its minimal mode leaves them out, and is shown beside it without a
target. A report that takes over 20 times our seconds, and a minute more, is stopped there and told as
"over".

Targets: at most 3 times SUMMARIZE's seconds, a peak under 3 GB, at least 20 times ydata's speed.
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

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from intake_frame import CHUNK, _columns

MOST_TIMES, MOST_BYTES, LEAST_TIMES_YDATA = 3.0, 3 * 1024**3, 20.0
DATASET = "cases"
NUMBERS = ("case_number", "occupants", "storeys", "units")
DECIMALS = ("rent", "arrears", "latitude", "longitude")
DAYS = ("opened", "closed")
YDATA = """
import sys, time, pandas
from ydata_profiling import ProfileReport
frame = pandas.read_parquet(sys.argv[1])
begin = time.perf_counter()
ProfileReport(frame, minimal=sys.argv[2] == "minimal", progress_bar=False).to_html()
print(time.perf_counter() - begin)
"""


def write_cases(path: Path, rows: int, seed: int) -> None:
    """The intake benchmark's twenty columns, typed, and ten more: five of numbers, five of codes."""
    rng = np.random.default_rng(seed)
    writer = None
    for start in range(0, rows, CHUNK):
        count = min(CHUNK, rows - start)
        columns = {name: _typed(name, _flat(made)) for name, made in
                   _columns(start, count, rng).items()}  # fmt: skip
        for place in range(5):
            columns[f"score_{place}"] = pa.array(rng.normal(size=count).round(3 + place))
            columns[f"code_{place}"] = pa.array(rng.integers(0, 10 ** (place + 2), count)).cast(
                pa.string()
            )
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()


def _flat(column: pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _typed(name: str, column: pa.Array) -> pa.Array:
    text = pc.if_else(pc.equal(column, ""), None, column)
    if name in NUMBERS:
        return text.cast(pa.int64())
    if name in DECIMALS:
        return text.cast(pa.float64())
    if name in DAYS:
        return pc.strptime(text, "%d/%m/%Y", "s").cast(pa.date32())
    return pc.strptime(text, "%Y-%m-%d %H:%M:%S", "us") if name == "updated" else column


def stored(folder: Path, rows: int, seed: int) -> Path:
    """Take the rows in; the workspace, with the vault's Parquet file linked beside it."""
    source, office = folder / f"{DATASET}-{rows}.parquet", folder / f"office-{rows}"
    write_cases(source, rows, seed)
    _oda("intake", str(source), "--dataset", DATASET, "--class", "synthetic",
         "--workspace", str(office))  # fmt: skip
    source.unlink()
    largest = max((office / "vault").rglob("*.parquet"), key=lambda path: path.stat().st_size)
    (office / "accepted").write_text(str(largest), encoding="utf-8")
    return office


def _oda(*arguments: str) -> None:
    code = "import sys; from openoda_cli.main import run; sys.exit(run(sys.argv[1:]) > 1)"
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)  # fmt: skip


def child(side: str, office: Path) -> None:
    """One measured process: print the rows found and the peak of memory in bytes."""
    import resource

    rows = profile_with_openoda(office) if side == "openoda" else profile_with_duckdb(office)
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    print(json.dumps({"rows": rows, "peak": peak}))


def profile_with_openoda(office: Path) -> int:
    """The command's own door: permit, audit, verified read, profile, pages and sheets."""
    from openoda.custody.workspace import Workspace
    from openoda.office.profile import ProfileRequest, profile

    done = profile(Workspace(office), ProfileRequest(DATASET))
    for file in done.folder.iterdir():  # so that the next round makes it anew
        file.unlink()
    done.folder.rmdir()
    return int(done.answer["rows"])


def profile_with_duckdb(office: Path) -> int:
    """SUMMARIZE with DuckDB's own settings: every core, most of the memory."""
    import duckdb

    path = (office / "accepted").read_text(encoding="utf-8")
    query = f"summarize select * exclude (source_file, source_line) from '{path}'"
    return int(duckdb.sql(query).to_arrow_table()["count"][0].as_py())


def measure(side: str, office: Path) -> dict[str, float]:
    """Run one side on its own; its seconds, peak and rows."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(office / "tmp" / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, __file__, "--child", side, str(office)]
    begin = time.perf_counter()
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return {"seconds": time.perf_counter() - begin, **json.loads(done.stdout)}


def beside_summarize(office: Path, rows: int, rounds: int) -> bool:
    """Take turns; print medians, peaks and the ratio; whether both targets are met."""
    runs: dict[str, list[dict[str, float]]] = {"openoda": [], "duckdb": []}
    for _ in range(rounds):
        for side, done in runs.items():
            found = measure(side, office)
            if found["rows"] != rows:
                sys.exit(f"{side} profiled {found['rows']:,} rows of {rows:,}")
            done.append(found)
            print(f"  {side}: {found['seconds']:.2f} s, {found['peak'] / 1e6:.0f} MB", flush=True)
    pairs = zip(runs["openoda"], runs["duckdb"], strict=True)
    ratio = statistics.median(ours["seconds"] / theirs["seconds"] for ours, theirs in pairs)
    peak = max(one["peak"] for one in runs["openoda"])
    print(f"ratio (median of the pairs): {ratio:.2f} (target: at most {MOST_TIMES}); "
          f"peak {peak / 1e6:.0f} MB (target: under {MOST_BYTES / 1e6:.0f} MB)")  # fmt: skip
    return ratio <= MOST_TIMES and peak < MOST_BYTES


def beside_ydata(office: Path, python: Path) -> bool:
    """Our seconds and ydata-profiling's on the same cut; whether the target is met."""
    path = (office / "accepted").read_text(encoding="utf-8")
    cut = office / "tmp" / "cut.parquet"
    table = pq.ParquetFile(path).read()
    pq.write_table(table.drop_columns(["source_file", "source_line"]), cut)
    ours = measure("openoda", office)["seconds"]
    limit = LEAST_TIMES_YDATA * ours + 60
    rows = f"cut of {table.num_rows:,} rows: openoda {ours:.2f} s (whole process)"
    times = {}
    for mode in ("minimal", "as it comes"):
        seconds, stopped = _ydata_seconds(python, cut, mode, limit)
        times[mode] = seconds / ours
        over = "over " if stopped else ""
        print(f"{rows}, ydata-profiling {mode} {over}{seconds:.2f} s (report alone): "
              f"{over}{times[mode]:.1f} times faster", flush=True)  # fmt: skip
    print(f"target: at least {LEAST_TIMES_YDATA} times faster than the report as it comes")
    return times["as it comes"] >= LEAST_TIMES_YDATA


def _ydata_seconds(python: Path, cut: Path, mode: str, limit: float) -> tuple[float, bool]:
    """Its own seconds for the report, without start-up and reading; or the limit, and True."""
    command = [str(python), "-c", YDATA, str(cut), mode]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              check=True, timeout=limit)  # fmt: skip
    except subprocess.TimeoutExpired:
        return limit, True
    return float(done.stdout.decode().split()[-1]), False


def main() -> None:
    """Make the data, take turns, print the figures; exit 1 past a target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--cut", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ydata", type=Path, help="Python of an environment with ydata-profiling")
    parser.add_argument("--folder", type=Path, help="Keep the data here, and use it again")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        sound = beside_summarize(
            _office(folder, options.rows, options.seed), options.rows, options.rounds
        )
        if options.ydata:
            sound &= beside_ydata(_office(folder, options.cut, options.seed), options.ydata)
        else:
            print("ydata-profiling: not measured (give --ydata)")
    if not sound:
        sys.exit("past a target")


def _office(folder: Path, rows: int, seed: int) -> Path:
    ready = folder / f"office-{rows}"
    return ready if (ready / "accepted").is_file() else stored(folder, rows, seed)


if __name__ == "__main__":
    main()
