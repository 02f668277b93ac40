"""Clusters from links: connected components, clean sources, one-to-one, growth by threshold."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from openoda.linkage.clustering.components import components, components_of_pieces
from openoda.linkage.clustering.growing import Sizes, stages, sweep
from openoda.linkage.clustering.links import Links
from openoda.linkage.clustering.source_aware import Sources, one_to_one, source_aware
from openoda.linkage.pairing import Pairs


def links(*rows: tuple[int, int, float]) -> Links:
    """Links from (left, right, weight)."""
    return Links(
        np.array([each[0] for each in rows], np.int32),
        np.array([each[1] for each in rows], np.int32),
        np.array([each[2] for each in rows], np.float64),
    )


def sources(*numbers: int, clean: tuple[int, ...] = ()) -> Sources:
    """Sources from each record's number."""
    return Sources(np.array(numbers, np.int32), frozenset(clean))


def many(records: int, pairs: int, seed: int) -> Links:
    """Random links, several weights equal."""
    draw = np.random.default_rng(seed)
    lefts = draw.integers(0, records, pairs, dtype=np.int32)
    rights = (lefts + draw.integers(1, records, pairs)) % records
    return Links(lefts, rights.astype(np.int32), draw.integers(-5, 20, pairs) / 2)


class TestComponents:
    """Records that links join, directly or by way of others."""

    def test_a_chain_is_one_cluster_named_by_its_first_record(self) -> None:
        """Proves that links are followed, and that a cluster's number is its first record's."""
        chain = links((5, 3, 1.0), (3, 1, 1.0), (4, 2, 1.0))
        found = components(6, chain.lefts, chain.rights)
        assert found.tolist() == [0, 1, 2, 1, 2, 1]
        assert found.dtype == np.int32

    def test_a_link_at_the_threshold_counts_and_one_below_does_not(self) -> None:
        """Proves that the threshold itself is reached, and that the next number below isn't."""
        pair = links((0, 1, 2.0), (1, 2, np.nextafter(2.0, 0.0)))
        found = components(3, pair.lefts, pair.rights, pair.weights, 2.0)
        assert found.tolist() == [0, 0, 2]

    def test_no_records_and_no_links_are_allowed(self) -> None:
        """Proves that nothing gives nothing, and that records without links stay by themselves."""
        none = links()
        assert components(0, none.lefts, none.rights).tolist() == []
        assert components(3, none.lefts, none.rights, none.weights, 1.0).tolist() == [0, 1, 2]

    def test_they_are_those_of_scipy_on_two_hundred_thousand_links(self) -> None:
        """Proves that a large random graph has the clusters that SciPy finds in it."""
        graph = many(150_000, 200_000, 11)
        kept = graph.weights >= 2.0
        found = components(150_000, graph.lefts, graph.rights, graph.weights, 2.0)
        matrix = coo_matrix(
            (np.ones(kept.sum()), (graph.lefts[kept], graph.rights[kept])), (150_000, 150_000)
        )
        _, labels = connected_components(matrix, directed=False)
        _, firsts = np.unique(labels, return_index=True)
        assert np.array_equal(found, firsts[labels])

    def test_a_long_chain_in_the_worst_order_is_one_cluster(self) -> None:
        """Proves that depth is no limit: 300,000 records linked one to the next, last first."""
        lefts = np.arange(299_999, dtype=np.int32)[::-1].copy()
        found = components(300_000, lefts, lefts + 1)
        assert not found.any()

    def test_pieces_give_what_the_whole_gives(self) -> None:
        """Proves that links that come a piece at a time give the clusters of all together."""
        graph = many(2_000, 3_000, 5)
        pieces = (
            Links(graph.lefts[at : at + 700], graph.rights[at : at + 700],
                  graph.weights[at : at + 700])
            for at in range(0, 3_000, 700)
        )  # fmt: skip
        found = components_of_pieces(2_000, pieces, 1.0)
        assert np.array_equal(
            found, components(2_000, graph.lefts, graph.rights, graph.weights, 1.0)
        )

    @pytest.mark.parametrize("pair", [(0, 3), (-1, 1), (2, 2)])
    def test_a_pair_that_is_none_is_refused(self, pair: tuple[int, int]) -> None:
        """Proves that a record out of range, or paired with itself, never reaches the loop."""
        wrong = links((0, 1, 1.0), (*pair, 1.0))
        with pytest.raises(ValueError, match="pair 1 is of records"):
            components(3, wrong.lefts, wrong.rights)
        with pytest.raises(ValueError, match="among 3 records"):
            source_aware(wrong, sources(0, 0, 0))
        with pytest.raises(ValueError, match="among 3 records"):
            sweep(3, wrong, [0.0])

    def test_weights_must_be_as_many_as_pairs(self) -> None:
        """Proves that a weight too few is refused, by links and by components."""
        two = links((0, 1, 1.0), (1, 2, 1.0))
        with pytest.raises(ValueError, match="one weight for each pair"):
            components(3, two.lefts, two.rights, np.ones(1), 0.0)
        with pytest.raises(ValueError, match="one weight for each pair"):
            Links(two.lefts, two.rights, np.ones(1))

    def test_a_weight_must_be_a_number(self) -> None:
        """Proves that NaN is refused, which is neither above a threshold nor below it."""
        with pytest.raises(ValueError, match="a weight must be a number"):
            links((0, 1, 1.0), (1, 2, float("nan")))

    def test_links_may_be_read_only_and_stay_on_disk(self, tmp_path: Path) -> None:
        """Proves that arrays mapped from a file, which nothing may write, are clustered alike."""
        graph = many(500, 600, 4)
        mapped = []
        for name in ("lefts", "rights", "weights"):
            np.save(tmp_path / f"{name}.npy", getattr(graph, name))
            mapped.append(np.load(tmp_path / f"{name}.npy", mmap_mode="r"))
        heeded = Sources(np.arange(500, dtype=np.int32) % 3, frozenset({0}))
        assert np.array_equal(
            components(500, *mapped, 2.0),
            components(500, graph.lefts, graph.rights, graph.weights, 2.0),
        )
        assert np.array_equal(
            source_aware(Links(*mapped), heeded).clusters, source_aware(graph, heeded).clusters
        )

    def test_links_are_made_of_pairs_without_copying(self) -> None:
        """Proves that links of blocking's pairs are those very arrays."""
        pairs = Pairs(np.array([0], np.int32), np.array([1], np.int32), np.array([7]))
        found = Links.of(pairs, np.array([1.5]))
        assert found.lefts is pairs.lefts
        assert found.rights is pairs.rights


class TestSourceAware:
    """At most one record of each clean source in a cluster."""

    def test_the_heavier_link_wins_and_the_other_is_told(self) -> None:
        """Proves that of two records of a clean source the one with the heavier link joins."""
        graph = links((0, 2, 3.0), (1, 2, 5.0))
        found = source_aware(graph, sources(0, 0, 1, clean=(0,)))
        assert found.clusters.tolist() == [0, 1, 1]
        assert found.joining.tolist() == [1]
        assert found.refused.tolist() == [0]

    def test_a_path_round_the_rule_is_refused_too(self) -> None:
        """Proves that clusters are kept apart, not only pairs: A–B and C–D may not meet by B–C."""
        graph = links((0, 1, 9.0), (2, 3, 8.0), (1, 2, 7.0))
        found = source_aware(graph, sources(0, 1, 1, 0, clean=(0,)))
        assert found.clusters.tolist() == [0, 0, 2, 2]

    def test_a_source_that_is_not_clean_may_repeat(self) -> None:
        """Proves that the rule holds of clean sources alone."""
        graph = links((0, 1, 1.0), (1, 2, 1.0))
        found = source_aware(graph, sources(0, 0, 0, clean=(1,)))
        assert found.clusters.tolist() == [0, 0, 0]

    def test_equal_weights_go_by_record_whatever_order_they_come_in(self) -> None:
        """Proves that a tie is broken by the records' order: 0–2 before 1–2, as found or reversed."""
        one = links((0, 2, 4.0), (1, 2, 4.0))
        other = links((2, 1, 4.0), (2, 0, 4.0))
        either = sources(0, 0, 1, clean=(0,))
        assert source_aware(one, either).clusters.tolist() == [0, 1, 0]
        assert source_aware(other, either).clusters.tolist() == [0, 1, 0]

    def test_links_below_the_threshold_are_not_used(self) -> None:
        """Proves that a link below the threshold joins nothing and isn't called refused."""
        found = source_aware(links((0, 1, 0.9)), sources(0, 1, clean=(0, 1)), 1.0)
        assert found.clusters.tolist() == [0, 1]
        assert found.refused.tolist() == found.joining.tolist() == []

    def test_more_than_sixty_four_clean_sources_are_kept_apart(self) -> None:
        """Proves that the hundredth clean source is heeded as the first is."""
        numbers = [*range(100), 99, 0]
        chain = links(*((at, at + 1, 200.0 - at) for at in range(101)))
        found = source_aware(chain, sources(*numbers, clean=tuple(range(100))))
        assert found.clusters.tolist() == [*[0] * 100, 100, 100]

    def test_it_is_what_components_gives_where_no_source_repeats(self) -> None:
        """Proves that clean sources of one record each change nothing, on a large random graph."""
        graph = many(5_000, 6_000, 3)
        numbers = np.zeros(5_000, np.int32)
        numbers[:70] = np.arange(1, 71)
        found = source_aware(graph, Sources(numbers, frozenset(range(1, 71))), 3.0)
        assert np.array_equal(
            found.clusters, components(5_000, graph.lefts, graph.rights, graph.weights, 3.0)
        )


class TestOneToOne:
    """Two files, each record with at most one partner."""

    def test_each_record_has_one_partner(self) -> None:
        """Proves the greedy order: 1–3 is heaviest, so 0 goes to 2 though it prefers 3."""
        graph = links((0, 2, 4.0), (0, 3, 6.0), (1, 3, 8.0), (1, 2, 7.0))
        found = one_to_one(graph, np.array([0, 0, 1, 1], np.int32))
        assert found.tolist() == [0, 2]

    def test_a_pair_inside_one_file_is_never_kept(self) -> None:
        """Proves that a link of two records of one file goes, however heavy."""
        found = one_to_one(links((0, 1, 99.0), (0, 2, 1.0)), np.array([0, 0, 1], np.int32))
        assert found.tolist() == [1]

    def test_three_files_are_refused(self) -> None:
        """Proves that one-to-one is of two files: three need clusters."""
        with pytest.raises(ValueError, match="two files, not 3"):
            one_to_one(links((0, 1, 1.0)), np.array([0, 1, 2], np.int32))


class TestGrowing:
    """Clusters at several thresholds in one pass."""

    graph = links((0, 1, 5.0), (1, 2, 3.0), (3, 4, 3.0), (2, 3, -1.0), (0, 2, -1.0))

    def test_the_numbers_at_each_threshold(self) -> None:
        """Proves every count by hand, at thresholds given in no order and twice."""
        assert sweep(6, self.graph, [3.0, 6.0, -1.0, 3.0]) == [
            Sizes(6.0, clusters=6, singletons=6, largest=1, links=0, implied=0),
            Sizes(3.0, clusters=3, singletons=1, largest=3, links=3, implied=4),
            Sizes(-1.0, clusters=2, singletons=1, largest=5, links=5, implied=10),
        ]

    def test_each_stage_is_what_clustering_at_its_threshold_gives(self) -> None:
        """Proves that growing gives at every threshold the clusters of a run of its own."""
        graph = many(3_000, 4_000, 9)
        for stage in stages(3_000, graph, np.arange(-3, 10, 0.75).tolist()):
            alone = components(
                3_000, graph.lefts, graph.rights, graph.weights, stage.sizes.threshold
            )
            _, sizes = np.unique(alone, return_counts=True)
            assert np.array_equal(stage.clusters(), alone)
            assert stage.sizes.clusters == len(sizes)
            assert stage.sizes.singletons == np.count_nonzero(sizes == 1)
            assert stage.sizes.largest == sizes.max()
            assert stage.sizes.implied == (sizes * (sizes - 1) // 2).sum()
            assert stage.sizes.links == np.count_nonzero(graph.weights >= stage.sizes.threshold)

    def test_clean_sources_are_heeded_at_each_threshold(self) -> None:
        """Proves the same of clusters that heed clean sources, many weights being equal."""
        graph = many(1_000, 3_000, 2)
        heeded = Sources(np.arange(1_000, dtype=np.int32) % 4, frozenset({1, 2}))
        for stage in stages(1_000, graph, [9.0, 5.0, 4.75, 0.0, -9.0], heeded):
            alone = source_aware(graph, heeded, stage.sizes.threshold)
            assert np.array_equal(stage.clusters(), alone.clusters)
            assert stage.sizes.clusters == len(np.unique(alone.clusters))

    def test_no_thresholds_no_records_and_no_links(self) -> None:
        """Proves that nothing asked is nothing answered, and that nothing is no cluster."""
        assert sweep(6, self.graph, []) == []
        assert sweep(0, links(), [1.0]) == [Sizes(1.0, 0, 0, 0, 0, 0)]
        assert sweep(6, self.graph, [], sources(0, 0, 0, 1, 1, 1, clean=(0,))) == []

    def test_each_record_has_a_source(self) -> None:
        """Proves that sources of other records than the links' are refused."""
        with pytest.raises(ValueError, match="one source for each record"):
            sweep(6, self.graph, [1.0], sources(0, 1, clean=(0,)))

    def test_a_threshold_must_be_a_number(self) -> None:
        """Proves that NaN is refused, which would otherwise part weights at random."""
        with pytest.raises(ValueError, match="must be a number"):
            sweep(6, self.graph, [float("nan")])
