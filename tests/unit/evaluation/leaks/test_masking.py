"""Whether masked means masked."""

import numpy as np

from winnow.evaluation.held_out import HeldOut
from winnow.evaluation.leaks.masking import masking
from winnow.schema.column import Ragged, offsets_of


def held(relevant: list[list[int]], history: list[list[int]]) -> HeldOut:
    columns = [
        Ragged(np.array([item for row in rows for item in row], np.int64), offsets_of(np.array([len(r) for r in rows])))
        for rows in (relevant, history)
    ]
    size = len(relevant)
    return HeldOut(
        users=np.arange(size),
        user_ids=tuple(f"u{each}" for each in range(size)),
        at=np.zeros(size),
        context={},
        relevant=columns[0],
        history=columns[1],
    )


def test_a_masked_setting_passes() -> None:
    wanted, answered = masking(held([[1], [2, 3]], [[2], [1]]), {"winnow": np.array([[1, 3], [2, -1]])}, 9)
    assert (wanted.severity, answered.severity) == ("none", "none")
    assert wanted.sentence.startswith("0 of 3 right answers")
    assert answered.sentence.startswith("0 of 3 places in the lists of 1 models")


def test_a_right_answer_from_the_history_is_a_leak_that_names_the_user() -> None:
    wanted, _ = masking(held([[1], [2, 3]], [[2], [1, 3]]), {}, 9)
    assert wanted.severity == "leak"
    assert wanted.sentence.startswith("1 of 3")
    assert wanted.evidence == ({"user_id": "u1"},)


def test_an_item_of_the_history_in_a_list_is_a_warning_that_names_the_model() -> None:
    lists = {"winnow": np.array([[1, 3], [2, -1]]), "popular": np.array([[2, 3], [1, 0]])}
    _, answered = masking(held([[1], [2]], [[2], [1, 0]]), lists, 9)
    assert answered.severity == "warning"
    assert answered.sentence.startswith("3 of 7 places in the lists of 2 models")
    assert answered.evidence == ({"model": "popular", "places": 3},)


def test_what_comes_back_because_nothing_else_is_left_does_not_count() -> None:
    question = held([[1], [2]], [[2, 3, 4], [1]])
    lists = {"winnow": np.array([[0, 2], [1, 0]])}
    assert masked_places(question, lists, 5) == 2
    assert masked_places(question, lists, 4) == 1, "of four items the first user had three"
    assert masked_places(question, lists, 2) == 0


def masked_places(question: HeldOut, lists: dict[str, np.ndarray], num_allowed: int) -> int:
    _, answered = masking(question, lists, num_allowed)
    return int(answered.sentence.split()[0])
