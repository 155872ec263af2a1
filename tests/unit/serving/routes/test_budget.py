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
