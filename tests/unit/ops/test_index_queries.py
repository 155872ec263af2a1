"""Which requests an index is made for."""

import numpy as np

from winnow.data.shop.shop_spec import spec_of
from winnow.data.shop.simulate import simulate
from winnow.ops import index_queries
from winnow.ops.index_queries import index_examples, spread
from winnow.training.interactions import interactions_of


def test_an_index_is_made_for_late_requests_of_those_with_a_history_and_of_newcomers(monkeypatch):
    monkeypatch.setattr(index_queries, "INDEX_QUERIES", 20)
    shop = simulate(spec_of("tiny", {"users": 60, "items": 40, "days": 4}))
    made = interactions_of(shop.events, shop.items, shop.schema)
    chosen = index_examples(made)
    known = made.history_end > made.history_start
    late = np.sort(np.argsort(made.at, kind="stable")[-max(20, round(len(made) / 10)) :])
    newcomers = min(5, int((~known)[late].sum()))
    assert newcomers
    assert (known[chosen].sum(), (~known)[chosen].sum()) == (15, newcomers)
    assert set(chosen.tolist()) <= set(late.tolist())
    with_history = np.sort(made.at[late[known[late]]])
    assert {with_history[0], with_history[-1]} <= set(made.at[chosen])


def test_of_few_all_are_taken():
    assert spread(np.array([4, 2, 9]), 5).tolist() == [4, 2, 9]
    assert spread(np.array([], np.int64), 5).tolist() == []
    assert spread(np.arange(9), 3).tolist() == [0, 4, 8]
