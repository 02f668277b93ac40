"""Comparing groups through the command."""

from __future__ import annotations

from pathlib import Path

from tests.integration.command import assert_no_fault, oda


def test_published_scores_give_the_known_ratio(compas_file: Path, tmp_path: Path) -> None:
    """Proves the false-positive-rate ratio, African-American to Caucasian, of the known file."""
    ran = oda(
        "disparity", compas_file, "--class", "open", "--map", "selected=score",
        "--map", "outcome=label_value", "--map", "group=race", "--reference", "Caucasian", "--json",
        cwd=tmp_path,
    )  # fmt: skip
    assert_no_fault(ran)
    assert ran.code in (0, 1), ran.told
    groups = {group["group"]: group for group in ran.answer["groups"]}
    assert ran.answer["rows"] == 7214
    assert round(groups["African-American"]["ratio"], 3) == 1.912
    low, high = groups["African-American"]["interval"]
    assert low < 1.912 < high
    assert "group-disparity" in {warning["code"] for warning in ran.answer["warnings"]}
