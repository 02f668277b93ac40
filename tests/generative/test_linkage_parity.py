"""Our engine against Splink 5 on DuckDB: the same pairs, the same weights."""

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openoda.linkage.spec.model import LinkType, Spec
from openoda.linkage.spec.splink_export import splink_settings
from openoda.linkage.spec.splink_import import spec_from_splink
from tests.generative.linkage_draws import specs, tables
from tests.generative.linkage_parity import faults

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


@settings(max_examples=200, deadline=None, suppress_health_check=SLOW)
@given(specs())
def test_a_spec_comes_back_from_splink(spec: Spec) -> None:
    """What is exported and read again is the same spec."""
    assert spec_from_splink(splink_settings(spec), spec.name) == spec


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(specs(), tables(), st.data())
def test_random_specs_score_as_splink_does(
    spec: Spec, table: pa.Table, data: st.DataObject
) -> None:
    """Random conditions, rules, link types and values: every pair, every weight."""
    same_as_splink(spec, table, data)


@pytest.mark.long
@settings(max_examples=600, deadline=None, suppress_health_check=SLOW)
@given(specs(), tables(), st.data())
def test_many_random_specs_score_as_splink_does(
    spec: Spec, table: pa.Table, data: st.DataObject
) -> None:
    """The same over many more."""
    same_as_splink(spec, table, data)


def same_as_splink(spec: Spec, table: pa.Table, data: st.DataObject) -> None:
    """Hold the two against each other, the rows dealt to two or three sources where it links."""
    sources: list[int] = []
    if spec.link_type is not LinkType.DEDUPE:
        rows = table.num_rows
        sources = sorted(data.draw(st.lists(st.integers(0, 2), min_size=rows, max_size=rows)))
        sources[0], sources[-1] = 0, 2
    assert faults(spec, table, sources) == []
