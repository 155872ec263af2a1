from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.unit.serving.conftest import KEY, Caller
from tests.unit.serving.small_engine import ITEM_IDS, small_engine
from winnow.engine.engine import Engine
from winnow.schema.errors import DataError, SettingsError, Unavailable
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Schema
from winnow.schema.transform import ImageVector
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.app import create_app
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.errors import ApiError
from winnow.serving.items.held_changes import HeldChanges
from winnow.serving.items.item_change import ItemChange
from winnow.serving.items.picture_files import PictureFiles
from winnow.serving.routes import picture_route
from winnow.serving.routes.picture_route import PictureRoute
from winnow.serving.settings.settings import Settings

PICTURED = Schema(
    features=(Feature(name="look", entity=Entity.ITEM, kind=Kind.IMAGE, transform=ImageVector(), card=True),)
)


def png(shade: int) -> bytes:
    file = BytesIO()
    Image.new("L", (8, 8), shade).save(file, "PNG")
    return file.getvalue()


def pictured(names: dict[int, str | None]) -> Engine:
    """The small shop, whose cards name files."""
    engine = small_engine()
    cards = tuple({"title": f"Item {row}", "look": names.get(row)} for row in range(len(ITEM_IDS)))
    return replace(engine, schema=PICTURED, catalogue=replace(engine.catalogue, cards=cards))


def shop(engine: Engine, media: Path | None, **settings) -> Caller:
    return Caller(create_app(engine, Settings(media=media, **settings)))


def refusal(caller: Caller, item_id: str) -> str:
    answer = caller.get(f"/v1/items/{item_id}/picture")
    assert answer.status_code == 404
    return answer.json()["error"]["code"] + ": " + answer.json()["error"]["message"]


def test_a_picture_is_found_by_the_name_on_the_card_and_by_no_other(tmp_path):
    (tmp_path / "lamps").mkdir()
    (tmp_path / "lamps/red.PNG").write_bytes(png(1))
    (tmp_path / "item-1.png").write_bytes(png(2))
    caller = shop(pictured({0: "lamps/red.PNG"}), tmp_path)
    answer = caller.get("/v1/items/item-0/picture")
    assert (answer.status_code, answer.content) == (200, png(1))
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "private, max-age=300"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "no_picture: There is no picture of the item with the text 'item-1' for its id" in refusal(caller, "item-1")


def test_where_cards_name_none_files_are_called_by_ids(tmp_path):
    (tmp_path / "item-1.gif").write_bytes(png(2))
    answer = shop(small_engine(), tmp_path).get("/v1/items/item-1/picture")
    assert (answer.content, answer.headers["content-type"]) == (png(2), "image/png")


def test_who_has_the_picture_already_is_told_so_in_a_word(tmp_path):
    (tmp_path / "item-1.png").write_bytes(png(2))
    caller = shop(small_engine(), tmp_path)
    tag = caller.get("/v1/items/item-1/picture").headers["etag"]
    for known, status in ((tag, 304), (f'"other", W/{tag}', 304), ("*", 304), ('"other"', 200), (tag[:-2], 200)):
        answer = caller.get("/v1/items/item-1/picture", headers={"If-None-Match": known})
        assert (answer.status_code, answer.headers["etag"]) == (status, tag), known
        assert answer.content == (b"" if status == 304 else png(2))
    (tmp_path / "item-1.png").write_bytes(png(3))
    assert caller.get("/v1/items/item-1/picture").headers["etag"] != tag


@pytest.mark.parametrize(
    "name", ["../secret.png", "out.png", "/etc/hostname", "a\0b.png", "no.png", ".", "http://x/a.png"]
)
def test_nothing_outside_of_the_folder_is_answered(tmp_path, name):
    media = tmp_path / "media"
    media.mkdir()
    (tmp_path / "secret.png").write_bytes(png(9))
    (media / "out.png").symlink_to(tmp_path / "secret.png")
    assert refusal(shop(pictured({0: name}), media), "item-0").startswith("no_picture")
    by_id = small_engine()
    ids = (name.removesuffix(".png"), *ITEM_IDS[1:])
    catalogue = replace(by_id.catalogue, item_ids=ids, known_hashes=None)
    caller = shop(replace(by_id, catalogue=catalogue), media)
    quoted = ids[0].replace("/", "%2F").replace("\0", "%00").replace(".", "%2E")
    assert refusal(caller, quoted).startswith("no_picture")


def test_an_item_that_is_not_in_the_shop_has_no_picture_though_there_is_a_file(tmp_path):
    for each in ("item-7", "stranger"):
        (tmp_path / f"{each}.png").write_bytes(png(2))
        assert refusal(shop(small_engine(), tmp_path), each).startswith("no_such_item")


def test_what_is_no_picture_or_too_large_is_not_shown(tmp_path, monkeypatch):
    caller = shop(small_engine(), tmp_path)
    (tmp_path / "item-0.png").write_bytes(b"<script>alert(1)</script>" * 3)
    assert "its file is no JPEG, PNG, WebP or GIF" in refusal(caller, "item-0")
    (tmp_path / "item-1.png").write_bytes(png(1))
    monkeypatch.setattr(picture_route, "MAX_PICTURE_PIXELS", 63)
    assert "larger than the 8,388,608 bytes and 63 pixels" in refusal(caller, "item-1")
    monkeypatch.setattr(picture_route, "MAX_PICTURE_PIXELS", 64)
    assert caller.get("/v1/items/item-1/picture").status_code == 200
    monkeypatch.setattr(picture_route, "MAX_PICTURE_BYTES", len(png(1)) - 1)
    assert "larger" in refusal(caller, "item-1")


def test_an_id_may_end_with_the_word_itself(tmp_path):
    engine = small_engine()
    catalogue = replace(engine.catalogue, item_ids=("a/picture", *ITEM_IDS[1:]), known_hashes=None)
    caller = shop(replace(engine, catalogue=catalogue), tmp_path)
    assert caller.get("/v1/items/a%2Fpicture").json()["item_id"] == "a/picture"
    assert refusal(caller, "a%2Fpicture").startswith("no_picture")


def test_without_a_folder_there_are_none_and_one_that_is_not_there_stops_the_start(tmp_path):
    assert "WINNOW_MEDIA" in refusal(shop(small_engine(), None), "item-0")
    with pytest.raises(SettingsError, match=r"WINNOW_MEDIA is .*, which is no folder"):
        shop(small_engine(), tmp_path / "nowhere")


def test_strangers_elsewhere_need_a_key():
    app = create_app(small_engine(), Settings(key_hashes=hashed_keys((KEY,))))
    assert Caller(app, "10.0.0.9").get("/v1/items/item-0/picture").status_code == 401


class Damaged(HeldChanges):
    def values_of(self, change: ItemChange) -> dict:
        raise DataError("The picture /secret/place is damaged.")


@pytest.mark.parametrize(
    ("values", "at", "shown"),
    [
        ({"look": png(5)}, 20.0, png(5)),
        ({"look": "iVBORw0KGgo="}, 20.0, None),
        ({"title": "without"}, 20.0, None),
        ({"look": png(5)}, 5.0, png(1)),
    ],
    ids=["sent", "sent in base64 and cut", "replaced without one", "sent before the training"],
)
def test_what_was_sent_with_an_item_after_the_training_comes_before_the_folder(tmp_path, values, at, shown):
    (tmp_path / "0.png").write_bytes(png(1))
    memory = HeldChanges()
    live = LiveEngine(replace(pictured({0: "0.png"}), trained_until=10.0), memory)
    memory.append(ItemChange(item_id="item-0", values=values, at=at))
    route = PictureRoute(live=live, items=None, files=PictureFiles.open(tmp_path))
    if shown is None:
        with pytest.raises(ApiError, match="There is no picture"):
            route._picture("item-0")
    else:
        assert route._picture("item-0")[:2] == (shown, "image/png")


def test_a_sent_picture_that_is_damaged_is_told_without_its_place(caplog):
    memory = Damaged()
    live = LiveEngine(pictured({}), memory)
    memory.append(ItemChange(item_id="item-0", values={}, at=20.0))
    route = PictureRoute(live=live, items=None, files=None)
    with pytest.raises(Unavailable, match="that was sent with the text 'item-0' cannot be read now") as error:
        route._picture("item-0")
    assert "secret" not in str(error.value)
    assert "/secret/place" in caplog.text
