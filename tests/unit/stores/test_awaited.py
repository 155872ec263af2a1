from threading import Event, current_thread

import pytest

from winnow.stores.awaited import LateError, awaited

LONG_S = 30.0
"""Nothing here takes so long."""


def nobody(_):
    raise AssertionError("The caller waits.")


def test_a_call_in_time_is_made_elsewhere_and_its_answer_or_its_error_is_the_callers():
    assert awaited(current_thread, LONG_S, nobody) is not current_thread()
    for error in (KeyError("a"), TimeoutError("its own")):

        def fail(error=error):
            raise error

        with pytest.raises(type(error)) as raised:
            awaited(fail, LONG_S, nobody)
        assert raised.value is error


@pytest.mark.parametrize("within_s", [0.01, 0.0, -1.0])
@pytest.mark.parametrize("error", [None, ValueError("late")])
def test_who_has_no_more_time_goes_and_another_is_told_how_it_ended(within_s, error):
    may_end, has_ended, told = Event(), Event(), []

    def call():
        assert may_end.wait(LONG_S)
        if error is not None:
            raise error
        return "answer"

    def ended(done):
        told.append(done)
        has_ended.set()

    with pytest.raises(LateError):
        awaited(call, within_s, ended)
    assert told == []
    may_end.set()
    assert has_ended.wait(LONG_S)
    assert [each.exception() for each in told] == [error]
    assert error is not None or told[0].result() == "answer"


def test_it_may_be_begun_otherwise():
    assert awaited(current_thread, LONG_S, nobody, lambda work: work()) is current_thread()
