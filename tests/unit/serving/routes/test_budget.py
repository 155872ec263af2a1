import pytest
from starlette.requests import Request

from winnow.serving.routes.budget import Budget


@pytest.mark.parametrize(
    ("own_ms", "asked_ms", "deadline"),
    [(0, None, None), (200, None, 10.2), (200, 50.0, 10.05), (200, 900.0, 10.2), (0, 900.0, 10.9), (200, 0.0, 10.0)],
)
def test_a_deadline_counts_from_the_end_of_the_request_and_callers_may_only_ask_for_less(own_ms, asked_ms, deadline):
    request = Request({"type": "http", "state": {"whole_at": 10.0}})
    assert Budget(ms=own_ms).deadline(request, asked_ms) == deadline


@pytest.mark.parametrize(
    ("own_ms", "deadlines"),
    [(0, [10.5, 10.75, None, None]), (250, [10.25, 10.5, 10.75, 11.0]), (300, [10.3, 10.55, 10.85, 11.15])],
)
def test_of_several_each_has_its_time_after_that_of_the_one_before(own_ms, deadlines):
    request = Request({"type": "http", "state": {"whole_at": 10.0}})
    assert Budget(ms=own_ms).deadlines(request, [500, 250, None, 900]) == deadlines
