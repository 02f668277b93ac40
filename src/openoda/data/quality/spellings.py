"""When two texts are the same but for case, punctuation, accents' form and spaces."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.quality.runs import Counts

VALUES_AT_MOST = 200_000


def normalised(values: pa.Array) -> pa.Array:
    """Each text in capitals, of letters and digits alone, with one space between words.

    An apostrophe closes up ("St John's" is "ST JOHNS"); other punctuation parts words.
    """
    upper = pc.utf8_upper(pc.utf8_normalize(values, form="NFKC"))
    closed = pc.replace_substring_regex(upper, "['’`]", "")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(closed, r"[^\p{L}\p{M}\p{N}]+", " "))


def spelling_codes(values: pa.Array) -> Counts:
    """A number for each text, shape (n,), the same where they are the same once normalised.

    A column of more than 200,000 different texts is left as it is: it names things, and two
    spellings of one name are for linkage to find.
    """
    if len(values) > VALUES_AT_MOST:
        return np.arange(len(values), dtype=np.int64)
    codes: Counts = normalised(values).dictionary_encode().indices.to_numpy().astype(np.int64)
    return codes


def rarer_spellings(codes: Counts, counts: Counts) -> Counts:
    """Places of the texts, among (n,), that are a less common spelling of another one."""
    order = np.lexsort((np.arange(len(codes)), -counts, codes))
    again = np.flatnonzero(codes[order][1:] == codes[order][:-1]) + 1
    return np.sort(order[again])
