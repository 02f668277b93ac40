"""What a linkage leaves in its folder: pairs, clusters, and the spec with what it learned."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from openoda.linkage.clustering.links import Links
from openoda.linkage.linking import Linked
from openoda.linkage.scoring import probability
from openoda.linkage.spec.model import LinkType
from openoda.linkage.spec.writing import written
from openoda.office.link_inputs import Inputs
from openoda.vocabulary.refusals import Misused, StorageUnwritable

Places = npt.NDArray[np.int32] | npt.NDArray[np.int64]
PAIRS, CLUSTERS, SPEC = "pairs.parquet", "clusters.parquet", "trained.toml"


def must_be_empty(folder: Path) -> None:
    """Refuse (Misused) a folder that holds something, before work is spent on what would be written."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Misused(
            "There is something of that name already",
            where=folder.name,
            remedy="Name a new or an empty folder with --out.",
        )


def write_outputs(folder: Path, inputs: Inputs, linked: Linked, all_pairs: bool) -> dict[str, str]:
    """Write the files; their paths by what they are. Raises StorageUnwritable."""
    links = linked.links if all_pairs else linked.taken
    tables = {PAIRS: pairs_table(inputs, links, linked.spec.link_type),
              CLUSTERS: clusters_table(inputs, linked)}  # fmt: skip
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            pq.write_table(table, folder / name)
        (folder / SPEC).write_text(written(linked.spec), encoding="utf-8")
    except OSError as error:
        raise StorageUnwritable(
            f"The result can't be written ({error.strerror})",
            where=folder.name,
            remedy="Make room there, or name another folder with --out.",
        ) from error
    return {name.partition(".")[0]: str(folder / name) for name in (PAIRS, CLUSTERS, SPEC)}


def pairs_table(inputs: Inputs, links: Links, link_type: LinkType) -> pa.Table:
    """`left`, `right`, `match_weight`, `match_probability`, heaviest first; sources where joined."""
    order = np.lexsort((links.rights, links.lefts, -links.weights))
    lefts, rights, weights = links.lefts[order], links.rights[order], links.weights[order]
    columns = {
        "left": inputs.ids.take(pa.array(lefts)),
        "right": inputs.ids.take(pa.array(rights)),
        "match_weight": pa.array(weights),
        "match_probability": pa.array(probability(weights)),
    }
    if link_type is not LinkType.DEDUPE:
        columns["left_source"] = _source(inputs, lefts)
        columns["right_source"] = _source(inputs, rights)
    return pa.table(columns)


def clusters_table(inputs: Inputs, linked: Linked) -> pa.Table:
    """`record`, `cluster`, `source`: a row a record; clusters are numbered from 1, by first record."""
    numbers = np.unique(linked.clusters, return_inverse=True)[1].reshape(-1) + 1
    return pa.table({
        "record": inputs.ids,
        "cluster": pa.array(numbers, pa.int64()),
        "source": _source(inputs, np.arange(len(numbers))),
    })  # fmt: skip


def _source(inputs: Inputs, records: Places) -> pa.Array:
    names = pa.array(inputs.names).take(pa.array(inputs.numbers[records]))
    return pc.cast(names, pa.string())
