"""Which requests an index is made for."""

import numpy as np

from winnow.data.shop.shop_spec import spec_of
from winnow.data.shop.simulate import simulate
from winnow.ops import index_queries
from winnow.ops.index_queries import index_examples
from winnow.training.interactions import interactions_of


def test_an_index_is_tuned_for_those_who_are_known_and_for_newcomers_alike(monkeypatch):
    monkeypatch.setattr(index_queries, "INDEX_QUERIES", 20)
    shop = simulate(spec_of("tiny", {"users": 60, "items": 40, "days": 4}))
    made = interactions_of(shop.events, shop.items, shop.schema)
    chosen = index_examples(made)
    known = made.history_end > made.history_start
    assert (known[chosen].sum(), (~known)[chosen].sum(), len(set(chosen.tolist()))) == (10, 10, 20)
    for kind in (known, ~known):
        assert set(chosen[kind[chosen]].tolist()) == set(
            sorted(np.flatnonzero(kind), key=lambda row: made.at[row])[-10:]
        )
