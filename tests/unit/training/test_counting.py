import numpy as np
import pytest

from tests.unit.training.planted import planted_dataset
from winnow.schema.errors import RecipeError
from winnow.training.counting import DAY_S, CountingConfig, counts_of, popularity
from winnow.training.interactions import interactions_of

CONFIG = CountingConfig(half_life_days=2.0)


def interactions():
    dataset = planted_dataset()
    return interactions_of(dataset.events, dataset.items, dataset.schema), dataset.items.num_rows


def test_counts_are_those_of_a_slow_loop():
    found, size = interactions()
    counts = counts_of(found, size, CONFIG)
    events = list(zip(found.items.tolist(), found.at.tolist(), strict=True))
    until = max(at for _, at in events)
    assert counts.until == until
    for item in range(size):
        mine = [at for each, at in events if each == item]
        assert counts.first_at[item] == min(mine, default=np.inf)
        weighed = sum(0.5 ** ((until - at) / (2.0 * DAY_S)) for at in mine)
        assert counts.trending[item] == pytest.approx(weighed, rel=1e-5)
        assert popularity(found, size)[item] == len(mine)
    pairs = list(zip(found.users.tolist(), found.items.tolist(), strict=True))
    assert counts.repeats == pytest.approx(1 - len(set(pairs)) / len(pairs))
    assert counts.covisited.num_items == size


def test_of_no_events_there_is_nothing():
    dataset = planted_dataset()
    found = interactions_of(dataset.events.slice(0, 0), dataset.items, dataset.schema)
    counts = counts_of(found, dataset.items.num_rows, CONFIG)
    assert not counts.trending.any()
    assert np.isinf(counts.first_at).all()
    assert (counts.repeats, len(counts.covisited.items)) == (0.0, 0)


@pytest.mark.parametrize("wrong", [{"half_life_days": 0.0}, {"neighbours": 0}])
def test_a_setting_out_of_range_is_refused(wrong):
    with pytest.raises(RecipeError, match=f"counting has {next(iter(wrong))}"):
        CountingConfig(**wrong)
