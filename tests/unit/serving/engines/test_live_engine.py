"""Changes of items reach every open bundle, each as far as it can take them."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.trained_shop import values_of_items
from tests.unit.serving.meters.test_metrics import samples
from tests.unit.serving.said_of_item import said
from winnow.bundle.registry import Registry
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.schema.errors import BundleError, DataError, RequestError, Unavailable
from winnow.serving.engines.bundle_shelf import BundleShelf
from winnow.serving.engines.lineup_gauges import LineupGauges
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.engines.shadow import Shadow
from winnow.serving.items.held_changes import HeldChanges
from winnow.serving.meters.metrics import Metrics
from winnow.serving.orders.order import Order
from winnow.serving.settings.settings import Settings
from winnow.stores.event import Event

LATE = 4e9


@pytest.fixture(scope="module")
def engine(bundle: Path) -> Engine:
    return open_engine(bundle)


@pytest.fixture(scope="module")
def registry(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Registry:
    folder = tmp_path_factory.mktemp("registry")
    for name in ("first", "second"):
        shutil.copytree(bundle, folder / name)
    return Registry(folder)


@pytest.fixture(scope="module")
def values(shop: Path) -> dict:
    return next(iter(values_of_items(shop).values()))


def live_of(engine: Engine, registry: Registry, second: Engine | None = None) -> LiveEngine:
    """Serves the first; the second is opened as the engine that is given."""
    return LiveEngine(engine, shelf=BundleShelf(registry=registry, first="first", open=lambda _: second or engine))


def test_every_worker_knows_when_an_item_changed_last_whoever_was_told(engine, registry, values):
    live, metrics = live_of(engine, registry), Metrics()
    gauges = LineupGauges(live=live, shadow=Shadow(), metrics=metrics)

    def told() -> float:
        gauges.tell()
        return samples(metrics.text().decode())["winnow_items_timestamp_seconds",]

    assert told() == 0
    obey(live, "put_item", item_id="new", values=values)
    assert told() == LATE
    live.put("newer", values, LATE - 5)
    assert told() == LATE, "the last word on an item counts, in whatever order they are heard"


def obey(live: LiveEngine, kind: str, **told) -> None:
    live.obey(Order(kind=kind, told=told, at=LATE))


def unchangeable(engine: Engine) -> Engine:
    return replace(engine, assembly=replace(engine.assembly, encoder=None))


def test_only_what_came_after_the_training_is_made_again(engine, values):
    memory = HeldChanges()
    memory.append(said("early", values, engine.trained_until - 1))
    memory.append(said("late", values, engine.trained_until + 1))
    memory.append(said(engine.catalogue.item_ids[0], None, engine.trained_until - 1))
    memory.append(said(engine.catalogue.item_ids[1], None, engine.trained_until + 1))
    live = LiveEngine(engine, memory)
    catalogue = live.current.catalogue
    assert live.changed_at == engine.trained_until + 1
    assert [catalogue.is_allowed(each) for each in ("early", "late", *catalogue.item_ids[:2])] == [
        False,
        True,
        True,
        False,
    ]


def test_an_order_from_before_the_training_of_the_bundle_that_serves_changes_only_older_bundles(
    engine, registry, values
):
    older = replace(engine, trained_until=engine.trained_until - 10)
    live = live_of(engine, registry, older)
    obey(live, "prepare_bundle", name="second")
    live.put("new", values, engine.trained_until - 5)
    assert [each.engine.catalogue.is_allowed("new") for each in live.lineup.seats] == [False, True]


def test_what_another_schema_does_not_have_is_left_out_and_told(engine, values, caplog):
    memory = HeldChanges()
    memory.append(said("new", {**values, "fabric": "wool"}, LATE))
    assert LiveEngine(engine, memory).current.catalogue.is_allowed("new")
    assert "has no item columns fabric" in caplog.text


def test_a_value_of_the_wrong_kind_refuses_the_bundle_with_item_column_and_remedy(engine, registry, values):
    live = live_of(engine, registry)
    live._items.append(said("new", {**values, "price": "cheap"}, LATE))
    with pytest.raises(
        BundleError, match=r"The bundle second cannot take the items .*'price' is .* Send the item again"
    ):
        obey(live, "prepare_bundle", name="second")
    assert live.lineup.candidate is None
    with pytest.raises(DataError, match="The item log does not fit the bundle"):
        LiveEngine(engine, live._items)


def test_who_cannot_take_an_item_is_let_go_and_the_others_go_on(engine, registry, values, caplog):
    live = live_of(engine, registry, unchangeable(engine))
    obey(live, "prepare_bundle", name="second")
    obey(live, "put_item", item_id="new", values=values)
    assert live.current.catalogue.is_allowed("new")
    assert live.lineup.candidate is None
    assert "is let go, for it cannot take an item that came" in caplog.text


def test_what_the_serving_bundle_refuses_changes_nothing_and_is_not_remembered(engine, registry, values):
    live = live_of(unchangeable(engine), registry, engine)
    obey(live, "prepare_bundle", name="second")
    before = live.lineup
    with pytest.raises(RequestError, match="takes no items"):
        obey(live, "put_item", item_id="new", values=values)
    assert live.lineup is before
    assert live._items.changes() == ()


def test_a_change_that_cannot_be_kept_is_made_nowhere(engine, registry, values):
    class Full(HeldChanges):
        def append(self, change):
            raise Unavailable("The disk is full.")

    live = LiveEngine(engine, Full())
    with pytest.raises(Unavailable, match="The disk is full"):
        obey(live, "put_item", item_id="new", values=values)
    assert not live.current.catalogue.is_allowed("new")


def test_items_that_come_while_a_bundle_is_opened_are_in_it(engine, registry, values):
    def open_slowly(_: Path) -> Engine:
        live.put("meanwhile", values)
        return engine

    live = LiveEngine(engine, shelf=BundleShelf(registry=registry, first="first", open=open_slowly))
    live.put("before", values)
    obey(live, "prepare_bundle", name="second")
    assert all(live.lineup.candidate.engine.catalogue.is_allowed(each) for each in ("before", "meanwhile"))


def test_items_that_come_while_a_bundle_catches_up_are_in_it(engine, registry, values, monkeypatch):
    live = live_of(engine, registry)
    live.put("before", values)
    with_items = Engine.with_items

    def and_another(self, items, cache=None):
        monkeypatch.setattr(Engine, "with_items", with_items)
        live.put("meanwhile", values)
        return with_items(self, items, cache)

    monkeypatch.setattr(Engine, "with_items", and_another)
    obey(live, "prepare_bundle", name="second")
    assert all(live.lineup.candidate.engine.catalogue.is_allowed(each) for each in ("before", "meanwhile"))


def test_a_new_bundle_knows_what_is_in_demand_as_the_serving_one_was_told_last(engine, registry):
    live, item = live_of(engine, registry), engine.catalogue.item_ids[-1]
    positive = engine.schema.events.positives[0]
    engine.state.append([Event(event_id="e", user_id="u", item_id=item, type=positive, at=engine.trained_until + 5)])
    live.follow_demand(engine.trained_until + 10)
    obey(live, "prepare_bundle", name="second")
    serving, candidate = live.lineup.serving.engine.stock, live.lineup.candidate.engine.stock
    assert engine.stock.live is None
    assert serving.live.weights.tolist() == candidate.live.weights.tolist()
    assert candidate.live.weights[-1] > 0


def test_a_folder_that_holds_another_bundle_by_now_is_refused(engine, registry, tmp_path):
    shutil.copytree(registry.folder / "first", tmp_path / "first")
    live = live_of(replace(engine, digest="e" * 64), Registry(tmp_path))
    with pytest.raises(BundleError, match="its folder holds another one by now"):
        obey(live, "prepare_bundle", name="first")


def test_an_order_that_nobody_knows_is_a_sentence(engine):
    with pytest.raises(RequestError, match="knows no order 'dance'"):
        obey(LiveEngine(engine), "dance")


def test_where_a_server_has_the_items_the_state_folder_is_not_read_and_that_is_said(engine, tmp_path, caplog):
    live = LiveEngine.open(engine, Settings(state=tmp_path, valkey_url="valkey://host"))
    assert live.current is engine
    assert f"what was said of them in {tmp_path} (WINNOW_STATE) is not read" in caplog.text
    assert list(tmp_path.iterdir()) == []


def test_orders_that_come_together_do_what_they_do_one_by_one(engine, registry, values):
    old, kept = engine.catalogue.item_ids[:2]
    orders = [
        Order(kind="put_item", told={"item_id": "new", "values": values}, at=LATE),
        Order(kind="withdraw_item", told={"item_id": old}, at=LATE),
        Order(kind="put_item", told={"item_id": kept, "values": values}, at=LATE),
        Order(kind="withdraw_item", told={"item_id": "nobody knows"}, at=LATE),
        Order(kind="put_item", told={"item_id": "early", "values": values}, at=0.0),
    ]
    alone, together = live_of(engine, registry), live_of(engine, registry)
    for order in orders:
        alone.obey(order)
    together.obey_together(orders)
    expected, found = alone.current.catalogue, together.current.catalogue
    assert found.item_ids == expected.item_ids
    # A product of matrices sums in an order that depends on how many rows there are.
    np.testing.assert_allclose(found.tower, expected.tower, atol=1e-6)
    np.testing.assert_array_equal(found.allowed, expected.allowed)
    assert together._items.changes() == alone._items.changes()


def test_of_orders_that_come_together_none_is_carried_out_where_one_cannot_be(engine, registry, values):
    live = live_of(engine, registry)
    orders = [
        Order(kind="put_item", told={"item_id": name, "values": told}, at=LATE)
        for name, told in (("good", values), ("bad", {**values, "price": "dear"}))
    ]
    with pytest.raises(RequestError, match="'price'"):
        live.obey_together(orders)
    assert live.current is engine
    assert live._items.changes() == ()
