from dataclasses import asdict

import pytest

from winnow.index.index_config import IndexConfig
from winnow.schema.errors import RecipeError


def test_it_comes_back_from_plain_values_and_from_none():
    config = IndexConfig(kind="hnsw", recall_floor=0.8)
    assert IndexConfig.from_dict(asdict(config)) == config
    assert IndexConfig.from_dict({}) == IndexConfig()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "annoy"}, "of the kind 'annoy'; there are: auto, exact, ivf, ivfpq, hnsw"),
        ({"recall_floor": 0}, "floor of the index is 0; above 0 to 1"),
        ({"recall_floor": 1.5}, "floor of the index is 1.5"),
        ({"recall_floor": float("nan")}, "floor of the index is nan"),
        ({"recall_floor": "high"}, "floor of the index is 'high'"),
        ({"probes": 3}, "has no 'probes'; it has: kind, recall_floor"),
    ],
)
def test_what_cannot_be_is_refused(values, words):
    with pytest.raises(RecipeError, match=words):
        IndexConfig.from_dict(values)
