"""What others buy now reaches a newcomer's list: by the engine, and over HTTP with an embedded store and a server."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from fastapi import FastAPI

from tests.integration.conftest import KEY
from tests.logged_events import client_of, write_once
from tests.trained_shop import values_of_items
from tests.unit.pipeline.tables import items, requests_of
from tests.unit.serving.live_service import live_app
from tests.unit.serving.meters.test_metrics import samples
from tests.valkey_server import valkey_server
from winnow.api.client import Client
from winnow.api.events import VisitorEvent
from winnow.engine.engine import Engine
from winnow.engine.live_demand import LiveDemand
from winnow.engine.open_engine import open_engine
from winnow.engine.state_home import StateHome
from winnow.pipeline.requests import Requests
from winnow.schema.schema import EventType
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.app import create_app
from winnow.serving.settings.settings import Settings

NOW = {"timestamp": 1_780_000_000}
BUYERS, SHOWN = 60, 20


@contextmanager
def service(bundle: Path, open_live: object = None) -> Iterator[tuple[FastAPI, Client, list[str]]]:
    """A service that looks at what is in demand when the test says so, its client, and what nobody proposes to it."""
    whole = open_engine(bundle, *([open_live] if open_live else []))
    engine = of_a_large_shop(whole)
    settings = Settings(port=0, key_hashes=hashed_keys([KEY]), demand_s=0)
    app = create_app(engine, settings)
    with live_app(app, settings) as (host, port), closing(Client(f"http://{host}:{port}", KEY)) as client:
        yield app, client, unproposed(engine, whole)


def of_a_large_shop(engine: Engine) -> Engine:
    """With sources that propose, as there, but a small part of the shop: of this one the index alone proposes all."""
    config = replace(engine.assembly.config, ann_quota=1, fresh_quota=1)
    assembly = replace(engine.assembly, config=config)
    pipeline, retrieval = assembly.pipelines(engine.stock)
    return replace(engine, assembly=assembly, pipeline=pipeline, retrieval=retrieval)


def unproposed(engine: Engine, everything: Engine) -> list[str]:
    """The three items that a newcomer would be shown first, of those that no source proposes."""
    newcomer = replace(requests_of(["a newcomer"], k=1000), at=np.array([NOW["timestamp"]]))
    proposed = engine.pipeline.candidates(replace(newcomer, k=np.array([SHOWN])))[1].item_rows
    ranked = everything.pipeline(newcomer).item_rows
    return [engine.catalogue.item_ids[row] for row in ranked[~np.isin(ranked, proposed)][:3]]


def buy(client: Client, wanted: list[str]) -> None:
    client.events(
        [
            VisitorEvent(user_id=f"buyer {number}", item_id=item, type=kind)
            for number in range(BUYERS)
            for item in wanted
            for kind in (EventType.CLICK, EventType.PURCHASE)
        ]
    )


def listed(client: Client) -> list[dict]:
    answer = client.recommend("a newcomer", NOW, k=SHOWN)
    assert answer["degraded"] == []
    return answer["items"]


def names(found: list[dict]) -> list[str]:
    return [each["item_id"] for each in found]


def test_what_others_buy_comes_to_a_newcomer_when_the_sources_are_told(bundle):
    with service(bundle) as (app, client, wanted):
        before = listed(client)
        assert not set(wanted) & set(names(before))
        assert app.state.demand.follow() is False
        assert listed(client) == before
        buy(client, wanted)
        assert listed(client) == before
        assert app.state.demand.follow() is True
        assert set(wanted) <= set(names(listed(client)))
        assert app.state.demand.follow() is False


def test_on_a_server_the_worker_counts_and_a_silent_one_leaves_the_sources_as_they_were(bundle, tmp_path, caplog):
    with (
        valkey_server(tmp_path, appendonly="yes", appendfsync="always") as server,
        StateHome(url=server.url) as home,
        service(bundle, home.open) as (app, client, wanted),
    ):
        buy(client, wanted)
        assert app.state.demand.follow() is False
        assert not set(wanted) & set(names(listed(client)))
        with closing(client_of(server)) as worker:
            write_once(worker, tmp_path / "log")
        assert app.state.demand.follow() is True
        after = names(listed(client))
        assert set(wanted) <= set(after)
        before_silence = told_at(app)
        server.kill()
        assert not any(app.state.demand.follow() for _ in range(3))
        assert caplog.text.count("Sources stay as they are") == 1
        answer = client.recommend("a newcomer", NOW, k=SHOWN)
        assert (answer["degraded"], names(answer["items"])) == (["state"], after)
        assert told_at(app) == before_silence > 0


def told_at(app: FastAPI) -> float:
    return samples(app.state.demand.metrics.text().decode())[("winnow_demand_timestamp_seconds",)]


def asked(engine: Engine) -> Requests:
    users = ["a newcomer", *engine.state.base.user_ids[:60]]
    return replace(requests_of(users, k=30), at=np.full(len(users), 4e9))


def told(engine: Engine, weights: dict[int, float]) -> Engine:
    hashes = engine.catalogue.hashes[list(weights)]
    return engine.told((hashes, np.array(list(weights.values()), np.float64)), engine.stock.counts.until)


def test_without_live_events_answers_are_the_same_to_the_last_bit(engine):
    nothing = LiveDemand(weights=np.zeros(len(engine.catalogue)), at=engine.stock.counts.until)
    assert told(engine, {}) is engine
    again, _ = engine.assembly.pipelines(replace(engine.stock, live=nothing))
    before, after = (path(asked(engine)) for path in (engine.pipeline, again))
    assert after.item_rows.tolist() == before.item_rows.tolist()
    assert after.scores.tobytes() == before.scores.tobytes()


def test_a_new_item_that_is_bought_is_popular_trending_of_its_category_and_first_to_fill_up(engine, shop):
    values = values_of_items(shop)
    best = int(engine.stock.popularity.argmax())
    new = engine.with_items({"new": values[engine.catalogue.item_ids[best]]})
    row = new.catalogue.row("new")
    after = told(new, {row: 2.0 * float(engine.stock.popularity[best])})
    requests = asked(after)
    for stage in after.pipeline.request_stages:
        requests = requests.with_columns(stage.columns(requests))
    for name in ("popular", "trending"):
        assert first(new, name, requests) != row
        assert first(after, name, requests) == row
    found = dict(zip(requests.user_ids, proposed(after, "category", requests), strict=True))
    alike = [user for user, rows in found.items() if row in rows]
    assert alike
    assert "a newcomer" not in alike
    assert items(after.pipeline.fallback.retrieve(requests, 1))[0] == [row]


def first(engine: Engine, name: str, requests: Requests) -> int:
    return proposed(engine, name, requests)[0][0]


def proposed(engine: Engine, name: str, requests: Requests) -> list[list[int]]:
    source = next(each.source for each in engine.pipeline.sources if each.name == name)
    return items(source.retrieve(requests, 50))
