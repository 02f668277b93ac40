"""Each cluster in figures, and the alarms that figures raise."""

import math

import numpy as np
import pytest

from openoda.linkage.clustering.alarms import (
    CHANCE,
    Kind,
    alarms,
    larger_than_expected,
    repeated,
    size_limit,
    sparse,
)
from openoda.linkage.clustering.components import components
from openoda.linkage.clustering.figures import ClusterFigures, cluster_figures
from openoda.linkage.clustering.links import Links
from openoda.linkage.clustering.source_aware import Sources, source_aware


def links(*rows: tuple[int, int, float]) -> Links:
    """Links from (left, right, weight)."""
    return Links(
        np.array([each[0] for each in rows], np.int32),
        np.array([each[1] for each in rows], np.int32),
        np.array([each[2] for each in rows], np.float64),
    )


def complete(first: int, count: int, weight: float = 5.0) -> list[tuple[int, int, float]]:
    """Every pair of `count` records."""
    return [
        (left, right, weight)
        for left in range(first, first + count)
        for right in range(left + 1, first + count)
    ]


def figures_of(count: int, graph: Links, least: float = -np.inf) -> ClusterFigures:
    """Figures of the connected components."""
    clusters = components(count, graph.lefts, graph.rights, graph.weights, least)
    return cluster_figures(graph, clusters, least)


class TestClusterFigures:
    """Size, links, density and weights."""

    def test_by_hand(self) -> None:
        """Proves each figure of a chain of three, a pair and a single record."""
        graph = links((0, 1, 4.0), (1, 2, 1.0), (3, 4, -2.0), (0, 2, -9.0))
        found = figures_of(6, graph, -3.0)
        assert found.firsts.tolist() == [0, 3, 5]
        assert found.sizes.tolist() == [3, 2, 1]
        assert found.links.tolist() == [2, 1, 0]
        assert found.density[:2].tolist() == [2 / 3, 1.0]
        assert found.weakest[:2].tolist() == [1.0, -2.0]
        assert found.mean[:2].tolist() == [2.5, -2.0]
        assert np.isnan([found.density[2], found.weakest[2], found.mean[2]]).all()

    def test_links_between_clusters_count_in_neither(self) -> None:
        """Proves that a link that a clean source forbids is no link of a cluster."""
        graph = links((0, 2, 3.0), (1, 2, 5.0))
        kept = source_aware(graph, Sources(np.array([0, 0, 1], np.int32), frozenset({0})))
        assert cluster_figures(graph, kept.clusters).links.tolist() == [0, 1]

    def test_the_distribution_of_sizes(self) -> None:
        """Proves the count of clusters of each size, by hand."""
        graph = links((0, 1, 1.0), (2, 3, 1.0), (4, 5, 1.0), (5, 6, 1.0))
        assert figures_of(9, graph).of_sizes() == {1: 2, 2: 2, 3: 1}

    def test_nothing_has_no_figures(self) -> None:
        """Proves that no records are no clusters, and raise no alarm."""
        found = figures_of(0, links())
        assert len(found) == 0
        assert found.of_sizes() == {}
        assert alarms(found, np.zeros(0, np.int32)) == []


class TestSizeAlarm:
    """Clusters larger than expected."""

    def test_the_limit_is_where_a_geometric_law_expects_less_than_its_chance(self) -> None:
        """Proves the limit against the law itself: sizes beyond it CHANCE at most, within it more."""
        sizes = np.random.default_rng(1).geometric(0.4, 20_000)
        limit = size_limit(sizes)
        stays = 1 - 1 / sizes.mean()
        assert len(sizes) * stays**limit <= CHANCE < len(sizes) * stays ** (limit - 1)

    def test_a_huge_cluster_does_not_hide_itself_by_raising_the_mean(self) -> None:
        """Proves that 2,000 records wrongly joined leave the limit as it is without them."""
        sizes = np.random.default_rng(2).geometric(0.5, 20_000)
        assert size_limit(np.append(sizes, 2_000)) == size_limit(sizes)

    def test_large_clusters_are_named_largest_first(self) -> None:
        """Proves that both clusters beyond the limit are named, and one that just reaches it not."""
        single = [(at, at + 1, 1.0) for at in range(100, 140, 2)]
        graph = links(*complete(0, 12), *complete(20, 15), *complete(40, 10), *single)
        found = larger_than_expected(figures_of(300, graph))
        assert found.kind is Kind.LARGE
        assert found.clusters.tolist() == [20, 0]
        assert found.figures == [15, 12]
        assert "more than 10 records" in found.rule

    def test_orderly_sizes_raise_none(self) -> None:
        """Proves that clusters of two to five, a thousand of each, are as expected."""
        sizes = np.repeat(np.arange(2, 6), 1_000)
        assert size_limit(sizes) > 5

    def test_everything_in_one_cluster_is_an_alarm(self) -> None:
        """Proves that a linkage that joined all records is told so."""
        lefts = np.arange(999, dtype=np.int32)
        found = larger_than_expected(figures_of(1_000, Links(lefts, lefts + 1, np.ones(999))))
        assert found.figures == [1_000]


class TestSparseAlarm:
    """Large clusters with few links."""

    def test_two_halves_joined_by_one_link_are_sparse(self) -> None:
        """Proves the rule at its edge: two triangles and one link are, and with two links aren't."""
        halves = [*complete(0, 3), *complete(3, 3), (2, 3, 1.0)]
        found = sparse(figures_of(6, links(*halves)))
        assert found.clusters.tolist() == [0]
        assert found.figures == [pytest.approx(7 / 15)]
        assert len(sparse(figures_of(6, links(*halves, (0, 5, 1.0))))) == 0

    def test_a_small_chain_is_no_alarm(self) -> None:
        """Proves that five records in a chain raise none, and that six do."""
        chain = [(at, at + 1, 1.0) for at in range(5)]
        assert len(sparse(figures_of(5, links(*chain[:4])))) == 0
        assert len(sparse(figures_of(6, links(*chain)))) == 1

    def test_the_sparsest_comes_first(self) -> None:
        """Proves the order: a chain of eight before two joined triangles."""
        chain = [(at, at + 1, 1.0) for at in range(10, 17)]
        graph = links(*complete(0, 3), *complete(3, 3), (2, 3, 1.0), *chain)
        assert sparse(figures_of(18, graph)).clusters.tolist() == [10, 0]


class TestRepeatedAlarm:
    """Several records of a clean source."""

    def test_records_beyond_one_of_each_clean_source_are_counted(self) -> None:
        """Proves the count: two too many of one source and one of another; none where not clean."""
        clusters = np.array([0, 0, 2, 2, 2, 2, 2, 7, 7], np.int32)
        numbers = np.array([3, 3, 1, 1, 1, 2, 2, 1, 1], np.int32)
        found = repeated(clusters, Sources(numbers, frozenset({1, 2})))
        assert found.clusters.tolist() == [2, 7]
        assert list(found.figures) == [3, 1]

    def test_the_cluster_with_most_comes_first(self) -> None:
        """Proves that the later cluster, with two records too many, is named before the earlier."""
        clusters = np.array([0, 0, 2, 2, 2], np.int32)
        found = repeated(clusters, Sources(np.zeros(5, np.int32), frozenset({0})))
        assert found.clusters.tolist() == [2, 0]

    def test_clusters_that_heed_sources_raise_none(self) -> None:
        """Proves that source-aware clusters of a random graph repeat no clean source."""
        draw = np.random.default_rng(4)
        lefts = draw.integers(0, 500, 2_000).astype(np.int32)
        rights = ((lefts + draw.integers(1, 500, 2_000)) % 500).astype(np.int32)
        graph = Links(lefts, rights, draw.random(2_000))
        heeded = Sources(draw.integers(0, 5, 500).astype(np.int32), frozenset({0, 3}))
        assert len(repeated(components(500, lefts, rights), heeded)) > 0
        assert len(repeated(source_aware(graph, heeded).clusters, heeded)) == 0


def test_alarms_that_nothing_raises_are_left_out() -> None:
    """Proves that only the kinds raised are told: here the repeated source alone."""
    graph = links((0, 1, 1.0))
    clusters = components(2, graph.lefts, graph.rights)
    both = Sources(np.array([0, 0], np.int32), frozenset({0}))
    found = alarms(cluster_figures(graph, clusters), clusters, both)
    assert [each.kind for each in found] == [Kind.REPEATED]
    assert not math.isnan(found[0].figures[0])
    assert alarms(cluster_figures(graph, clusters), clusters) == []
