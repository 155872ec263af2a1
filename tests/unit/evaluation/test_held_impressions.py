"""Pages of the test time, against slow loops."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.evaluation.shown_shop import CUT, END, SPLIT, held_in, shown_shop
from winnow.data.leave_out import LeaveLastOut
from winnow.evaluation.held_impressions import held_impressions
from winnow.features.likeness import VISIT_S

CLICKED = ("click", "purchase")


def pages_of(shown: list[dict]) -> list[tuple[float, str, list[int]]]:
    """When each page was answered, whose it is, and its impressions, by a loop over each visitor."""
    pages: list[tuple[float, str, list[int]]] = []
    for visitor in dict.fromkeys(each["user_id"] for each in shown):
        last = None
        for row, each in enumerate(shown):
            if each["user_id"] != visitor:
                continue
            follows = last is not None and (
                each["at"] == last["at"]
                or (0 < (last["position"] or 0) < (each["position"] or 0) and each["at"] - last["at"] <= VISIT_S)
            )
            if follows:
                pages[-1][2].append(row)
            else:
                pages.append((each["at"], visitor, [row]))
            last = each
    return pages


@pytest.mark.parametrize("seed", range(5))
def test_pages_are_what_a_slow_loop_finds(seed):
    dataset = shown_shop(seed)
    shown, held = dataset.impressions.to_pylist(), held_in(dataset)
    told = held.table.to_pylist()
    found = {
        (float(at), told[start]["user_id"]): told[start:end]
        for at, start, end in zip(held.pages_at, held.offsets, held.offsets[1:], strict=False)
    }
    assert len(found) == len(held.pages_at)
    assert (np.diff(held.pages_at) >= 0).all()
    wanted = {
        (at, visitor): [shown[row] for row in rows if CUT <= shown[row]["at"] <= END]
        for at, visitor, rows in pages_of(shown)
    }
    assert found == {key: rows for key, rows in wanted.items() if rows}
    np.testing.assert_array_equal(np.bincount(held.pages), np.diff(held.offsets))


@pytest.mark.parametrize("seed", range(3))
def test_what_is_known_of_visitors_and_items_is_of_the_training_time(seed):
    dataset = shown_shop(seed)
    earlier = [each for each in dataset.impressions.to_pylist() if each["at"] < CUT and each["outcome"] in CLICKED]
    events = [each for each in dataset.events.to_pylist() if each["at"] < CUT]
    held = held_in(dataset)
    for row, each in enumerate(held.table.to_pylist()):
        assert held.popularity[row] == sum(other["item_id"] == each["item_id"] for other in earlier)
        assert held.clicks[row] == sum(other["user_id"] == each["user_id"] for other in earlier)
        assert held.positives[row] == sum(other["user_id"] == each["user_id"] for other in events)
        assert held.anonymous[row] == each["user_id"].startswith("session:")
        assert held.clicked[row] == (each["outcome"] in CLICKED)
        assert held.positions[row] == (each["position"] or 0)


def test_without_a_log_or_a_cut_in_time_or_a_late_impression_there_are_none():
    dataset = shown_shop(0)
    assert held_impressions(replace(dataset, impressions=None), SPLIT) is None
    assert held_impressions(dataset, LeaveLastOut(events=1)) is None
    assert held_impressions(dataset, replace(SPLIT, train_until=1e9, test_until=2e9)) is None
