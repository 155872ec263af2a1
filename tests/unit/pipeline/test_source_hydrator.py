import numpy as np

from tests.unit.pipeline.tables import candidates_of, requests_of
from winnow.pipeline.merge import merge
from winnow.pipeline.source_hydrator import SourceHydrator


def test_ranks_and_scores_of_the_sources_are_damped_and_absence_is_zero():
    found = {"a": candidates_of([[4, 2], [0]], score=[3, -2, 0.5]), "b": candidates_of([[2], []], score=[7])}
    merged = merge(found, 9)
    columns = SourceHydrator(names=("a", "b")).columns(requests_of(["", ""]), merged)
    assert merged.item_rows.tolist() == [2, 4, 0]
    wanted = [
        [1 / 2, 1, -np.log(3), np.log(8)],
        [1, 0, np.log(4), 0],
        [1, 0, np.log(1.5), 0],
    ]
    np.testing.assert_allclose(columns["source_features"], wanted, rtol=1e-6)
    assert columns["source_features"].dtype == np.float32


def test_no_candidates_have_no_features_and_no_sources_no_columns():
    nothing = merge({"a": candidates_of([[]], score=[])}, 9)
    assert SourceHydrator(names=("a",)).columns(requests_of([""]), nothing)["source_features"].shape == (0, 2)
    some = merge({"a": candidates_of([[1]], score=[1])}, 9)
    assert SourceHydrator(names=()).columns(requests_of([""]), some)["source_features"].shape == (1, 0)
