"""A profile beside DuckDB's SUMMARIZE, on the same Parquet: 5 million rows of 30 columns.

    make bench-profiles
    .venv/bin/python benchmarks/profiles.py --rows 500000 --rounds 3

The file is made once and taken in; both sides then read the vault's own Parquet file, each in a
process of its own, in turns. Seconds are those of the whole process, start-up included; memory is its
peak. Loops that are compiled once on a machine are compiled before the first round. What differs:
OpenODA verifies the file's hash, writes the audit log, and gives exact distinct values and quantiles,
placeholders, shapes, outliers, impossible values, keys, repeated rows and six pages and sheets;
SUMMARIZE gives approximate distinct values and quantiles, ranges and averages.

ydata-profiling profiles a cut of the same rows, and so do we. Its report as it comes also has
correlations and interactions, which ours has not; its minimal mode leaves them out, and is shown beside
it without a target. Its seconds are those of the report alone, ours those of the whole process. A report
that takes over 20 times our seconds, and a minute more, is stopped there and told as "over".

Targets: at most 3 times SUMMARIZE's seconds, a peak under 3 GB, at least 20 times ydata's speed.
"""

import argparse
import contextlib
import io
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from intake_frame import CHUNK, _columns
from measuring import Row, Run, child, itself, ready, run_apart, show
from peers import python_of

MOST_TIMES, MOST_BYTES, LEAST_TIMES_YDATA = 3.0, 3 * 1024**3, 20.0
ROWS, CUT, ROUNDS, SEED = 5_000_000, 20_000, 3, 1
DATASET, VAULT_OWN = "cases", ("source_file", "source_line")
NUMBERS = ("case_number", "occupants", "storeys", "units")
DECIMALS = ("rent", "arrears", "latitude", "longitude")
DAYS = ("opened", "closed")
YDATA = """
import json, sys, time, pandas
from ydata_profiling import ProfileReport
frame = pandas.read_parquet(sys.argv[1])
begin = time.perf_counter()
ProfileReport(frame, minimal=sys.argv[2] == "minimal", progress_bar=False).to_html()
print(json.dumps({"seconds": time.perf_counter() - begin}))
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


def store(office: str, rows: str) -> None:
    """Take the rows in: a workspace, and beside it the path of the vault's Parquet file."""
    from openoda_cli.main import run

    folder = Path(office)
    source = folder.parent / f"{DATASET}-{rows}.parquet"
    write_cases(source, int(rows), SEED)
    with contextlib.redirect_stdout(io.StringIO()):
        done = run(["intake", str(source), "--dataset", DATASET, "--class", "synthetic",
                    "--workspace", str(folder), "--json"])  # fmt: skip
    if done > 1:
        sys.exit(f"oda intake ended with {done}")
    source.unlink()
    largest = max((folder / "vault").rglob("*.parquet"), key=lambda path: path.stat().st_size)
    (folder / "accepted").write_text(str(largest), encoding="utf-8")


def openoda(office: str) -> dict[str, int]:
    """The command's own door: permit, audit, verified read, profile, pages and sheets."""
    from openoda.custody.workspace import Workspace
    from openoda.office.profile import ProfileRequest, profile

    done = profile(Workspace(Path(office)), ProfileRequest(DATASET))
    for file in done.folder.iterdir():  # so that the next round makes it anew
        file.unlink()
    done.folder.rmdir()
    return {"rows": int(done.answer["rows"])}


def duckdb(office: str) -> dict[str, int]:
    """SUMMARIZE with DuckDB's own settings: every core, most of the memory."""
    import duckdb

    path = (Path(office) / "accepted").read_text(encoding="utf-8")
    query = f"summarize select * exclude ({', '.join(VAULT_OWN)}) from '{path}'"
    return {"rows": int(duckdb.sql(query).to_arrow_table()["count"][0].as_py())}


def cut_of(office: str, cut: str) -> None:
    """The rows of the vault as a plain Parquet file, for the peer."""
    path = (Path(office) / "accepted").read_text(encoding="utf-8")
    pq.write_table(pq.ParquetFile(path).read().drop_columns(list(VAULT_OWN)), cut)


def rows(folder: Path, rows: int = ROWS, rounds: int = 1, cut: int = CUT) -> list[Row]:
    """Beside SUMMARIZE on all rows, beside ydata-profiling on a cut."""
    return beside_summarize(_office(folder, rows), rows, rounds) + beside_ydata(
        _office(folder, cut), cut
    )


def beside_summarize(office: Path, rows: int, rounds: int) -> list[Row]:
    """Take turns; the medians, peaks and the ratio."""
    runs: dict[str, list[Run]] = {"openoda": [], "duckdb": []}
    run_apart([sys.executable, "-c", "import openoda.office.profile"])
    for _ in range(rounds):
        for side, done in runs.items():
            found = run_apart(itself(__file__, side, office))
            if found.told["rows"] != rows:
                sys.exit(f"{side} profiled {found.told['rows']:,} rows of {rows:,}")
            done.append(found)
            print(f"  {side}: {found.seconds:.2f} s, {found.peak / 1e6:.0f} MB", flush=True)
    pairs = zip(runs["openoda"], runs["duckdb"], strict=True)
    ratio = statistics.median(ours.seconds / theirs.seconds for ours, theirs in pairs)
    ours, theirs = (Run(statistics.median(one.seconds for one in done),
                        max(one.peak for one in done)) for done in runs.values())  # fmt: skip
    work = f"profile {rows:,} x 30"
    return [
        Row(work, "openoda", ours, target="under 3 GB", held=ours.peak < MOST_BYTES),
        Row(work, "duckdb summarize", theirs, f"{ratio:.2f}", f"at most {MOST_TIMES:.0f} times",
            ratio <= MOST_TIMES),
    ]  # fmt: skip


def beside_ydata(office: Path, rows: int) -> list[Row]:
    """Our seconds and ydata-profiling's on the same cut."""
    work = f"profile {rows:,} x 30"
    ours = run_apart(itself(__file__, "openoda", office))
    found = [Row(work, "openoda", ours)]
    python = python_of("ydata-profiling")
    if not python:
        return found
    cut = office / "tmp" / "cut.parquet"
    run_apart(itself(__file__, "cut_of", office, cut))
    for mode in ("minimal", "as it comes"):
        limit = LEAST_TIMES_YDATA * ours.seconds + 60
        theirs = run_apart([python, "-c", YDATA, str(cut), mode], limit)
        times = theirs.told.get("seconds", limit) / ours.seconds
        judged = mode == "as it comes"
        found.append(Row(work, f"ydata-profiling {mode}", theirs,
                         f"1 / {'over ' if theirs.stopped else ''}{times:.1f}",
                         f"at least {LEAST_TIMES_YDATA:.0f} times faster" if judged else "",
                         not judged or times >= LEAST_TIMES_YDATA))  # fmt: skip
    return found


def _office(folder: Path, rows: int) -> Path:
    office = folder / f"office-{rows}"
    ready(office / "accepted", itself(__file__, "store", office, rows))
    return office


def main() -> None:
    """Make the data, take turns, print the figures; exit 1 past a target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--cut", type=int, default=CUT)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--folder", type=Path, help="Keep the data here, and use it again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        show(rows(options.folder or Path(name), options.rows, options.rounds, options.cut))


if __name__ == "__main__":
    if not child({"store": store, "openoda": openoda, "duckdb": duckdb, "cut_of": cut_of}):
        main()
