"""An item comes over HTTP with a picture, is answered, outlives a restart, and is known to the next bundle."""

from base64 import b64decode
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.integration.test_live_items import everything, service
from tests.trained_shop import values_of_items, write_bundle
from winnow.cli.main import app
from winnow.data.open_dataset import open_dataset
from winnow.engine.open_engine import open_engine

NEW = "brand new"


@pytest.fixture(scope="module")
def gone(shop: Path) -> str:
    """An item that events name."""
    return open_dataset(shop).events["item_id"][-1].as_py()


@pytest.fixture(scope="module")
def sent(shop: Path, gone: str) -> dict:
    values = values_of_items(shop)
    picture = next(each["picture"] for item_id, each in values.items() if item_id != gone)
    return {**values[gone], "title": "Quite a new thing", "description": "Nobody had one.", "picture": picture}


@pytest.fixture(scope="module")
def state(bundle: Path, sent: dict, gone: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of a service that was told of both."""
    folder = tmp_path_factory.mktemp("service") / "state"
    with service(open_engine(bundle), folder) as client:
        client.put_item(NEW, {**sent, "picture": b64decode(sent["picture"])})
        client.withdraw_item(gone)
    return folder


@pytest.fixture(scope="module")
def imported(shop: Path, state: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data set that `winnow data import --changes` makes of the shop."""
    folder = tmp_path_factory.mktemp("imported") / "shop"
    answer = CliRunner().invoke(app, ["data", "import", str(shop), "--changes", str(state), "--out", str(folder)])
    assert answer.exit_code == 0, answer.output
    assert f"items: 1 changed over HTTP: added (first: {NEW})" in answer.output
    return folder


def test_the_service_answers_the_item_and_goes_on_to_after_a_restart(bundle, state, sent, gone):
    for _ in range(2):
        with service(open_engine(bundle), state) as client:
            items = everything(client)
            assert items[NEW]["title"] == sent["title"]
            assert gone not in items
            alike = client.similar(NEW, k=3, by="picture")["items"]
            assert alike[0]["score"] == pytest.approx(1, abs=1e-5)


def test_the_data_set_has_the_item_with_its_picture_and_keeps_the_withdrawn_one_for_its_events(
    imported, shop, sent, gone
):
    before, dataset = open_dataset(shop), open_dataset(imported)
    rows = {row["item_id"]: row for row in dataset.items.to_pylist()}
    assert (dataset.media / rows[NEW]["picture"]).read_bytes() == b64decode(sent["picture"])
    assert {item_id for item_id, row in rows.items() if row["available"] is False} == {gone}
    assert dataset.events.equals(before.events)
    for item_id, name in zip(*(before.items[each].to_pylist() for each in ("item_id", "picture")), strict=True):
        assert (dataset.media / rows[item_id]["picture"]).read_bytes() == (before.media / name).read_bytes()


@pytest.mark.slow  # it trains
def test_the_next_bundle_knows_the_item_and_recommends_it_and_not_the_withdrawn_one(imported, sent, gone, tmp_path):
    write_bundle(imported, tmp_path / "bundle")
    engine = open_engine(tmp_path / "bundle")
    catalogue = engine.catalogue
    assert (catalogue.allowed[catalogue.row(NEW)], catalogue.allowed[catalogue.row(gone)]) == (True, False)
    assert (~catalogue.allowed).sum() == 1
    with service(engine, tmp_path / "state") as client:
        items = everything(client)
        assert set(items) == {*catalogue.item_ids} - {gone}
        assert items[NEW]["title"] == sent["title"]
        assert client.similar(NEW, k=1, by="picture")["items"][0]["score"] == pytest.approx(1, abs=1e-5)
        client.put_item(gone, {**sent, "available": True})
        assert gone in everything(client)
        client.put_item(gone, {**sent, "available": False})
        assert gone not in everything(client)
