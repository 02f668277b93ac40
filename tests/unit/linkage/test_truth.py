"""Precision, recall and F1 of pairs and of clusters, at a threshold and at the best one."""

from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from sklearn.metrics.cluster import contingency_matrix, pair_confusion_matrix

from openoda.linkage.clustering.components import components
from openoda.linkage.clustering.links import Links
from openoda.linkage.clustering.source_aware import Sources, source_aware
from openoda.linkage.comparing.encoding import encoded
from openoda.linkage.pairing import Pairing, joined
from openoda.linkage.scoring import Scorer
from openoda.linkage.spec.conditions import Exact, Missing, Otherwise
from openoda.linkage.spec.model import BlockingRule, Comparison, Level, Spec
from openoda.linkage.truth import (
    Figures,
    Truth,
    against_truth,
    best_clusters,
    cluster_sweep,
)
from tests.real_data import real_data


def links(*rows: tuple[int, int, float]) -> Links:
    """Links from (left, right, weight)."""
    return Links(
        np.array([each[0] for each in rows], np.int32),
        np.array([each[1] for each in rows], np.int32),
        np.array([each[2] for each in rows], np.float64),
    )


def truth(*codes: int, sources: tuple[int, ...] = ()) -> Truth:
    """Truth by codes, -1 being unknown."""
    return Truth(np.array(codes, np.int32), np.array(sources, np.int32) if sources else None)


def weighed(table: pa.Table) -> Links:
    """Candidates of fake_1000 by three blocking rules, with weights of plain m and u."""
    columns = ("first_name", "surname", "email", "city")
    comparisons = tuple(
        Comparison(
            each,
            (
                Level(Missing(each), missing=True),
                Level(Exact(each), m=0.7, u=0.01),
                Level(Otherwise(), m=0.3, u=0.99),
            ),
        )
        for each in columns
    )
    rules = tuple(BlockingRule((each,)) for each in columns[:3])
    spec = Spec("a thousand", rules, comparisons, prior=0.002)
    records = encoded(table.select(columns))
    pairing = Pairing(records, spec)
    pairs = joined([piece for rule in range(3) for piece in pairing.pairs(rule)])
    return Links.of(pairs, Scorer(spec, records).weights(pairs))


# Three people: records 0, 1, 2; records 3, 4; record 5. Record 6's truth isn't known.
PEOPLE = truth(0, 0, 0, 1, 1, 2, -1)
FOUND = links(
    (0, 1, 9.0), (3, 4, 7.0), (2, 3, 7.0), (1, 5, 2.0), (0, 6, 8.0), (5, 6, 8.0), (4, 5, -3.0),
)  # fmt: skip


class TestFigures:
    """Shares of counts, and of nothing."""

    def test_by_hand(self) -> None:
        """Proves the three shares of 6 right among 8 declared and 12 true."""
        found = Figures(6, 8, 12)
        assert found.to_dict() == {"precision": 0.75, "recall": 0.5, "f1": 0.6}

    def test_a_share_of_nothing_is_none(self) -> None:
        """Proves that neither 0 nor 1 is said of nothing; F1 is 0 where only one share is known."""
        assert Figures(0, 0, 0).to_dict() == {"precision": None, "recall": None, "f1": None}
        assert Figures(0, 0, 5).to_dict() == {"precision": None, "recall": 0.0, "f1": 0.0}
        assert Figures(0, 5, 0).to_dict() == {"precision": 0.0, "recall": None, "f1": 0.0}


class TestTruthColumn:
    """What a column says of the truth."""

    @pytest.mark.parametrize(
        "column",
        [
            pa.array(["a", None, "b", "a", "", "  "]),
            pa.array(["a", None, "b", "a", None, None], pa.large_string()).dictionary_encode(),
            pa.array([7, None, 1, 7, None, None]),
            pa.array([7.0, None, 1.0, 7.0, float("nan"), None]),
            pa.chunked_array([["a", None], ["b", "a", None, ""]]),
        ],
    )
    def test_null_blank_and_no_number_are_unknown(self, column: pa.Array) -> None:
        """Proves that each kind of column gives one pair, and three records without truth."""
        found = Truth.of(column)
        assert len(found) == 6
        assert (found.pairs, found.unknown) == (1, 3)
        assert found.codes[0] == found.codes[3] != found.codes[2]

    def test_only_unknown_truth(self) -> None:
        """Proves that a column of nulls gives no figure."""
        found = Truth.of(pa.array([None, None], pa.string()))
        assert found.pairs == 0
        assert found.clusters(np.zeros(2, np.int32)).to_dict() == {
            "precision": None, "recall": None, "f1": None,
        }  # fmt: skip

    def test_no_records(self) -> None:
        """Proves that an empty table has no pairs."""
        found = Truth.of(pa.array([], pa.string()))
        assert (len(found), found.pairs, found.unknown) == (0, 0, 0)
        assert found.pairs_of([]).best().f1 is None


class TestPairs:
    """Pairs at a threshold, and at the best one."""

    def test_recall_is_over_all_true_pairs_also_those_never_looked_at(self) -> None:
        """Proves that 4 pairs are true, 2 of them looked at and so 2 missed by blocking."""
        found = PEOPLE.pairs_of([FOUND])
        assert (PEOPLE.pairs, found.missed) == (4, 2)
        assert found.at(-9.0) == Figures(right=2, declared=5, true=4, threshold=-9.0)

    def test_a_pair_at_the_threshold_is_declared(self) -> None:
        """Proves the threshold's edge, and that pairs of unknown truth count in nothing."""
        found = PEOPLE.pairs_of([FOUND])
        assert found.at(9.0) == Figures(1, 1, 4, 9.0)
        assert found.at(9.5) == Figures(0, 0, 4, 9.5)
        assert found.at(7.0) == Figures(2, 3, 4, 7.0)

    def test_pieces_give_what_the_whole_gives(self) -> None:
        """Proves that candidates may come a piece at a time."""
        one = links((0, 1, 9.0), (3, 4, 7.0))
        other = links((2, 3, 7.0), (1, 5, 2.0), (4, 5, -3.0))
        found = PEOPLE.pairs_of(iter([one, other]))
        assert found.best() == PEOPLE.pairs_of([FOUND]).best() == Figures(2, 3, 4, 7.0)

    def test_equal_weights_are_taken_together(self) -> None:
        """Proves that a true pair can't be had without the two false ones of its weight."""
        found = truth(0, 0, 1, 2).pairs_of([links((0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0))])
        assert found.best() == Figures(1, 3, 1, 1.0)

    def test_of_equal_thresholds_the_highest_is_the_best(self) -> None:
        """Proves by hand that 1 right of 1 and 2 right of 6, of 4 true, are the same F1 of 0.4."""
        wrong = [(2, 3, 7.0), (2, 4, 7.0), (1, 5, 7.0), (0, 5, 7.0)]
        found = PEOPLE.pairs_of([links((0, 1, 9.0), (3, 4, 7.0), *wrong)])
        assert found.at(9.0).f1 == found.at(7.0).f1 == 0.4
        assert found.best().threshold == 9.0

    def test_the_best_is_the_best_of_every_threshold(self) -> None:
        """Proves against trying each weight in turn, on 3,000 candidates with many equal weights."""
        draw = np.random.default_rng(8)
        codes = draw.integers(-20, 200, 400).clip(-1).astype(np.int32)
        lefts, rights = np.triu_indices(400, 1)
        kept = draw.permutation(len(lefts))[:3_000]
        kept = np.union1d(kept, np.flatnonzero(codes[lefts] == codes[rights])[::2])
        same = codes[lefts[kept]] == codes[rights[kept]]
        weights = (draw.normal(0, 4, len(kept)) + 5 * same).round()
        graph = Links(lefts[kept].astype(np.int32), rights[kept].astype(np.int32), weights)
        found = Truth(codes).pairs_of([graph])
        tried = [found.at(each) for each in np.unique(weights)]
        most = max(each.f1 or 0.0 for each in tried)
        best = found.best()
        assert best.f1 == most
        assert best.threshold == max(each.threshold for each in tried if each.f1 == most)
        assert best == found.at(best.threshold)

    def test_without_a_true_pair_there_is_no_best_threshold(self) -> None:
        """Proves that no threshold is called best where none finds anything."""
        found = truth(0, 0, 1).pairs_of([links((0, 2, 5.0))]).best()
        assert found == Figures(0, 0, 1, None)

    def test_a_record_out_of_range_is_refused(self) -> None:
        """Proves that pairs of other records than the truth's are refused."""
        with pytest.raises(ValueError, match="among 7 records"):
            PEOPLE.pairs_of([links((0, 7, 1.0))])


class TestClusters:
    """Pairs that clusters imply."""

    def test_by_hand(self) -> None:
        """Proves the counts of clusters {0,1,3}, {2}, {4,5,6}: 1 right of 4 declared, of 4 true."""
        found = PEOPLE.clusters(np.array([0, 0, 2, 0, 4, 4, 4], np.int32), 7.0)
        assert found == Figures(right=1, declared=4, true=4, threshold=7.0)

    def test_they_are_those_of_scikit_learn(self) -> None:
        """Proves against scikit-learn's pair confusion and contingency on 5,000 records."""
        draw = np.random.default_rng(6)
        people = draw.integers(0, 1_500, 5_000).astype(np.int32)
        clusters = np.where(draw.random(5_000) < 0.7, people, draw.integers(0, 1_500, 5_000))
        found = Truth(people).clusters(clusters.astype(np.int32))
        (_, wrong), (lost, right) = pair_confusion_matrix(people, clusters) // 2
        cells = contingency_matrix(people, clusters, sparse=True).data.astype(np.int64)
        assert found == Figures(int(right), int(right + wrong), int(right + lost))
        assert found.right == (cells * (cells - 1) // 2).sum()

    def test_records_without_truth_join_others_and_count_in_nothing(self) -> None:
        """Proves that a cluster held together by record 6 still counts its known pairs alone."""
        found = truth(0, 0, -1).clusters(np.array([0, 0, 0], np.int32))
        assert found == Figures(1, 1, 1)

    def test_a_cluster_beyond_the_records_is_refused(self) -> None:
        """Proves that clusters of other records than the truth's are refused."""
        with pytest.raises(ValueError, match="a cluster for each of 2 records"):
            truth(0, 0).clusters(np.array([0, 2], np.int32))
        with pytest.raises(ValueError, match="a cluster for each of 2 records"):
            truth(0, 0).clusters(np.zeros(3, np.int32))

    def test_five_thousand_million_implied_pairs_are_counted_and_not_listed(self) -> None:
        """Proves the count for one cluster of 100,000 records, beyond what 32 bits hold."""
        found = Truth(np.arange(100_000) // 2).clusters(np.zeros(100_000, np.int32))
        assert found == Figures(50_000, 100_000 * 99_999 // 2, 50_000)


class TestAcrossSources:
    """Linkages that look only between sources."""

    # Person 0 is twice in source 0 and once in source 1; person 1 once in each.
    people = truth(0, 0, 0, 1, 1, sources=(0, 0, 1, 0, 1))

    def test_pairs_inside_a_source_are_neither_true_nor_declared(self) -> None:
        """Proves by hand that of 4 true pairs the one inside a source doesn't count."""
        assert self.people.pairs == 3
        found = self.people.pairs_of([links((0, 1, 9.0), (0, 2, 8.0), (2, 3, 7.0))])
        assert found.at(0.0) == Figures(1, 2, 3, 0.0)
        assert found.missed == 2

    def test_each_record_has_a_source(self) -> None:
        """Proves that fewer sources than records are refused."""
        with pytest.raises(ValueError, match="one source for each record"):
            truth(0, 0, 1, sources=(0, 1))

    def test_clusters_imply_only_pairs_between_sources(self) -> None:
        """Proves by hand: in {0,1,2,3} the pairs between sources are 0–2, 1–2 and 3–2."""
        found = self.people.clusters(np.array([0, 0, 0, 0, 4], np.int32))
        assert found == Figures(right=2, declared=3, true=3)


class TestBestClusters:
    """The best clusters over thresholds."""

    def test_a_sweep_is_each_threshold_by_itself(self) -> None:
        """Proves that every row is what clustering at its threshold gives."""
        for each in cluster_sweep(PEOPLE, FOUND, [8.0, 7.0, 2.0, -3.0]):
            clusters = components(7, FOUND.lefts, FOUND.rights, FOUND.weights, each.threshold)
            assert each == PEOPLE.clusters(clusters, each.threshold)

    def test_the_best_of_given_thresholds_is_the_highest_of_equals(self) -> None:
        """Proves that of three thresholds with an F1 of 0.4 the highest is named."""
        tried = cluster_sweep(PEOPLE, FOUND, [8.5, 9.0, 6.0])
        assert [each.f1 for each in tried] == [0.4, 0.4, 0.4]
        found = best_clusters(PEOPLE, FOUND, thresholds=[8.5, 9.0, 6.0])
        assert found == Figures(1, 1, 4, 9.0)

    def test_left_to_itself_it_comes_within_a_thousandth_of_the_best(self) -> None:
        """Proves against trying all 900 weights of true pairs, where it tries eighty."""
        draw = np.random.default_rng(3)
        people = (np.arange(900) // 3).astype(np.int32)
        lefts, rights = np.triu_indices(900, 1)
        same = people[lefts] == people[rights]
        kept = same | (draw.random(len(lefts)) < 0.003)
        weights = np.where(same, draw.normal(6, 3, len(lefts)), draw.normal(-4, 3, len(lefts)))
        graph = Links(lefts[kept].astype(np.int32), rights[kept].astype(np.int32), weights[kept])
        judge = Truth(people)
        most = max(each.f1 for each in cluster_sweep(judge, graph, weights[same].tolist()))
        assert 0.9 < most - 0.001 < best_clusters(judge, graph).f1 <= most

    def test_of_equal_clusters_the_highest_threshold_is_found(self) -> None:
        """Proves that links that only close triangles, all below 1, don't lower the threshold.

        Forty pairs beside the triangles put the answer between two thresholds of the first round.
        """
        draw = np.random.default_rng(5)
        first, pairs = np.arange(0, 600, 3), np.arange(600, 680, 2)
        lefts = np.concatenate([first, first + 1, first, pairs])
        rights = np.concatenate([first + 1, first + 2, first + 2, pairs + 1])
        least = np.repeat([2.0, 1.0, 0.0, 5.0], [200, 200, 200, 40])
        graph = Links(
            lefts.astype(np.int32), rights.astype(np.int32), least + draw.random(len(lefts))
        )
        people = np.concatenate([np.arange(600) // 3, 200 + np.arange(80) // 2])
        found = best_clusters(Truth(people), graph)
        assert found == Figures(640, 640, 640, float(graph.weights[200:400].min()))

    def test_clean_sources_are_heeded_to_the_last(self) -> None:
        """Proves that the best is of clusters that heed sources, though these part true pairs."""
        draw = np.random.default_rng(7)
        people = (np.arange(900) // 3).astype(np.int32)
        clean = Sources((np.arange(900) % 2).astype(np.int32), frozenset({0, 1}))
        lefts, rights = np.triu_indices(900, 1)
        same = people[lefts] == people[rights]
        kept = same | (draw.random(len(lefts)) < 0.0003)
        weights = np.where(same, draw.normal(4, 3, len(lefts)), draw.normal(-6, 3, len(lefts)))
        graph = Links(lefts[kept].astype(np.int32), rights[kept].astype(np.int32), weights[kept])
        found = best_clusters(Truth(people), graph, clean)
        heeding = source_aware(graph, clean, found.threshold).clusters
        assert found == Truth(people).clusters(heeding, found.threshold)
        most = max(each.f1 for each in cluster_sweep(Truth(people), graph, weights[same], clean))
        assert most - 0.002 < found.f1 <= most

    def test_a_threshold_of_zero_is_a_threshold(self) -> None:
        """Proves that weight 0, which is even odds, can be the best."""
        found = best_clusters(truth(0, 0, 1), links((0, 1, 0.0), (1, 2, -1.0)))
        assert found == Figures(1, 1, 1, 0.0)

    def test_without_a_true_pair_nothing_is_best(self) -> None:
        """Proves that no threshold is named where no true pair was looked at."""
        assert best_clusters(truth(0, 0, 1), links((0, 2, 5.0))) == Figures(0, 0, 1)

    def test_clean_sources_are_heeded(self) -> None:
        """Proves that the clusters tried are those that keep a clean source's records apart."""
        clean = Sources(np.array([0, 0, 1], np.int32), frozenset({0}))
        graph = links((0, 2, 3.0), (1, 2, 5.0))
        assert best_clusters(truth(1, 0, 0), graph, clean) == Figures(1, 1, 1, 5.0)
        assert cluster_sweep(truth(1, 0, 0), graph, [0.0], clean) == [Figures(1, 1, 1, 0.0)]
        assert cluster_sweep(truth(1, 0, 0), graph, [0.0]) == [Figures(1, 3, 1, 0.0)]


class TestAgainstTruth:
    """A whole linkage against the truth."""

    def test_the_shape_and_every_figure_by_hand(self) -> None:
        """Proves the answer at 7, where clusters are {0,1,5,6} and {2,3,4}, and the best ones."""
        clusters = components(7, FOUND.lefts, FOUND.rights, FOUND.weights, 7.0)
        found = against_truth(PEOPLE, [FOUND], FOUND, clusters, 7.0)
        assert found.to_dict() == {
            "at_threshold": {
                "pairs": {"precision": 2 / 3, "recall": 0.5, "f1": 4 / 7},
                "clusters": {"precision": 2 / 6, "recall": 0.5, "f1": 0.4},
            },
            "best": {
                "pairs": {"precision": 2 / 3, "recall": 0.5, "f1": 4 / 7},
                "clusters": {"precision": 1.0, "recall": 0.25, "f1": 0.4},
            },
            "best_thresholds": {"pairs": 7.0, "clusters": 9.0},
            "true_pairs": 4,
            "true_pairs_never_looked_at": 2,
            "records_without_truth": 1,
        }

    def test_source_aware_clusters_are_judged_alike(self) -> None:
        """Proves that the best clusters heed sources as those chosen do."""
        clean = Sources(np.array([0, 0, 1], np.int32), frozenset({0}))
        graph = links((0, 2, 3.0), (1, 2, 5.0))
        chosen = source_aware(graph, clean, 3.0).clusters
        found = against_truth(truth(1, 0, 0), [graph], graph, chosen, 3.0, clean)
        assert found.at_threshold.clusters == Figures(1, 1, 1, 3.0)
        assert found.best.clusters == Figures(1, 1, 1, 5.0)


class TestRealData:
    """Real files with a truth column, where they are at hand."""

    def test_fifty_thousand_historical_records_by_name_and_date(self) -> None:
        """Proves the figures of a naive clustering against scikit-learn, some truths hidden."""
        file = real_data("linkage/historical_figures_with_errors_50k.parquet")
        table = pyarrow.parquet.read_table(file, columns=["cluster", "full_name", "dob"])
        hidden = np.random.default_rng(1).random(table.num_rows) < 0.1
        people = pa.array(table["cluster"].to_pylist(), mask=hidden)
        keys = [f"{name}|{day}" for name, day in zip(*table.columns[1:], strict=True)]
        _, firsts, numbers = np.unique(keys, return_index=True, return_inverse=True)
        clusters = firsts[numbers].astype(np.int32)
        found = Truth.of(people).clusters(clusters)
        known = ~hidden
        (_, wrong), (lost, right) = pair_confusion_matrix(
            np.array(table["cluster"].to_pylist())[known], clusters[known]
        )
        assert found == Figures(int(right) // 2, int(right + wrong) // 2, int(right + lost) // 2)
        assert Truth.of(people).unknown == np.count_nonzero(hidden)

    def test_a_thousand_records_from_blocking_to_figures(self) -> None:
        """Proves the whole way on fake_1000: blocks, weights, clusters, figures, each pair listed."""
        table = pyarrow.csv.read_csv(real_data("linkage/fake_1000.csv"))
        graph, people = weighed(table), table["cluster"].to_pylist()
        threshold = 0.0
        clusters = components(1_000, graph.lefts, graph.rights, graph.weights, threshold)
        found = against_truth(Truth.of(table["cluster"]), [graph], graph, clusters, threshold)
        every = list(combinations(range(1_000), 2))
        true = {pair for pair in every if people[pair[0]] == people[pair[1]]}
        implied = {pair for pair in every if clusters[pair[0]] == clusters[pair[1]]}
        candidates = list(zip(graph.lefts.tolist(), graph.rights.tolist(), strict=True))
        declared = {candidates[at] for at in np.flatnonzero(graph.weights >= threshold)}
        assert found.at_threshold.pairs == Figures(
            len(true & declared), len(declared), len(true), threshold
        )
        assert found.at_threshold.clusters == Figures(
            len(true & implied), len(implied), len(true), threshold
        )
        assert found.missed == len(true - set(candidates)) > 0
        assert found.best.pairs.f1 >= found.at_threshold.pairs.f1 > 0
        assert found.best.clusters.f1 >= found.at_threshold.clusters.f1 > 0
