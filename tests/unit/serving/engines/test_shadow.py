from dataclasses import replace
from threading import Event

import numpy as np
import pytest

from tests.unit.pipeline.tables import requests_of
from tests.unit.serving.seats import seat
from winnow.schema.errors import RequestError
from winnow.serving.engines.shadow import Shadow
from winnow.serving.engines.shadow_tally import ShadowTally
from winnow.serving.engines.shadowed import Shadowed

SERVING, CANDIDATE, OTHER = seat("a"), seat("b"), seat("c")


def ask(engine):
    return engine.pipeline(requests_of(["u"], k=3))


def shadowed(candidate=CANDIDATE, again=ask):
    return Shadowed(candidate=candidate, engine=SERVING.engine, answer=ask(SERVING.engine), ask=again)


@pytest.fixture
def shadow():
    shadow = Shadow(most_waiting=2)
    yield shadow
    shadow.close()


def figures(shadow, candidate=CANDIDATE):
    shadow.settle()
    return shadow.of(candidate.engine.digest).figures()


def test_what_the_candidate_answers_is_compared(shadow):
    for _ in range(2):
        shadow.tell(shadowed())
        shadow.settle()
    found = figures(shadow)
    assert found.pop("latency_ratio") > 0
    assert found == {"requests": 2, "dropped": 0, "failed": 0, "overlap": 1.0, "score_shift": 0.0}


def test_a_candidate_that_is_behind_is_not_asked_and_nobody_waits(shadow):
    begun, may_end = Event(), Event()

    def slow(engine):
        begun.set()
        assert may_end.wait(20)
        return ask(engine)

    shadow.tell(shadowed(again=slow))
    assert begun.wait(20)
    for _ in range(5):
        shadow.tell(shadowed())
    may_end.set()
    found = figures(shadow)
    assert (found["requests"], found["dropped"]) == (3, 3)


def test_what_the_candidate_cannot_answer_is_counted_and_a_mistake_is_not_the_last_look(shadow, caplog):
    caplog.set_level("DEBUG")

    def refused(_):
        raise RequestError("Its context is another one.")

    def mistaken(_):
        raise ZeroDivisionError

    for again in (refused, mistaken, ask):
        shadow.tell(shadowed(again=again))
        shadow.settle()
    found = figures(shadow)
    assert (found["requests"], found["failed"]) == (1, 2)
    assert "The candidate bundle-of-b failed." in caplog.text
    assert "The candidate bundle-of-b refuses a request: RequestError" in caplog.text
    assert "Its context" not in caplog.text


def test_another_candidate_begins_at_nothing(shadow):
    shadow.tell(shadowed())
    assert figures(shadow)["requests"] == 1
    shadow.tell(shadowed(candidate=OTHER))
    assert figures(shadow, OTHER)["requests"] == 1
    assert figures(shadow)["requests"] == 0


def test_figures_are_means_over_items_and_over_seconds():
    tally = ShadowTally(digest="d").compared({"a": 1.0, "b": 2.0}, {"b": 2.5, "c": 9.0}, 0.1, 0.3)
    assert tally.compared({"a": 1.0, "b": 0.0}, {"a": 0.5, "b": 2.0}, 0.1, 0.1).figures() == {
        "requests": 2,
        "dropped": 0,
        "failed": 0,
        "overlap": 0.75,
        "score_shift": pytest.approx((0.5 - 0.5 + 2) / 3, abs=1e-6),
        "latency_ratio": 2.0,
    }
    assert ShadowTally(digest="d").figures()["overlap"] is None


def test_requests_that_ran_together_count_one_by_one_and_are_not_mixed_up(shadow):
    def ask_two(engine):
        return engine.pipeline(requests_of(["u", "v"], k=3))

    def other(engine):
        return replace(ask_two(engine), offsets=np.array([0, 1, 6]))

    answer = ask_two(SERVING.engine)
    shadow.tell(Shadowed(candidate=CANDIDATE, engine=SERVING.engine, answer=answer, ask=ask_two))
    assert figures(shadow) == {**figures(shadow), "requests": 2, "overlap": 1.0}
    shadow.tell(Shadowed(candidate=OTHER, engine=SERVING.engine, answer=answer, ask=other))
    assert figures(shadow, OTHER)["overlap"] == pytest.approx(4 / 6, abs=1e-6)
