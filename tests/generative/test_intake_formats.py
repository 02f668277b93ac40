"""Malformed files of every format: refused in words or read to the last byte, never anything else."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openoda.data.intake import Batch, Delivery, Dialect, Limits, open_delivery
from openoda.data.intake.propose import propose
from openoda.vocabulary.refusals import Refusal
from tests.generative.format_corpus import MAKERS, damaged, damaged_inside

PLAIN = {"csv", "json", "jsonl", "geojson", "fixed"}


def read(
    path: Path, dialect: Dialect | None, limits: Limits
) -> tuple[Delivery, list[Batch]] | None:
    """All of a file, or None where it is refused with a remedy."""
    refused: list[Refusal] = []
    try:
        with open_delivery(path, dialect=dialect, limits=limits) as delivery:
            return delivery, list(delivery)
    except Refusal as refusal:
        refused.append(refusal)
    assert all(each.what and each.remedy for each in refused)
    return None


def check_counts(delivery: Delivery, batches: list[Batch]) -> None:
    """What was handed over is what the report says."""
    report = delivery.report
    accepted = sum(batch.accepted.num_rows for batch in batches)
    aside = [row for batch in batches for row in batch.quarantined.to_pylist()]
    flags = [row for batch in batches for row in batch.flags.to_pylist()]
    assert (report.accepted, report.quarantined) == (accepted, len(aside))
    assert report.rows_in == accepted + len(aside)
    assert report.flagged_values == len(flags)
    assert sum(problem.count for problem in report.problems) == len(aside) + len(flags)
    assert all(row["reason"] and row["raw"] is not None for row in aside)
    lines = [row["source_line"] for batch in batches for row in batch.accepted.to_pylist()]
    if not any(batch.part for batch in batches):
        assert len(set(lines)) == len(lines)
    for batch in batches:
        assert batch.accepted.schema == delivery.arrow_schema


def check_spans(form: str, content: bytes, batches: list[Batch], limits: Limits) -> None:
    """Quarantined spans follow one another in the file, and hold the bytes that are kept of them."""
    end = 0
    for batch in batches:
        for row in batch.quarantined.to_pylist():
            assert end <= row["byte_start"] <= row["byte_end"] <= len(content)
            span = content[row["byte_start"] : row["byte_end"]]
            assert row["raw"] == span[: limits.raw], form
            assert row["raw_cut"] == (len(span) > limits.raw)
            end = row["byte_end"]


def one(folder: Path, form: str, seed: int) -> None:
    chance = random.Random(seed)
    name, content, dialect = MAKERS[form](chance)
    content = chance.choice([damaged_inside(chance, form, content), damaged(chance, content)])
    path = folder / name
    path.write_bytes(content)
    small = Limits(block=chance.choice([7, 64, 4096, 1 << 20]), record=4096, raw=64, columns=50)
    found = read(path, dialect, small)
    if found is None:
        return
    check_counts(*found)
    if form in PLAIN:
        check_spans(form, content, found[1], small)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corpus")


@pytest.mark.parametrize("form", MAKERS)
def test_damaged_files_are_read_whole_or_refused(form: str, folder: Path) -> None:
    """Proves over a corpus of each format that nothing crashes, that counts add up, and that what is
    set aside is kept byte for byte."""
    for seed in range(60):
        one(folder, form, seed)


@pytest.mark.long
@pytest.mark.parametrize("form", MAKERS)
def test_a_thousand_damaged_files_of_each_format(form: str, folder: Path) -> None:
    """Proves the same over eleven thousand files."""
    for seed in range(1_000, 2_000):
        one(folder, form, seed)


@pytest.mark.parametrize("form", MAKERS)
def test_sound_files_are_accepted_whole(form: str, folder: Path) -> None:
    """Proves that without damage no record of any format is set aside."""
    for seed in range(40):
        chance = random.Random(seed)
        name, content, dialect = MAKERS[form](chance)
        path = folder / name
        path.write_bytes(content)
        found = read(path, dialect, Limits())
        if found is not None and form not in ("fixed", "csv", "gzip", "zip", "xlsx"):
            assert found[0].report.quarantined == 0, (form, seed)


@pytest.mark.parametrize("form", MAKERS)
def test_a_proposal_is_made_or_refused_in_words(form: str, folder: Path) -> None:
    """Proves that looking at a damaged file never crashes, and that what is proposed can be read
    back as a schema file."""
    from openoda.data.intake.resource import dialect_from
    from openoda.standards.table_schema import TableSchema

    for seed in range(5_000, 5_025):
        chance = random.Random(seed)
        name, content, _ = MAKERS[form](chance)
        path = folder / name
        path.write_bytes(damaged(chance, content))
        try:
            descriptor = propose(path).descriptor()
        except Refusal:
            continue
        if descriptor["schema"]["fields"]:
            TableSchema.from_descriptor(descriptor)
        dialect_from(descriptor, name)


JSON_PIECES = [b'{"a":1}', b'{"a":"x"}', b",", b"\n", b"[", b"]", b"{", b"}", b'"', b"\\", b"null",
               b" ", b'{"a":"open', b'{"b":[1,2]}', b"\r\n", b"\xff", b":"]  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(JSON_PIECES), max_size=30), st.sampled_from([1, 5, 1 << 16]))
def test_every_byte_of_a_json_list_is_a_record_set_aside_or_glue(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], block: int
) -> None:
    """Proves that what lies outside the accepted and quarantined records of a list is only brackets,
    commas and white space, whatever the damage and wherever blocks end."""
    content = b"[" + b"".join(pieces)
    path = tmp_path_factory.getbasetemp() / "pieces.json"
    path.write_bytes(content)
    found = read(path, None, Limits(block=block, record=4096, raw=4096))
    if found is None:
        return
    check_counts(*found)
    check_spans("json", content, found[1], Limits(record=4096, raw=4096))
    rest = bytearray(content)
    for batch in found[1]:
        for row in batch.quarantined.to_pylist():
            rest[row["byte_start"] : row["byte_end"]] = b" " * (row["byte_end"] - row["byte_start"])
    kept = bytes(rest)
    for text in (b'{"a":1}', b'{"a":"x"}', b'{"b":[1,2]}'):
        kept = kept.replace(text, b"")
    whole = sum(batch.accepted.num_rows for batch in found[1])
    if all(piece in (*JSON_PIECES[:6], b" ", b"\r\n") for piece in pieces):
        assert whole == sum(bytes(rest).count(text) for text in (b'{"a":1}', b'{"a":"x"}'))
        assert not kept.strip(b" \t\r\n,[]")


SLIPS = [b'"', b"{", b"}", b",", b":", b"\\", b"x"]
NAMED = ["a", 'say "hi"', "{", "[1],{2"]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(NAMED), min_size=12, max_size=12),
    st.booleans(),
    st.sampled_from(SLIPS),
    st.floats(0, 1, exclude_max=True),
    st.sampled_from([7, 100, 1 << 20]),
)
def test_a_slip_in_a_list_on_one_line_costs_its_neighbours_at_most(
    tmp_path_factory: pytest.TempPathFactory,
    names: list[str],
    wrapped: bool,
    slip: bytes,
    where: float,
    block: int,
) -> None:
    """Proves that one byte too many, wherever it stands, costs the record it is in and at most one
    beside it, and that nothing inside a record, even with the same keys, is taken for one."""
    records = [{"id": n, "name": name, "of": [{"id": 70}, {"id": 71}, {"id": 72}]}
               for n, name in enumerate(names)]  # fmt: skip
    content = json.dumps({"rows": records, "end": 1} if wrapped else records).encode()
    first, last = content.index(b'"id"'), content.rindex(b"}]}")
    at = first + int(where * (last - first))
    path = tmp_path_factory.getbasetemp() / "slip.json"
    path.write_bytes(content[:at] + slip + content[at:])
    dialect = Dialect(records=("rows",) if wrapped else ())
    found = read(path, dialect, Limits(block=block, record=4096, raw=64))
    assert found is not None
    check_counts(*found)
    ids = [row.get("id") for batch in found[1] for row in batch.accepted.to_pylist()]
    own = {str(n) for n in range(12)}
    assert len(own.intersection(ids)) >= 10
    assert not {"70", "71", "72"}.intersection(ids)
    assert len(set(ids)) == len(ids)
