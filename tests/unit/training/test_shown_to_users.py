"""What users were shown, against a stable sort of everything."""

import numpy as np
import pytest
import torch

from tests.unit.training.in_files import lies_in_a_file
from tests.unit.training.shown_rows import shown_rows
from winnow.models.looks import PLACES, Looks
from winnow.training import scratch, shown_to_users

KNOWN, SHOWN = 6, 500


@pytest.mark.parametrize("at_once", [1, 13, scratch.ROWS_AT_ONCE])
def test_impressions_of_known_users_stand_side_by_side_as_they_were_chosen(at_once, monkeypatch):
    draw = np.random.default_rng(0)
    users = draw.integers(0, KNOWN + 1, SHOWN)
    users[users == 2] = 3  # who was shown nothing
    rows = shown_rows(
        draw.integers(0, 9, SHOWN), np.arange(SHOWN), draw.integers(0, 5, SHOWN), draw.random(SHOWN) < 0.3, users
    )
    chosen, looks = draw.permutation(SHOWN)[:400], Looks(torch.linspace(0.2, 0.1, PLACES + 1))
    logits = draw.normal(size=400).astype(np.float32)
    monkeypatch.setattr(shown_to_users, "slices", lambda *ends: scratch.slices(*ends, at_once))
    found = shown_to_users.shown_to_users(rows, chosen, logits, looks, KNOWN)

    order = np.argsort(users[chosen], kind="stable")
    order = order[users[chosen][order] < KNOWN]
    which = chosen[order]
    np.testing.assert_array_equal(found.users, users[which])
    np.testing.assert_array_equal(found.items, rows.items[which])
    np.testing.assert_array_equal(found.clicked, rows.clicked[which])
    np.testing.assert_array_equal(found.logits, logits[order].astype(np.float64))
    with torch.inference_mode():
        looked = looks(torch.from_numpy(rows.positions[which])).exp().numpy()
    np.testing.assert_array_equal(found.looked, looked.astype(np.float64))
    assert [found.users[each][0] for each in found.each()] == [0, 1, 3, 4, 5]
    assert all(map(lies_in_a_file, (found.users, found.items, found.clicked, found.logits, found.looked)))


def test_where_nobody_is_known_nothing_is_arranged():
    rows = shown_rows([1, 2], [0.0, 1.0], [1, 1], [True, False], np.array([0, 0]))
    found = shown_to_users.shown_to_users(rows, np.arange(2), np.zeros(2, np.float32), Looks(torch.rand(PLACES + 1)), 0)
    assert not list(found.each())
