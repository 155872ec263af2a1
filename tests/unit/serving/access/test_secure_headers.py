import pytest

from tests.unit.serving.conftest import Caller, caller_of
from tests.unit.serving.small_engine import small_engine
from winnow.serving.app import create_app
from winnow.serving.settings.settings import Settings

SHOP = "https://shop.example"


@pytest.mark.parametrize("path", ["/v1/recommendations", "/nothing/here", "/healthz"])
def test_every_answer_says_what_browsers_may_not_do_with_it(path):
    headers = caller_of(small_engine()).post(path, json={}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["referrer-policy"] == "no-referrer"


def preflight(caller: Caller) -> str | None:
    asked = {"Origin": SHOP, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "X-API-Key"}
    return caller.call("OPTIONS", "/v1/recommendations", headers=asked).headers.get("access-control-allow-origin")


def test_pages_of_other_origins_may_call_only_where_the_settings_name_them():
    assert preflight(caller_of(small_engine())) is None
    open_to = Caller(create_app(small_engine(), Settings(cors_origins=(SHOP,))))
    assert preflight(open_to) == SHOP
    assert (
        open_to.post("/v1/recommendations", json={}, headers={"Origin": SHOP}).headers["access-control-allow-origin"]
        == SHOP
    )
    other = open_to.post("/v1/recommendations", json={}, headers={"Origin": "https://else.example"})
    assert "access-control-allow-origin" not in other.headers
