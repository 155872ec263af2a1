import numpy as np

from winnow.index.exact_index import ExactIndex
from winnow.index.ivf_index import IvfIndex
from winnow.index.recall import recall

GENERATOR = np.random.default_rng(2)


def test_recall_counts_each_line_by_itself_and_leaves_padding_out():
    rows = np.array([[0, 1, 2], [5, 6, -1]])
    true_rows = np.array([[2, 1, 9], [0, 5, -1]])
    assert recall(rows, true_rows) == 3 / 5


def test_recall_is_what_sets_say_and_grows_with_the_probes():
    vectors = GENERATOR.normal(size=(2_000, 8)).astype(np.float32)
    queries = GENERATOR.normal(size=(10, 8)).astype(np.float32)
    exact = ExactIndex(vectors=vectors)
    figures = []
    for num_probes in (1, 8, 40):
        index = IvfIndex.build(vectors, vectors[:99], num_lists=40, num_probes=num_probes)
        found, truth = index.search(queries, 20)[0], exact.search(queries, 20)[0]
        by_sets = np.mean([len({*a} & {*b}) / 20 for a, b in zip(found.tolist(), truth.tolist(), strict=True)])
        figures.append(recall(found, truth))
        assert np.isclose(figures[-1], by_sets)
    assert figures[0] < figures[1] < figures[2] == 1.0
