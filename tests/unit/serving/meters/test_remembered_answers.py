import numpy as np
import pytest

from winnow.serving.meters import remembered_answers
from winnow.serving.meters.remembered_answers import MAX_AGE_S, Origin, RememberedAnswers

SOURCES = ("ann", "popular")


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def answers():
    return RememberedAnswers(clock=Clock())


def add(answers: RememberedAnswers, request_id: str, *hashes: int, bundle: str = "b") -> None:
    items = np.array(hashes, np.uint64)
    answers.add(request_id, bundle, SOURCES, items, np.arange(1, len(items) + 1))


def test_an_item_of_an_answer_knows_its_bundle_and_its_sources(answers):
    add(answers, "r", 7, 2**64 - 1)
    assert answers.origin("r", 2**64 - 1, 0) == Origin("b", SOURCES, 2, is_new=True)
    assert answers.origin("r", 8, 0) is None
    assert answers.origin("another", 7, 0) is None


def test_the_same_is_new_once_for_each_item_and_kind(answers):
    add(answers, "r", 7, 8)
    found = [answers.origin("r", item, kind).is_new for item, kind in ((7, 0), (7, 0), (7, 1), (8, 0), (8, 1), (8, 1))]
    assert found == [True, False, True, True, True, False]


def test_an_answer_of_the_same_name_takes_the_place_of_the_first(answers):
    add(answers, "r", 7)
    add(answers, "r", 8, bundle="new")
    assert answers.origin("r", 7, 0) is None
    assert answers.origin("r", 8, 0).bundle == "new"
    assert len(answers) == 1


def test_after_an_hour_an_answer_is_forgotten(answers):
    add(answers, "old", 7)
    answers.clock.now += MAX_AGE_S
    assert answers.origin("old", 7, 0) is not None
    answers.clock.now += 1
    assert answers.origin("old", 7, 0) is None
    add(answers, "new", 8)
    assert len(answers) == 1


def test_of_too_many_answers_or_items_the_oldest_go(answers, monkeypatch):
    monkeypatch.setattr(remembered_answers, "MAX_ANSWERS", 3)
    monkeypatch.setattr(remembered_answers, "MAX_ITEMS", 4)
    for number in range(5):
        add(answers, f"r{number}", number)
    assert [answers.origin(f"r{number}", number, 0) is not None for number in range(5)] == [False] * 2 + [True] * 3
    add(answers, "longer", 10, 11, 12)
    assert [answers.origin(f"r{number}", number, 0) is not None for number in range(5)] == [False] * 4 + [True]
    add(answers, "longest", *range(20, 26))
    assert len(answers) == 1
    assert answers.origin("longest", 25, 0) is not None
