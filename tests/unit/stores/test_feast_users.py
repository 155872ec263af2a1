"""What a request waits for Feast; what Feast says is in the tests of a real one."""

import math
from dataclasses import dataclass, field
from threading import Event
from typing import Any, cast

import pytest

from tests.unit.serving.live_service import wait_for
from winnow.schema.errors import Unavailable
from winnow.stores.back_off import BackOff
from winnow.stores.feast_users import SLOW_S, FeastUsers
from winnow.stores.feature_table import FeatureTable

LONG_S = 30.0
TABLE = FeatureTable(name="winnow_users", key="user_id", columns={"age": cast("Any", None)})


@dataclass
class Repository:
    """Answers at once, or when it may.

    Attributes:
        may_answer: until then callers wait.
        error: that it raises instead.
        asked: how often.
    """

    may_answer: Event = field(default_factory=Event)
    error: Exception | None = None
    asked: int = 0

    def online(self, table: FeatureTable, keys: list[str]) -> list[dict[str, Any]]:
        self.asked += 1
        assert self.may_answer.wait(LONG_S)
        if self.error is not None:
            raise self.error
        return [{"age": len(key)} for key in keys]


def users_of(repository: Repository, *instants: float) -> FeastUsers:
    """Whose clock shows one instant after the other, and who would wait for long after a failure."""
    shown = iter(instants)
    back_off = BackOff(wait_s=LONG_S, clock=lambda: 0.0)
    return FeastUsers(repository=cast("Any", repository), table=TABLE, back_off=back_off, clock=lambda: next(shown))


def answering(error: Exception | None = None) -> Repository:
    repository = Repository(error=error)
    repository.may_answer.set()
    return repository


@pytest.mark.parametrize("within_s", [math.inf, LONG_S])
def test_whoever_has_time_has_the_answer_however_it_is_asked_for(within_s):
    users = users_of(answering(), 0.0)
    assert users.rows(["ann", "", "bo", "ann"], within_s) == [
        {"age": 3, "user_id": "ann"},
        None,
        {"age": 2, "user_id": "bo"},
        {"age": 3, "user_id": "ann"},
    ]


@pytest.mark.parametrize("within_s", [math.inf, LONG_S])
def test_after_a_failure_nobody_asks_for_a_while(within_s):
    repository = answering(Unavailable("Feast is down."))
    users = users_of(repository, 0.0)
    with pytest.raises(Unavailable, match="Feast is down"):
        users.rows(["ann"], within_s)
    with pytest.raises(Unavailable, match="nobody asks it for 30"):
        users.rows(["ann"], within_s)
    assert repository.asked == 1


def test_who_has_no_time_goes_without_and_only_a_slow_store_is_left_alone():
    repository = Repository()
    users = users_of(repository, 0.0, SLOW_S / 2, 1.0, 1.0 + 2 * SLOW_S)
    try:
        for _ in range(2):
            with pytest.raises(Unavailable, match="had not answered when the time that the request may take was spent"):
                users.rows(["ann"], 0.01)
        with pytest.raises(Unavailable, match="nobody asks it"):
            users.rows(["ann"], 0.01)
    finally:
        repository.may_answer.set()


def test_a_failure_that_nobody_waited_for_is_one_all_the_same():
    repository = Repository(error=Unavailable("Feast is down."))
    users = users_of(repository, 0.0, 0.0)
    with pytest.raises(Unavailable, match="had not answered"):
        users.rows(["ann"], 0.01)
    assert users.back_off.left_s() == 0.0
    repository.may_answer.set()
    wait_for(lambda: users.back_off.left_s() > 0)
