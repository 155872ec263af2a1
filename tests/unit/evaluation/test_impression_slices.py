"""Whose impressions, and in what context."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.evaluation.shown_shop import SCHEMA, held_in, shown_shop, with_devices
from winnow.evaluation import impression_slices as module
from winnow.evaluation.impression_slices import impression_slices


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch):
    monkeypatch.setattr(module, "ENOUGH", 20)


def test_visitors_are_told_apart_by_what_is_known_of_them():
    held = held_in(shown_shop(0))
    slices = impression_slices(held, SCHEMA)
    assert slices["all"].all()
    np.testing.assert_array_equal(slices["known users"], ~slices["anonymous"])
    names = [each["user_id"].startswith("session:") for each in held.table.to_pylist()]
    np.testing.assert_array_equal(slices["anonymous"], names)
    assert "cold users" not in slices, "everybody has clicked"


def test_cold_users_have_no_positive_in_training():
    held = held_in(shown_shop(0))
    names = np.array([each["user_id"] for each in held.table.to_pylist()])
    nothing = replace(held, positives=np.where(np.isin(names, ["u1", "session:7"]), 0, held.positives))
    np.testing.assert_array_equal(impression_slices(nothing, SCHEMA)["cold users"], names == "u1")


def test_a_value_of_the_context_stands_alone_where_it_is_seen_enough():
    dataset = shown_shop(1)
    devices = dataset.impressions["device"].to_pylist()
    devices[-1] = "a watch that training has not seen"
    devices[-60:-30] = ["a new phone"] * 30
    held = held_in(with_devices(dataset, devices))
    told = held.table["device"].to_pylist()
    slices = impression_slices(held, SCHEMA)
    for name, value in {"mobile": "mobile", "a new phone": "a new phone", "not known": None}.items():
        rows = [each == value for each in told]
        if sum(rows) >= 20:
            np.testing.assert_array_equal(slices[f"device {name}"], rows)
    assert "device a new phone" in slices
    assert not any("watch" in name for name in slices)


@pytest.mark.parametrize("device", ["mobile", None])
def test_a_value_that_everything_has_is_told_once(device):
    dataset = shown_shop(2)
    held = held_in(with_devices(dataset, [device] * dataset.impressions.num_rows))
    assert not any(name.startswith("device") for name in impression_slices(held, SCHEMA))


def test_of_many_values_the_most_frequent_stand():
    dataset = shown_shop(3, size=2_000)
    held = held_in(with_devices(dataset, [f"kind {row % 20}" for row in range(2_000)]))
    found = [name for name in impression_slices(held, SCHEMA) if name.startswith("device")]
    assert len(found) == module.VALUES
