from pathlib import Path

import pytest

from tests.valkey_server import PATIENT_S, valkey_server
from winnow.cli.state import state_items
from winnow.schema.errors import SettingsError
from winnow.serving.items.item_changes import ItemChanges
from winnow.serving.orders.lasting_orders import subject_of
from winnow.serving.orders.order import Order
from winnow.serving.orders.written_order import written_order
from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_orders import ValkeyOrders


def put(item_id: str, at: float, **values: object) -> Order:
    return Order(kind="put_item", told={"item_id": item_id, "values": values}, at=at)


def gone(item_id: str, at: float) -> Order:
    return Order(kind="withdraw_item", told={"item_id": item_id}, at=at)


def test_what_a_server_was_told_of_items_is_in_the_next_data_set_and_is_copied_once(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "changes"
    with valkey_server(tmp_path) as server:
        monkeypatch.setenv("WINNOW_VALKEY_URL", server.url)
        client = ValkeyClient(server.url, read_timeout_s=PATIENT_S)
        orders = ValkeyOrders(client=client)

        def copied(*given: Order) -> str:
            for each in given:
                orders.give(subject_of(each), written_order(each))
            state_items(folder)
            return capsys.readouterr().out

        promoted = Order(kind="switch_bundle", told={"name": "b"}, at=1.0)
        first = copied(
            put("a", 1.0, title="ä"), promoted, put("b", 2.0, picture=b"\xff"), gone("c", 3.0), put("a", 4.0)
        )
        assert first.startswith("Copied 3 changes of items to ")
        assert copied().startswith("Copied 0 changes")
        assert copied(gone("b", 5.0)).startswith("Copied 1 changes")
        client.close()
    changes = ItemChanges.read(folder)
    assert list(changes.given) == ["b", "a"]
    assert changes.given["b"].with_pictures(changes.pictures.read) == {"picture": b"\xff"}
    assert changes.withdrawn == {"b", "c"}


def test_without_a_server_there_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("WINNOW_VALKEY_URL", raising=False)
    with pytest.raises(SettingsError, match="WINNOW_VALKEY_URL"):
        state_items(tmp_path / "changes")
    assert not (tmp_path / "changes").exists()
