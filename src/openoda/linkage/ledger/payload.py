"""An act's change as bytes and back: Arrow columns, compressed, in named parts."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from openoda.linkage.ledger.events import Change
from openoda.linkage.ledger.ids import LENGTH

_COMPRESSED = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", compression_level=1))


def packed(change: Change) -> dict[str, bytes]:
    """The parts of a change; a part without rows is left out."""
    tables = {
        "events": _events(change),
        "moves": pa.table({"record": pa.array(change.moved, pa.int32())}),
        "ids": pa.table({"body": _bodies(change)}),
        "sources": pa.table({"source": pa.array(change.sources, pa.string())}),
        "keys": pa.table({"key": change.keys}),
        "listed": pa.table({"records": pa.array([change.listed], pa.int64())}),
    }
    return {name: _written(table) for name, table in tables.items() if table.num_rows}


def unpacked(parts: Mapping[str, bytes]) -> Change:
    """The change that these parts hold."""
    columns: dict[str, pa.Array] = {}
    for name, content in parts.items():
        table = pa.ipc.open_stream(content).read_all()
        for column in table.column_names:
            columns[f"{name}.{column}"] = _one(table.column(column))
    empty = Change()

    def array(name: str, otherwise: np.ndarray) -> np.ndarray:
        column = columns.get(name)
        return otherwise if column is None else column.to_numpy(zero_copy_only=False)

    return Change(
        kinds=array("events.kind", empty.kinds),
        lefts=array("events.left", empty.lefts),
        entered=array("events.entered", empty.entered),
        sizes=array("events.size", empty.sizes),
        subjects=array("events.subject", empty.subjects),
        aparts=array("events.apart", empty.aparts),
        pairs=np.column_stack(
            [array("events.one", empty.lefts), array("events.other", empty.lefts)]
        ),
        moved=array("moves.record", empty.moved),
        sources=tuple(columns["sources.source"].to_pylist() if "sources.source" in columns else ()),
        keys=columns.get("keys.key", empty.keys),
        bodies=_read_bodies(columns.get("ids.body")),
        listed=columns["listed.records"][0].as_py(),
    )


def _events(change: Change) -> pa.Table:
    return pa.table(
        {
            "kind": pa.array(change.kinds, pa.int32()),
            "left": pa.array(change.lefts, pa.int32()),
            "entered": pa.array(change.entered, pa.int32()),
            "size": pa.array(change.sizes, pa.int32()),
            "subject": pa.array(change.subjects, pa.int64()),
            "apart": pa.array(change.aparts, pa.bool_()),
            "one": pa.array(change.pairs[:, 0], pa.int32()),
            "other": pa.array(change.pairs[:, 1], pa.int32()),
        }
    )


def _bodies(change: Change) -> pa.Array:
    plain = pa.py_buffer(np.ascontiguousarray(change.bodies).tobytes())
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(LENGTH), len(change.bodies), [None, plain]
    )


def _read_bodies(column: pa.Array | None) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    if column is None:
        return Change().bodies
    plain = np.frombuffer(column.buffers()[1], np.uint8)
    return plain[: len(column) * LENGTH].reshape(-1, LENGTH)


def _written(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=_COMPRESSED) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _one(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole if isinstance(whole, pa.Array) else pa.concat_arrays(whole.chunks)
