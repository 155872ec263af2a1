import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import candidates_of, requests_of
from winnow.pipeline.promotion_boost import PromotionBoost


@given(st.lists(st.lists(st.tuples(st.integers(0, 2), st.integers(-3, 3) | st.just(np.nan)), max_size=4), max_size=3))
def test_each_promoted_item_gains_its_amount(batch):
    amounts = {0: 0.5, 2: -2.0}
    candidates = candidates_of(
        [[item for item, _ in row] for row in batch], score=[score for row in batch for _, score in row]
    )
    found = PromotionBoost(amounts=np.array([0.5, 0, -2], np.float32)).score(requests_of([""] * len(batch)), candidates)
    assert found.dtype == np.float32
    expected = np.array([score + amounts.get(item, 0) for row in batch for item, score in row])
    np.testing.assert_array_equal(found, expected.astype(np.float32))
