"""How numbers, flats and postcodes agree by chance: among neighbours, and among any two rows."""

import numpy as np
import numpy.typing as npt

from openoda.data.standardise.addresses import compare_kernel as kernel
from openoda.data.standardise.addresses.evidence_model import Chance
from openoda.data.standardise.addresses.index import nothing_near
from openoda.data.standardise.addresses.record_kernel import CODE, FLAT, LOW, ROAD
from openoda.data.standardise.addresses.records import Records

PAIRS = 40_000
SMOOTHING = 2.0
FLOORS = 0.02
# Chance levels of a number where both have one, and of a flat likewise; then what is absent.
_BOTH_NUMBER = (kernel.SAME_NUMBER, kernel.IN_RANGE, kernel.OTHER_LETTER, kernel.MOVED,
                kernel.OTHER_NUMBER, kernel.RANGE_BEGINS, kernel.DOUBLED, kernel.HOUSE_FIRST,
                kernel.FLAT_FIRST)  # fmt: skip
_BOTH_FLAT = (kernel.SAME_FLAT, kernel.MOVED_FLAT, kernel.OTHER_FLAT, kernel.IN_ORDER)


def chance_levels(addresses: Records, gazetteer: Records, seed: int = 1) -> Chance:
    """The shares of each level, from pairs of gazetteer rows and what each side leaves empty.

    Neighbours are rows whose streets have the same words; what an address leaves out is taken to be
    independent of what the gazetteer holds.
    """
    draw = np.random.default_rng(seed)
    neighbours = _levels(gazetteer, *_neighbours(gazetteer, draw))
    anyone = draw.integers(0, len(gazetteer), (2, PAIRS)).astype(np.int32)
    strangers = _levels(gazetteer, anyone[0], anyone[1])
    given, listed = addresses.numbers[LOW] >= 0, gazetteer.numbers[LOW] >= 0
    number = _joint(
        strangers[:, kernel.NUMBER], _BOTH_NUMBER, (given.mean(), listed.mean()),
        (kernel.NOT_GIVEN, kernel.NOT_LISTED, kernel.NEITHER_NUMBER),
    )  # fmt: skip
    number[[kernel.HOUSE_FIRST, kernel.FLAT_FIRST]] = number[kernel.SAME_NUMBER]
    flats = (addresses.codes[FLAT] != 0).mean(), (gazetteer.codes[FLAT] != 0).mean()
    flat = _joint(
        neighbours[:, kernel.FLAT], _BOTH_FLAT, flats,
        (kernel.FLAT_NOT_GIVEN, kernel.FLAT_NOT_LISTED, kernel.NEITHER_FLAT),
    )  # fmt: skip
    flat = np.append(flat, FLOORS)
    with_code = (addresses.codes[CODE] != 0).mean() * (gazetteer.codes[CODE] != 0).mean()
    codes = np.bincount(strangers[:, kernel.POSTCODE], minlength=6)[
        : kernel.NO_POSTCODE
    ] + 1.0 / len(gazetteer)
    codes[kernel.ONE_SIGN_OFF] += SMOOTHING
    postcode = np.append(codes / codes.sum() * max(with_code, 0.01), max(1 - with_code, 0.01))
    return Chance(number, flat, postcode / postcode.sum(), len(gazetteer))


def _joint(
    levels: npt.NDArray[np.int32], both: tuple[int, ...], present: tuple[float, float],
    absent: tuple[int, int, int],
) -> npt.NDArray[np.float64]:  # fmt: skip
    """Shares of all levels: those where both sides have a value, then not given, not listed, neither."""
    given, listed = (min(max(float(each), 0.01), 0.99) for each in present)
    counts = np.array([(levels == level).sum() for level in both]) + SMOOTHING
    shares = np.zeros(len(both) + len(absent))
    shares[list(both)] = counts / counts.sum() * given * listed
    for level, share in zip(
        absent, ((1 - given) * listed, given * (1 - listed), (1 - given) * (1 - listed)),
        strict=True,
    ):  # fmt: skip
        shares[level] = share
    return shares


def _levels(
    gazetteer: Records, first: npt.NDArray[np.int32], second: npt.NDArray[np.int32]
) -> npt.NDArray[np.int32]:
    words = int(gazetteer.words.max(initial=0)) + 1
    starts = np.zeros(words + 1, np.int32)
    nothing = nothing_near(words, len(gazetteer)), np.zeros(words), np.zeros(0, np.uint8), starts
    out = np.zeros((len(first), kernel.WIDTH), np.int32)
    kernel.compare_rows(gazetteer.arrays, gazetteer.arrays, (first, second), nothing, out)
    return out


def _neighbours(
    gazetteer: Records, draw: np.random.Generator
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Rows, and for each another row of a street with the same words."""
    street = gazetteer.roles == ROAD
    owners = np.repeat(np.arange(len(gazetteer)), np.diff(gazetteer.rows))[street]
    mixed = (gazetteer.words[street].astype(np.int64) + 7) * 2_654_435_761 % 1_000_000_007
    hashes = np.zeros(len(gazetteer), np.int64)
    np.add.at(hashes, owners, mixed)
    order = np.argsort(hashes, kind="stable").astype(np.int32)
    order = order[hashes[order] != 0]
    steps = draw.integers(1, 6, len(order))
    partner = np.minimum(np.arange(len(order)) + steps, max(len(order) - 1, 0))
    same = (hashes[order] == hashes[order[partner]]) & (order != order[partner])
    first, second = order[same], order[partner[same]]
    few = draw.permutation(len(first))[:PAIRS]
    return np.ascontiguousarray(first[few]), np.ascontiguousarray(second[few])
