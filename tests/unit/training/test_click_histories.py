"""Histories in batches of impressions, as of the page."""

from functools import cache

import numpy as np

from tests.unit.training.planted import HOUR_S
from tests.unit.training.test_impression_rows import SHOWN, planted_rows
from winnow.models.click_sizes import ClickSizes
from winnow.training.click_batches import ClickBatches
from winnow.training.clicks_config import ClicksConfig
from winnow.training.training_set import training_set

LENGTH = 5


@cache
def batches(history: int = LENGTH):
    """Some of the events come before the pages, and some after."""
    dataset, rows = planted_rows()
    config = ClicksConfig(sizes=ClickSizes(history=history))
    return dataset, ClickBatches.of(training_set(dataset, dataset.events), rows, config, rows.at[-1] + 1)


def before_the_page(dataset, made, row):
    """Item rows, latest first."""
    events = dataset.events.to_pylist()
    user, page = SHOWN["user_id"][row].as_py(), made.rows.pages_at[row]
    items = [int(each["item_id"].removeprefix("item-")) for each in events if each["user_id"] == user]
    times = [each["at"] for each in events if each["user_id"] == user]
    assert user.startswith("session") or max(times) > page > min(times)
    return [item for item, at in zip(items, times, strict=True) if at < page][::-1][:LENGTH]


def test_a_history_is_what_was_clicked_strictly_before_the_page():
    dataset, made = batches()
    inputs = made(np.arange(SHOWN.num_rows))
    for row in range(SHOWN.num_rows):
        last = before_the_page(dataset, made, row)
        assert inputs["history_present"][row].tolist() == [1.0] * len(last) + [0.0] * (LENGTH - len(last))
        found = inputs["history_rows"][row, : len(last)]
        items = made.data.items
        np.testing.assert_array_equal(inputs["history_vector_picture"][found], items.vectors["picture"][last])
        np.testing.assert_array_equal(inputs["history_values"][found], items.values[last])
        np.testing.assert_array_equal(inputs["history_codes"][found], items.codes[last])
    assert made.rows.pages_at.min() > HOUR_S


def test_an_item_is_there_once_however_often_it_was_clicked():
    _, made = batches()
    chosen = np.zeros(100, np.int64)
    assert len(made(chosen)["history_values"]) <= LENGTH


def test_who_never_clicked_has_an_empty_history():
    _, made = batches()
    assert made(np.array([2]))["history_present"].sum() == 0


def test_without_a_history_nothing_of_it_is_read():
    assert not [name for name in batches(0)[1](np.arange(2)) if name.startswith("history")]
