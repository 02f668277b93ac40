"""Clusters and their figures on drawn graphs, against slow references that list everything."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from openoda.linkage.clustering.bridges import bridges
from openoda.linkage.clustering.components import components, components_of_pieces
from openoda.linkage.clustering.figures import cluster_figures
from openoda.linkage.clustering.growing import stages
from openoda.linkage.clustering.links import Links
from openoda.linkage.clustering.source_aware import Sources, one_to_one, source_aware
from openoda.linkage.truth import Truth, best_clusters, cluster_sweep

MOST_RECORDS = 14
Row = tuple[int, int, float]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[Row]]:
    """Records and links: any two records at most once, either way round, few different weights."""
    count = draw(st.integers(2, MOST_RECORDS))
    pairs = st.sampled_from(list(combinations(range(count), 2)))
    chosen = draw(st.lists(pairs, unique=True, max_size=30))
    weights = st.integers(-4, 4).map(lambda each: each / 2)
    rows = [(*(pair if draw(st.booleans()) else pair[::-1]), draw(weights)) for pair in chosen]
    return count, draw(st.permutations(rows))


thresholds = st.integers(-5, 5).map(lambda each: each / 2)


def links(rows: list[Row]) -> Links:
    """Links from (left, right, weight)."""
    return Links(
        np.array([each[0] for each in rows], np.int32),
        np.array([each[1] for each in rows], np.int32),
        np.array([each[2] for each in rows], np.float64),
    )


def sources(draw: st.DataObject, count: int) -> Sources:
    """Up to four sources, any of them clean."""
    numbers = draw.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    clean = draw.draw(st.frozensets(st.integers(0, 3)))
    return Sources(np.array(numbers, np.int32), clean)


def by_sets(count: int, rows: list[Row], least: float, kept: Sources) -> list[int]:
    """The slow reference: sets of records, joined heaviest first unless a clean source forbids."""
    cluster = {record: {record} for record in range(count)}
    ordered = sorted(rows, key=lambda each: (-each[2], min(each[:2]), max(each[:2])))
    for left, right, weight in ordered:
        whole = cluster[left] | cluster[right]
        held = [int(kept.numbers[each]) for each in whole if kept.numbers[each] in kept.clean]
        if weight >= least and len(held) == len(set(held)):
            for each in whole:
                cluster[each] = whole
    return [min(cluster[record]) for record in range(count)]


@given(graphs(), thresholds)
def test_components_are_those_of_scipy(graph: tuple[int, list[Row]], least: float) -> None:
    """Proves the clusters against SciPy's, and that a cluster's number is its first record's."""
    count, rows = graph
    kept = [each for each in rows if each[2] >= least]
    ends = ([each[0] for each in kept], [each[1] for each in kept])
    _, labels = connected_components(
        coo_matrix((np.ones(len(kept)), ends), (count, count)), directed=False
    )
    found = links(rows)
    clusters = components(count, found.lefts, found.rights, found.weights, least)
    assert clusters.tolist() == [labels.tolist().index(each) for each in labels]


@given(graphs(), thresholds, st.data())
def test_pieces_in_any_order_give_the_same(
    graph: tuple[int, list[Row]], least: float, draw: st.DataObject
) -> None:
    """Proves that how links are parted and in which order they come changes no cluster."""
    count, rows = graph
    whole = links(rows)
    cut = draw.draw(st.integers(0, len(rows)))
    mixed = draw.draw(st.permutations(rows))
    found = components_of_pieces(count, iter([links(mixed[:cut]), links(mixed[cut:])]), least)
    expected = components(count, whole.lefts, whole.rights, whole.weights, least)
    assert np.array_equal(found, expected)


@given(graphs(), thresholds, st.data())
def test_no_clean_source_is_twice_in_a_cluster(
    graph: tuple[int, list[Row]], least: float, draw: st.DataObject
) -> None:
    """Proves the promise itself, and that the clusters are those of the slow reference."""
    count, rows = graph
    kept = sources(draw, count)
    found = source_aware(links(rows), kept, least)
    held = [
        (cluster, number)
        for cluster, number in zip(found.clusters.tolist(), kept.numbers.tolist(), strict=True)
        if number in kept.clean
    ]
    assert len(held) == len(set(held))
    assert found.clusters.tolist() == by_sets(count, rows, least, kept)


@given(graphs(), thresholds, st.data())
def test_the_order_of_links_and_their_direction_change_nothing(
    graph: tuple[int, list[Row]], least: float, draw: st.DataObject
) -> None:
    """Proves that clusters that heed sources depend on the links alone, equal weights or not."""
    count, rows = graph
    kept = sources(draw, count)
    mixed = [(right, left, weight) for left, right, weight in draw.draw(st.permutations(rows))]
    one, other = source_aware(links(rows), kept, least), source_aware(links(mixed), kept, least)
    assert np.array_equal(one.clusters, other.clusters)
    for mine, theirs in ((one.joining, other.joining), (one.refused, other.refused)):
        assert {frozenset(rows[at][:2]) for at in mine} == {
            frozenset(mixed[at][:2]) for at in theirs
        }


@given(graphs(), thresholds)
def test_without_clean_sources_they_are_the_components(
    graph: tuple[int, list[Row]], least: float
) -> None:
    """Proves that nothing is refused where no source is clean."""
    count, rows = graph
    found = links(rows)
    free = source_aware(found, Sources(np.zeros(count, np.int32)), least)
    assert len(free.refused) == 0
    expected = components(count, found.lefts, found.rights, found.weights, least)
    assert np.array_equal(free.clusters, expected)


@given(graphs(), thresholds, st.data())
def test_one_to_one_leaves_no_better_link_unused(
    graph: tuple[int, list[Row]], least: float, draw: st.DataObject
) -> None:
    """Proves one partner each, across files; and that a link left out meets one at least as heavy."""
    count, rows = graph
    files = draw.draw(st.lists(st.integers(0, 1), min_size=count, max_size=count))
    kept = one_to_one(links(rows), np.array(files, np.int32), least).tolist()
    taken = [record for at in kept for record in rows[at][:2]]
    assert len(taken) == len(set(taken))
    for at, (left, right, weight) in enumerate(rows):
        if at in kept:
            assert files[left] != files[right]
        elif files[left] != files[right] and weight >= least:
            assert any({left, right} & {*rows[one][:2]} and rows[one][2] >= weight for one in kept)


@given(graphs(), thresholds)
def test_bridges_are_the_links_whose_removal_splits(
    graph: tuple[int, list[Row]], least: float
) -> None:
    """Proves each link's case by removing it, and the sizes of the parts that it leaves."""
    count, rows = graph
    found = links(rows)
    clusters = components(count, found.lefts, found.rights, found.weights, least)
    said = bridges(found, clusters, least)
    expected = {}
    for at, (left, right, weight) in enumerate(rows):
        rest = links(rows[:at] + rows[at + 1 :])
        without = components(count, rest.lefts, rest.rights, rest.weights, least)
        if weight >= least and without[left] != without[right]:
            parts = [int((without == without[end]).sum()) for end in (left, right)]
            expected[at] = (min(parts), max(parts))
    parts_said = zip(said.lesser.tolist(), said.greater.tolist(), strict=True)
    assert dict(zip(said.places.tolist(), parts_said, strict=True)) == expected


@given(graphs(), thresholds)
def test_figures_are_those_of_listing_each_cluster(
    graph: tuple[int, list[Row]], least: float
) -> None:
    """Proves size, links, weakest, mean and density against each cluster's list of links."""
    count, rows = graph
    found = links(rows)
    clusters = components(count, found.lefts, found.rights, found.weights, least).tolist()
    figures = cluster_figures(found, np.array(clusters, np.int32), least)
    assert figures.firsts.tolist() == sorted(set(clusters))
    for place, first in enumerate(figures.firsts.tolist()):
        inside = [each[2] for each in rows if clusters[each[0]] == first and each[2] >= least]
        size = clusters.count(first)
        assert (figures.sizes[place], figures.links[place]) == (size, len(inside))
        if inside:
            assert figures.weakest[place] == min(inside)
            assert np.isclose(figures.mean[place], sum(inside) / len(inside))
            assert np.isclose(figures.density[place], len(inside) / (size * (size - 1) / 2))


@given(graphs(), st.lists(thresholds, max_size=6), st.data())
def test_growing_is_clustering_at_each_threshold(
    graph: tuple[int, list[Row]], tried: list[float], draw: st.DataObject
) -> None:
    """Proves each stage's clusters and numbers against a clustering of its own, by sets."""
    count, rows = graph
    kept = sources(draw, count)
    seen = []
    for stage in stages(count, links(rows), tried, kept):
        clusters, sizes = stage.clusters().tolist(), stage.sizes
        assert clusters == by_sets(count, rows, sizes.threshold, kept)
        counts = [clusters.count(first) for first in set(clusters)]
        assert (sizes.clusters, sizes.singletons) == (len(counts), counts.count(1))
        assert (sizes.largest, sizes.implied) == (
            max(counts), sum(each * (each - 1) // 2 for each in counts),
        )  # fmt: skip
        assert sizes.links == sum(each[2] >= sizes.threshold for each in rows)
        seen.append(sizes.threshold)
    assert seen == sorted(set(tried), reverse=True)


def listed(
    codes: list[int], files: list[int] | None, pairs: set[frozenset[int]]
) -> tuple[int, int, int]:
    """The slow reference of figures: right, declared and true pairs, each listed."""
    counted = {
        frozenset(each)
        for each in combinations(range(len(codes)), 2)
        if min(codes[each[0]], codes[each[1]]) >= 0
        and (files is None or files[each[0]] != files[each[1]])
    }
    true = {each for each in counted if len({codes[record] for record in each}) == 1}
    return len(pairs & true), len(pairs & counted), len(true)


@settings(max_examples=150)
@given(graphs(), st.data())
def test_figures_against_truth_are_those_of_listed_pairs(
    graph: tuple[int, list[Row]], draw: st.DataObject
) -> None:
    """Proves pairs and clusters at every threshold, and the best pairs, by listing every pair."""
    count, rows = graph
    codes = draw.draw(st.lists(st.integers(-1, 4), min_size=count, max_size=count))
    files = draw.draw(st.none() | st.lists(st.integers(0, 1), min_size=count, max_size=count))
    truth = Truth(np.array(codes, np.int32), None if files is None else np.array(files, np.int32))
    graph_links = links(rows)
    judged = truth.pairs_of([graph_links])
    every = sorted({each[2] for each in rows}, reverse=True)
    tried = cluster_sweep(truth, graph_links, every)
    for threshold, clustered in zip(every, tried, strict=True):
        pairs = {frozenset(each[:2]) for each in rows if each[2] >= threshold}
        at = judged.at(threshold)
        assert (at.right, at.declared, at.true) == listed(codes, files, pairs)
        clusters = by_sets(count, rows, threshold, Sources(np.zeros(count, np.int32)))
        implied = {
            frozenset(each)
            for each in combinations(range(count), 2)
            if clusters[each[0]] == clusters[each[1]]
        }
        said = (clustered.right, clustered.declared, clustered.true)
        assert said == listed(codes, files, implied)
    most = max((judged.at(each).f1 or 0.0 for each in every), default=0.0)
    assert (judged.best().f1 or 0.0) == most
    best = best_clusters(truth, graph_links, thresholds=every)
    assert (best.f1 or 0.0) == max((each.f1 or 0.0 for each in tried), default=0.0)
