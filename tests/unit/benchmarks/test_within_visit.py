"""Which clicks of a visit are told, and which are asked for."""

from types import SimpleNamespace

import numpy as np

from benchmarks import within_visit
from benchmarks.within_visit import SOON_S, after_clicks, first_visits
from tests.unit.pipeline.tables import catalogue_of, ragged_of
from winnow.evaluation.held_out import HeldOut
from winnow.features.likeness import VISIT_S

CATALOGUE = catalogue_of(6)
AT = np.array([100.0, 200.0])
HELD = HeldOut(
    users=np.array([3, 7]),
    user_ids=("ann", "bob"),
    at=AT,
    context={},
    relevant=ragged_of([[0, 1, 2, 3], [4]]),
    history=ragged_of([[2], []]),
)


def visits(monkeypatch):
    """Ann clicks 1, 0, 1 again and 2, each as late as a visit allows, and 3 in a second visit; Bob 4."""
    at = np.array([*(100.0 + VISIT_S * np.arange(4)), 200.0, 101.0 + 4 * VISIT_S])
    done = SimpleNamespace(users=np.array([3, 3, 3, 3, 7, 3]), items=np.array([1, 0, 1, 2, 4, 3]), at=at)
    for name in ("test_events", "positive", "visitors"):
        monkeypatch.setattr(within_visit, name, lambda *_: None)
    monkeypatch.setattr(within_visit, "read_interactions", lambda *_: done)
    return first_visits(None, None, HELD, CATALOGUE)


def test_a_visit_ends_when_nothing_is_clicked_for_long(monkeypatch):
    ann, bob = visits(monkeypatch)
    assert list(ann.items()) == [(1, 100.0), (0, 100.0 + VISIT_S), (2, 100.0 + 3 * VISIT_S)]
    assert bob == {4: 200.0}


def test_what_was_clicked_is_told_and_the_rest_is_right(monkeypatch):
    asked, told = after_clicks(HELD, visits(monkeypatch), 1, CATALOGUE)
    assert [(each.user_id, each.item_id, each.type, each.at) for each in told] == [
        ("ann", CATALOGUE.item_ids[1], "click", 100.0)
    ]
    assert (asked.user_ids, asked.at.tolist()) == (("ann",), [100.0 + SOON_S])
    assert asked.relevant.values.tolist() == [0], "item 2 was had before"


def test_before_the_first_click_all_are_asked_as_they_arrive(monkeypatch):
    asked, told = after_clicks(HELD, visits(monkeypatch), 0, CATALOGUE)
    assert (told, asked.user_ids, asked.at.tolist()) == ([], ("ann", "bob"), AT.tolist())
    assert sorted(asked.relevant.values.tolist()) == [0, 1, 4]


def test_who_has_nothing_left_to_click_does_not_ask(monkeypatch):
    asked, told = after_clicks(HELD, visits(monkeypatch), 2, CATALOGUE)
    assert len(asked) == 0
    assert len(told) == 2
