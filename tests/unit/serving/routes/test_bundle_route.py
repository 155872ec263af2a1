"""The admin route over workers that are not there: what is ordered, and what is taken back."""

import asyncio
import json
from dataclasses import asdict, dataclass, field, replace

import pytest
from starlette.requests import Request

from tests.unit.bundle.small_bundle import write_bundle
from tests.unit.serving.conftest import KEY, caller_of
from tests.unit.serving.seats import seat
from tests.unit.serving.small_engine import small_engine
from winnow.bundle.pointer import Pointer
from winnow.bundle.registry import Registry
from winnow.schema.errors import Unavailable
from winnow.serving.engines.bundle_shelf import BundleShelf
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.engines.shadow import Shadow
from winnow.serving.engines.shadow_tally import ShadowTally
from winnow.serving.errors import ApiError
from winnow.serving.orders.order import Report
from winnow.serving.routes.bundle_route import BundleRoute


@dataclass
class Workers:
    """Two of them; the second refuses some orders, and both refuse some."""

    second_refuses: set[tuple[str, str]] = field(default_factory=set)
    all_refuse: set[tuple[str, str]] = field(default_factory=set)
    orders: list[tuple[str, str]] = field(default_factory=list)
    name = "1"

    def order(self, order):
        told = (order.kind, order.told["name"])
        self.orders.append(told)
        first = "It is bad." if told in self.all_refuse else None
        second = "It is bad here." if told in self.second_refuses | self.all_refuse else None
        return (Report(worker="1", bundle="x", refusal=first), Report(worker="2", bundle="x", refusal=second))

    def reports(self):
        return (Report(worker="1", bundle="x"), Report(worker="2", bundle="x"))


@pytest.fixture
def registry(tmp_path):
    for name in ("a", "b"):
        write_bundle(tmp_path / name)
    Registry(tmp_path).promote("a")
    return Registry(tmp_path)


def test_what_all_workers_found_of_a_shadow_is_told_together(registry):
    shelf = BundleShelf(registry=registry, first="a", open=lambda _: seat("b").engine)
    live, shadow, workers = LiveEngine(seat("a").engine, shelf=shelf), Shadow(), Workers()
    live.lineup = live.lineup.prepared(seat("b")).cast("b", "shadow")
    own, digest = ShadowTally(digest="b" * 64, requests=2, answered=10, shared=10), live.lineup.candidate.engine.digest
    shadow._tally = own
    theirs = {
        "1": replace(own, requests=99),
        "2": replace(own, answered=30, shared=0, dropped=5),
        "3": replace(own, digest="x"),
    }
    workers.reports = lambda: [
        *(Report(worker=name, bundle="x", shadow=asdict(tally)) for name, tally in theirs.items()),
        Report(worker="of an older program", bundle="x"),
    ]
    route = BundleRoute(live=live, fleet=workers, shadow=shadow)
    figures = json.loads(asyncio.run(route.get()).body)["shadow"]
    assert digest == own.digest
    # "1" is this worker: what it told some time ago counts no more.
    assert (figures["requests"], figures["dropped"], figures["overlap"]) == (4, 5, 0.25)


def promoted(registry, workers, name="b"):
    shelf = BundleShelf(registry=registry, first="a", open=lambda _: seat("b").engine)
    live = LiveEngine(seat("a").engine, shelf=shelf)
    route = BundleRoute(live=live, fleet=workers, shadow=Shadow())
    body = json.dumps({"name": name}).encode()

    async def receive():
        return {"type": "http.request", "body": body}

    request = Request({"type": "http", "method": "POST", "headers": []}, receive)
    return json.loads(asyncio.run(route.promote(request)).body)


def test_all_prepare_before_any_switches_and_then_the_registry_knows(registry):
    workers = Workers()
    status = promoted(registry, workers)
    assert workers.orders == [("prepare_bundle", "b"), ("switch_bundle", "b")]
    assert status["workers"] == [{"worker": "1", "bundle": "x"}, {"worker": "2", "bundle": "x"}]
    assert registry.pointer() == Pointer(current="b", previous="a")


@pytest.mark.parametrize(
    ("kind", "who", "undone", "error", "words"),
    [
        ("prepare_bundle", "second_refuses", ("drop_bundle", "b"), Unavailable, "1 of 2 workers .* It is bad here"),
        ("prepare_bundle", "all_refuse", ("drop_bundle", "b"), ApiError, "It is bad."),
        ("switch_bundle", "second_refuses", ("switch_bundle", "a"), Unavailable, "1 of 2 workers .* It is bad here"),
        ("switch_bundle", "all_refuse", ("switch_bundle", "a"), ApiError, "It is bad."),
    ],
)
def test_what_one_worker_cannot_do_all_take_back(registry, kind, who, undone, error, words):
    workers = Workers(**{who: {(kind, "b")}})
    with pytest.raises(error, match=words):
        promoted(registry, workers)
    assert workers.orders[-2:] == [(kind, "b"), undone]
    assert registry.pointer() == Pointer(current="a")


def test_a_registry_that_cannot_be_written_takes_the_switch_back(registry, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Registry, "promote", full)
    workers = Workers()
    with pytest.raises(Unavailable, match=r"cannot be written to .*: No space left on device"):
        promoted(registry, workers)
    assert workers.orders[-1] == ("switch_bundle", "a")


def test_a_name_that_the_registry_does_not_have_is_not_ordered(registry):
    workers = Workers()
    with pytest.raises(ApiError, match=r"There is no bundle '\.\./b'"):
        promoted(registry, workers, "../b")
    assert workers.orders == []


PATH = "/v1/admin/bundle"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", PATH),
        ("POST", PATH),
        ("POST", f"{PATH}/roll-back"),
        ("PUT", f"{PATH}/shadow"),
        ("DELETE", f"{PATH}/shadow"),
        ("PUT", f"{PATH}/canary"),
        ("DELETE", f"{PATH}/canary"),
    ],
)
def test_the_routes_are_shut_until_a_key_is_set_and_then_want_one(method, path):
    shut = caller_of(small_engine()).call(method, path, json={"name": "x"})
    assert (shut.status_code, shut.json()["error"]["code"]) == (403, "no_key_set")
    locked = caller_of(small_engine(), keys=(KEY,)).call(method, path, json={"name": "x"})
    assert (locked.status_code, locked.json()["error"]["code"]) == (401, "key_missing")
