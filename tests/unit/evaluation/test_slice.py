"""Slices against a slow loop over users and their right answers."""

import numpy as np
import pytest

from winnow.evaluation.held_out import HeldOut
from winnow.evaluation.slice import COLUMNS, KS, NAMES, Slice, slices
from winnow.schema.column import Array, Ragged, offsets_of

USERS, ITEMS = 40, 120
MODELS = ("winnow", "popular")


def ragged(rows: list[list[int]]) -> Ragged:
    values = np.array([value for row in rows for value in row], np.int64)
    return Ragged(values, offsets_of(np.array([len(row) for row in rows])))


@pytest.fixture(scope="module")
def known() -> Array:
    return np.random.default_rng(1).random(ITEMS) < 0.7


@pytest.fixture(scope="module")
def held() -> HeldOut:
    draw = np.random.default_rng(0)
    wanted = [sorted(draw.choice(ITEMS, draw.integers(1, 6), replace=False).tolist()) for _ in range(USERS)]
    had = [sorted(draw.choice(ITEMS, draw.integers(0, 3), replace=False).tolist()) for _ in range(USERS)]
    return HeldOut(
        users=np.sort(draw.choice(1000, USERS, replace=False)),
        user_ids=tuple(f"u{row}" for row in range(USERS)),
        at=np.arange(USERS, dtype=np.float64),
        context={},
        relevant=ragged(wanted),
        history=ragged(had),
    )


@pytest.fixture(scope="module")
def lists() -> dict[str, Array]:
    draw = np.random.default_rng(2)
    return {model: np.stack([draw.permutation(ITEMS)[: max(KS)] for _ in range(USERS)]) for model in MODELS}


def slow_recalls(held: HeldOut, answers: Array, k: int, counts, asks) -> list[float]:
    """Recall of each user of a slice: `counts(item)` says which items are right, `asks(user)` who belongs to it."""
    recalls = []
    for user in range(USERS):
        right = [item for item in held.relevant.row(user).tolist() if counts(item)]
        if right and asks(user):
            found = [item for item in answers[user, :k].tolist() if item in right]
            recalls.append(len(found) / len(right))
    return recalls


def test_every_slice_is_what_a_slow_loop_finds(held: HeldOut, lists: dict[str, Array], known: Array) -> None:
    rules = {
        "all": (lambda item: True, lambda user: True),
        "warm": (lambda item: True, lambda user: len(held.history.row(user)) > 0),
        "cold": (lambda item: True, lambda user: len(held.history.row(user)) == 0),
        "new_items": (lambda item: not known[item], lambda user: True),
        "known_items": (lambda item: known[item], lambda user: True),
    }
    found = slices(held, lists, known)
    assert tuple(each.name for each in found) == NAMES == tuple(rules)
    for each in found:
        for model in MODELS:
            for k in KS:
                slow = slow_recalls(held, lists[model], k, *rules[each.name])
                np.testing.assert_allclose(each.values[model][:, COLUMNS.index(("recall", k))], slow)
                assert len(each) == len(slow) > 0
    right = {each.name: each.relevant for each in found}
    assert right["all"] == len(held.relevant.values) == right["warm"] + right["cold"]
    assert right["all"] == right["new_items"] + right["known_items"]


def test_a_slice_without_users_is_there_and_empty(held: HeldOut, lists: dict[str, Array]) -> None:
    by_name = {each.name: each for each in slices(held, lists, np.ones(ITEMS, bool))}
    assert (len(by_name["new_items"]), by_name["new_items"].relevant) == (0, 0)
    np.testing.assert_array_equal(by_name["known_items"].values["winnow"], by_name["all"].values["winnow"])


def test_differences_are_paired_and_only_of_the_columns_asked_for() -> None:
    ours = np.arange(4 * len(COLUMNS), dtype=np.float64).reshape(4, len(COLUMNS))
    part = Slice(name="all", relevant=4, values={"winnow": ours, "popular": ours - 0.25})
    differences = part.differences("winnow", [("recall", 50)], seed=0)
    assert list(differences) == [("popular", ("recall", 50))]
    (only,) = differences.values()
    assert (only.low, only.value, only.high) == pytest.approx((0.25, 0.25, 0.25))
