import pytest
from fastapi.routing import APIRoute

from tests.unit.serving.conftest import KEY, caller_of
from tests.unit.serving.small_engine import small_engine
from winnow.serving.app import create_app
from winnow.serving.routes.quick_routes import HOT, quicken
from winnow.serving.settings.settings import Settings

ELSEWHERE = "192.0.2.1"


def test_every_hot_route_is_there():
    paths = {route.path for route in create_app(small_engine(), Settings()).routes if isinstance(route, APIRoute)}
    assert set(HOT) <= paths


@pytest.mark.parametrize("path", HOT)
def test_a_shorter_way_goes_past_no_guard_and_takes_no_other_method(path):
    stranger = caller_of(small_engine(), keys=(KEY,), address=ELSEWHERE)
    assert stranger.post(path, json={}).status_code == 401
    assert stranger.post(path, json={}, headers={"X-API-Key": "wrong"}).status_code == 401
    assert stranger.post(path, json={}, headers={"X-API-Key": KEY}).status_code in {200, 422}
    assert stranger.get(path).status_code == 405


def test_the_answer_is_the_same_as_on_the_long_way():
    long, short = create_app(small_engine(), Settings()), create_app(small_engine(), Settings())
    (route,) = [each for each in short.routes if isinstance(each, APIRoute) and each.path == HOT[0]]
    before = route.app
    quicken(short)
    assert route.app is not before
    assert long.openapi() == short.openapi()
