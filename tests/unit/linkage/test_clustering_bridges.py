"""Bridges: links whose removal splits a cluster, and the weak ones between large parts."""

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from openoda.linkage.clustering.bridges import bridges
from openoda.linkage.clustering.components import components
from openoda.linkage.clustering.links import Links


def links(*rows: tuple[int, int, float]) -> Links:
    """Links from (left, right, weight)."""
    return Links(
        np.array([each[0] for each in rows], np.int32),
        np.array([each[1] for each in rows], np.int32),
        np.array([each[2] for each in rows], np.float64),
    )


def clusters(count: int, graph: Links, least: float = -np.inf) -> np.ndarray:
    """The connected components."""
    return components(count, graph.lefts, graph.rights, graph.weights, least)


TRIANGLES = links(
    (0, 1, 9.0), (1, 2, 9.0), (0, 2, 9.0), (2, 3, 1.0),
    (3, 4, 9.0), (4, 5, 9.0), (3, 5, 9.0), (5, 6, 0.5),
)  # fmt: skip


class TestBridges:
    """Which links are bridges, and what they hold together."""

    def test_two_triangles_and_a_tail(self) -> None:
        """Proves the bridges of a drawn graph and the sizes of their parts."""
        found = bridges(TRIANGLES, clusters(8, TRIANGLES))
        assert found.places.tolist() == [3, 7]
        assert found.lesser.tolist() == [3, 1]
        assert found.greater.tolist() == [4, 6]
        assert found.weights.tolist() == [1.0, 0.5]
        assert found.clusters.tolist() == [0, 0]

    def test_the_weak_link_between_large_parts_is_named_and_the_tail_is_not(self) -> None:
        """Proves that a part of one isn't large, though its link is weaker."""
        assert bridges(TRIANGLES, clusters(8, TRIANGLES)).between_large().places.tolist() == [3]

    def test_the_weakest_comes_first_and_of_equals_the_more_even(self) -> None:
        """Proves the order of bridges in a chain of nine: by weight, then by the smaller part."""
        chain = links(*((at, at + 1, 2.0) for at in range(7)), (7, 8, 2.0))
        weights = chain.weights.copy()
        weights[5] = 1.0
        weaker = Links(chain.lefts, chain.rights, weights)
        found = bridges(weaker, clusters(9, weaker)).between_large(2)
        assert found.places.tolist() == [5, 3, 4, 2, 1, 6]

    def test_a_pair_that_stands_twice_is_no_bridge(self) -> None:
        """Proves that of two links between the same records neither is alone."""
        twice = links((0, 1, 1.0), (1, 0, 2.0), (1, 2, 1.0))
        assert bridges(twice, clusters(3, twice)).places.tolist() == [2]

    def test_links_below_the_threshold_or_between_clusters_do_not_count(self) -> None:
        """Proves that only links that clusters rest on are looked at."""
        ring = links((0, 1, 5.0), (1, 2, 5.0), (2, 0, 1.0), (2, 3, 5.0))
        apart = np.array([0, 0, 0, 3], np.int32)
        assert bridges(ring, apart, 2.0).places.tolist() == [0, 1]
        assert bridges(ring, apart).places.tolist() == []

    def test_a_chain_of_two_hundred_thousand_is_all_bridges(self) -> None:
        """Proves that depth is no limit, and every part's size along the chain."""
        lefts = np.arange(199_999, dtype=np.int32)
        chain = Links(lefts, lefts + 1, np.ones(199_999))
        found = bridges(chain, clusters(200_000, chain))
        assert len(found) == 199_999
        assert np.array_equal(found.lesser, np.minimum(lefts + 1, 199_999 - lefts))

    def test_nothing_has_no_bridges(self) -> None:
        """Proves that no records, and records without links, have none."""
        assert len(bridges(links(), np.zeros(0, np.int32))) == 0
        assert len(bridges(links(), np.arange(3, dtype=np.int32)).between_large()) == 0

    def test_clusters_must_be_numbered_by_records(self) -> None:
        """Proves that a cluster's number beyond the records is refused."""
        with pytest.raises(ValueError, match="a cluster for each of 2 records"):
            bridges(links((0, 1, 1.0)), np.array([0, 9], np.int32))

    @pytest.mark.parametrize("seed", range(6))
    def test_removing_one_splits_its_cluster_and_removing_another_does_not(self, seed: int) -> None:
        """Proves against SciPy, removing each link of a random graph in turn, also the parts."""
        draw = np.random.default_rng(seed)
        lefts = draw.integers(0, 60, 70).astype(np.int32)
        rights = ((lefts + draw.integers(1, 60, 70)) % 60).astype(np.int32)
        graph = Links(lefts, rights, draw.random(70))
        found = bridges(graph, clusters(60, graph))
        expected = {}
        for at in range(70):
            rest = np.arange(70) != at
            matrix = coo_matrix((np.ones(69), (lefts[rest], rights[rest])), (60, 60))
            _, labels = connected_components(matrix, directed=False)
            if labels[lefts[at]] != labels[rights[at]]:
                sides = [np.count_nonzero(labels == labels[end[at]]) for end in (lefts, rights)]
                expected[at] = (min(sides), max(sides))
        parts = zip(found.lesser.tolist(), found.greater.tolist(), strict=True)
        assert dict(zip(found.places.tolist(), parts, strict=True)) == expected
