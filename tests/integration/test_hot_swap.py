"""Another bundle takes over while visitors are answered, over real sockets; a bad one does not."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.served_registry import (
    DAMAGED,
    FIRST,
    KEY,
    NEWER,
    SECOND,
    SILENT,
    TWIN,
    WRONG,
    Service,
    served,
    write_registry,
)
from tests.trained_shop import values_of_items
from tests.unit.serving.live_service import raw_answer
from winnow.api.client import Client
from winnow.api.events import VisitorEvent
from winnow.bundle.manifest import FORMAT
from winnow.bundle.pointer import Pointer
from winnow.bundle.registry import Registry
from winnow.cli.main import app
from winnow.engine.canary_requests import answered
from winnow.engine.open_engine import open_engine
from winnow.engine.trial import agreement
from winnow.schema.errors import RequestError
from winnow.stores.event import Event

AT = {"timestamp": 1_780_000_000}


@pytest.fixture(scope="module")
def registry(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("registry")
    write_registry(bundle, folder)
    return folder


@pytest.fixture(autouse=True)
def of_the_first(registry: Path) -> None:
    """Every test begins where nothing but the first bundle was ever promoted."""
    as_at_first(registry)


def as_at_first(registry: Path) -> None:
    (registry / "serving.json").unlink()
    Registry(registry).promote(FIRST)


@pytest.fixture(scope="module")
def steady(registry: Path) -> Iterator[Service]:
    """A service that nobody has change over, and a link in its registry."""
    (registry / "linked").symlink_to(registry / FIRST)
    as_at_first(registry)
    with served(registry) as service:
        yield service


@pytest.fixture(scope="module")
def new_item(shop: Path) -> dict:
    return next(iter(values_of_items(shop).values()))


def answering(service: Service, user_id: str = "u1") -> str:
    return service.client.recommend(user_id, AT)["bundle"]


def everything(client: Client) -> set[str]:
    return {item["item_id"] for item in client.recommend("u1", AT, k=1000)["items"]}


def test_no_request_fails_while_bundles_change_places(registry, new_item):
    stop, answered_by, failures = threading.Event(), [], []

    def visit(url: str, number: int) -> None:
        client = Client(url, KEY)
        turn = 0
        while not stop.is_set():
            turn += 1
            try:
                answer = client.recommend(f"u{number}", k=5)
                answered_by.append((len(answer["items"]), answer["bundle"]))
                item = answer["items"][0]["item_id"]
                client.events([VisitorEvent(user_id=f"u{number}", item_id=item, type="click")])
                if turn % 10 == 0:
                    client.put_item(f"new {number}", new_item)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told below
                failures.append(error)
        client.close()

    with served(registry) as service:
        first = answering(service)
        visitors = [threading.Thread(target=visit, args=(service.url, number)) for number in range(3)]
        for visitor in visitors:
            visitor.start()
        status = service.client.promote(SECOND)
        assert (status["current"]["bundle"], status["previous"]["name"]) == ("bundle-of-second", FIRST)
        assert answering(service) == service.client.ready()["bundle"] == "bundle-of-second"
        service.client.roll_back()
        assert answering(service) == first
        service.client.promote(TWIN)
        assert answering(service) == "bundle-of-twin"
        stop.set()
        for visitor in visitors:
            visitor.join()
    assert failures == []
    assert {count for count, _ in answered_by} == {5}
    assert {first, "bundle-of-second"} <= {name for _, name in answered_by}
    assert Registry(registry).pointer() == Pointer(current=TWIN, previous=FIRST)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (DAMAGED, "The part 'popularity' .* is damaged: the file 'popularity/weights.npy' has changed"),
        (NEWER, f"has the format {FORMAT + 1}; this program reads format {FORMAT}. Upgrade Winnow"),
        (WRONG, r"bundle-of-wrong answers otherwise than when it was trained: 0\.0% of the items"),
        ("nobody", "There is no bundle 'nobody' in the registry; it has: damaged, first"),
        ("../first", r"There is no bundle '\.\./first' in the registry"),
        ("..", r"There is no bundle '\.\.' in the registry"),
        ("/etc", "There is no bundle '/etc' in the registry"),
        ("linked", "There is no bundle 'linked' in the registry"),
    ],
)
def test_a_bundle_that_cannot_serve_is_refused_with_the_reason_and_nothing_changes(registry, steady, name, words):
    before = steady.client.bundles()
    for ask in (steady.client.promote, steady.client.shadow, steady.client.canary):
        with pytest.raises(RequestError, match=words):
            ask(name)
        assert steady.client.bundles() == before
    assert (before["current"]["name"], before["candidate"]) == (FIRST, None)
    assert answering(steady) == before["current"]["bundle"]
    assert Registry(registry).pointer() == Pointer(current=FIRST)


def test_a_bundle_without_canary_requests_serves_and_the_status_says_what_was_looked_at(registry):
    with served(registry) as service:
        told = service.client.shadow(SILENT)["candidate"]["trial"]
        assert told == "32 canary requests are answered; the bundle does not bring what the answers should be."
        told = service.client.shadow(TWIN)["candidate"]["trial"]
        assert told.startswith("32 canary requests are answered as in training: 100.0%")


def test_a_roll_back_wants_a_bundle_to_go_back_to_also_after_a_restart(registry):
    with served(registry) as service:
        with pytest.raises(RequestError, match="No bundle served before the one that does"):
            service.client.roll_back()
        service.client.promote(SECOND)
    with served(registry) as service:
        assert service.client.bundles()["previous"]["name"] == FIRST
        assert answering(service) == "bundle-of-second"
        assert service.client.roll_back()["current"]["name"] == FIRST
        assert service.client.roll_back()["current"]["name"] == SECOND


@pytest.mark.parametrize("durable", [True, False])
def test_items_and_events_are_the_same_after_a_swap_and_a_roll_back(registry, new_item, durable, tmp_path):
    with served(registry, tmp_path if durable else None) as service:
        client = service.client
        gone = client.recommend("u1", AT)["items"][0]["item_id"]
        client.put_item("new", {**new_item, "title": "A new one"})
        client.withdraw_item(gone)
        client.events([VisitorEvent(user_id="u1", item_id="new", type="click")])
        items = everything(client)
        assert "new" in items
        assert gone not in items
        for move in (lambda: client.promote(SECOND), client.roll_back):
            move()
            assert everything(client) == items
            assert client.item("new")["card"]["title"] == "A new one"
            assert client.state("u1")["events"][0]["item_id"] == "new"
        client.promote(SECOND)
        client.put_item("newer", new_item)
        client.roll_back()
        assert everything(client) == {*items, "newer"}
    if durable:
        with served(registry, tmp_path) as service:
            assert everything(service.client) == {*items, "newer"}


def test_a_shadow_is_asked_the_same_and_answers_nobody(registry):
    with served(registry) as service:
        client, first = service.client, answering(service)
        for name, overlap in ((TWIN, 1.0), (SECOND, None)):
            assert client.shadow(name)["shadow"]["requests"] == 0
            assert {answering(service, f"u{number:05}") for number in range(1, 21)} == {first}
            service.app.state.shadow.settle()
            figures = client.bundles()["shadow"]
            assert (figures["requests"], figures["dropped"], figures["failed"]) == (20, 0, 0)
            assert figures["latency_ratio"] > 0
            if overlap is not None:
                assert (figures["overlap"], figures["score_shift"]) == (1.0, 0.0)
            else:
                assert figures["overlap"] < 1
                assert figures["score_shift"] != 0
        assert 'winnow_shadow{sum="requests"} 20.0' in metrics_of(service)
        assert client.shadow(None)["candidate"] is None
        assert 'winnow_shadow{sum="requests"} NaN' in metrics_of(service)
        with pytest.raises(RequestError, match="No bundle is in the role of a shadow"):
            client.shadow(None)


def test_a_canary_answers_its_share_of_the_visitors_always_the_same_ones(registry):
    users = [f"visitor {number}" for number in range(40)]
    with served(registry) as service:
        client, first = service.client, answering(service)
        assert client.canary(SECOND, 0.5)["candidate"]["share"] == 0.5
        by_user = {user: answering(service, user) for user in users}
        assert set(by_user.values()) == {first, "bundle-of-second"}
        assert 10 < sum(bundle == "bundle-of-second" for bundle in by_user.values()) < 30
        assert {user: answering(service, user) for user in users} == by_user
        wider = client.canary(SECOND, 0.8)
        assert wider["candidate"]["role"] == "canary"
        assert all(answering(service, user) != first for user, bundle in by_user.items() if bundle != first)
        assert {client.recommend(None, AT)["bundle"] for _ in range(40)} == {first, "bundle-of-second"}
        client.promote(SECOND)
        assert {answering(service, user) for user in users} == {"bundle-of-second"}
        with pytest.raises(RequestError, match="No bundle is in the role of a canary"):
            client.canary(None)
        with pytest.raises(RequestError, match="serves, or did before"):
            client.canary(FIRST, 0.1)
        with pytest.raises(RequestError, match=r"'share' is 1\.5"):
            client.canary(TWIN, 1.5)


@pytest.mark.parametrize("client", ["one worker"], indirect=True)
def test_a_service_of_one_bundle_says_what_a_registry_is_for(engine, client):
    status = client.bundles()
    assert status["current"]["bundle"] == engine.name
    assert status["previous"] is None
    for ask in (lambda: client.promote("x"), client.roll_back, lambda: client.shadow("x")):
        with pytest.raises(RequestError, match="started with a bundle and knows no others"):
            ask()


def test_the_command_line_promotes_on_disk_and_at_a_running_service(registry):
    def run(*words: str) -> str:
        answer = CliRunner().invoke(app, ["bundle", *words])
        return answer.output if answer.exception is None else str(answer.exception)

    where = ["--registry", str(registry)]
    assert "32 canary requests are answered as in training" in run("promote", SECOND, *where)
    assert Registry(registry).pointer() == Pointer(current=SECOND, previous=FIRST)
    assert "answers otherwise" in run("promote", WRONG, *where)
    assert "first serves from the next start on" in run("roll-back", *where)
    listed = run("list", str(registry))
    assert "current   first  tiny-" in listed
    assert "previous  second  bundle-of-second" in listed
    with served(registry) as service:
        there = ["--url", service.url, "--key", KEY]
        assert "second answers, after first. Workers: 1." in run("promote", SECOND, *there)
        assert answering(service) == "bundle-of-second"
        assert "first answers, after second. Workers: 1." in run("roll-back", *there)
    assert "Whose bundle?" in run("promote", SECOND)


def test_the_answers_of_a_bundle_alone_do_not_depend_on_what_users_did_since(registry):
    engine = open_engine(registry / FIRST)
    item = next(iter(engine.canaries.answers[0]))
    user = engine.canaries.users[0]
    engine.state.append([Event(event_id="e", user_id=user, item_id=item, type="click", at=engine.canaries.at - 1)])
    assert agreement(engine.canaries.answers, answered(engine, engine.canaries).answers) == 1.0


def metrics_of(service: Service) -> str:
    host, port = service.url.removeprefix("http://").split(":")
    asked = b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    return raw_answer((host, int(port)), asked).decode()
