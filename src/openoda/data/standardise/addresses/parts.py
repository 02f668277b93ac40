"""Free text to BS 7666 parts, as columns.

Source of the parts: BS 7666:2006, Spatial datasets for geographical referencing, as used by the
National Land and Property Gazetteer: secondary and primary addressable object (SAON, PAON), street,
locality, town, postcode; organisation stands beside them there too. What belongs to none of them
(a county, C/O) is kept, so that no word is lost.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.standardise.addresses import parts_kernel, place_kernel
from openoda.data.standardise.addresses.labelled import Labelled, labelled
from openoda.data.standardise.addresses.tokens import join_columns
from openoda.data.standardise.addresses.vocabulary import Vocabulary

PARTS = {
    "organisation": place_kernel.ORGANISATION,
    "saon": place_kernel.SAON,
    "paon": place_kernel.PAON,
    "street": place_kernel.STREET,
    "locality": place_kernel.LOCALITY,
    "town": place_kernel.TOWN,
    "county": place_kernel.COUNTY,
    "postcode": place_kernel.POSTCODE,
    "rest": place_kernel.REST,
}
"""Column -> the label whose tokens it holds."""


def parse_addresses(columns: list[pa.Array]) -> pa.Table:
    """BS 7666 parts of addresses given in one column of text or several (lines, town, postcode).

    The table has one row a row and the columns of `PARTS` (text, null where empty): capitals, words
    in full, a range as 34-40, every token of the input in exactly one column.
    """
    vocabulary = Vocabulary()
    return parts_table(labelled(join_columns(columns), vocabulary), vocabulary)


def parts_table(addresses: Labelled, vocabulary: Vocabulary) -> pa.Table:
    """Labelled addresses written out as the columns of `PARTS`."""
    texts = (*vocabulary.spelling(), vocabulary.marks)
    stream = (addresses.ids, addresses.labels, addresses.flags, addresses.rows)
    lengths = np.diff(texts[1])
    return pa.table({name: _column(stream, texts, lengths, label) for name, label in PARTS.items()})


def _column(
    stream: tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8], npt.NDArray[np.uint8],
                  npt.NDArray[np.int32]],
    texts: tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32], npt.NDArray[np.int32]],
    lengths: npt.NDArray[np.int32],
    label: int,
) -> pa.StringArray:  # fmt: skip
    mine = stream[0][stream[1] == label]
    room = int(lengths[mine].sum(dtype=np.int64)) + 2 * len(mine)
    out, starts = np.empty(room, np.uint8), np.empty(len(stream[3]), np.int32)
    size = parts_kernel.write_part(stream, texts, label, out, starts)
    text = pa.StringArray.from_buffers(
        len(starts) - 1, pa.py_buffer(starts), pa.py_buffer(out[:size])
    )
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
