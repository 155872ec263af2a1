"""Pictures of items come over HTTP, on a trained bundle: what is answered, refused, kept, and read again."""

import os
import struct
import zlib
from base64 import b64decode, b64encode
from pathlib import Path

import pytest

from tests.integration.test_live_items import NEW, everything, service
from tests.trained_shop import values_of_items
from winnow.engine.engine import Engine
from winnow.features.encoders.picture_statistics import PictureStatistics
from winnow.schema.errors import DataError, EncoderError, RequestError, Unavailable
from winnow.serving.engines import live_engine
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.items import item_replay
from winnow.serving.settings.settings import Settings


@pytest.fixture(scope="module")
def raw_items(shop: Path) -> dict[str, dict]:
    return values_of_items(shop)


@pytest.fixture(scope="module")
def twin(raw_items) -> str:
    """An item that no other looks like, as far as pictures tell."""
    return next(iter(raw_items))


def png(width: int, height: int) -> bytes:
    """A file of a few bytes that says it is of any size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_an_item_with_a_picture_is_similar_by_it_now_and_after_a_restart(engine, raw_items, twin, tmp_path):
    picture = b64decode(raw_items[twin]["picture"])
    with service(engine, tmp_path) as client:
        assert client.put_item(NEW, {**raw_items[twin], "picture": picture})["status"] == "created"
        assert client.put_item("same", raw_items[twin])["status"] == "created"
        before = client.similar(NEW, k=1000, by="picture")["items"]
        assert {"same", twin} <= {item["item_id"] for item in before if item["score"] > 0.999}
        assert picture not in str(client.item(NEW)).encode()
        assert client.item(NEW)["card"]["picture"] is None, "what was sent is no name of a file"
        assert client.picture(NEW) == picture
    log, kept = files(tmp_path)
    assert (tmp_path / log).stat().st_size < 2000
    assert (tmp_path / kept).read_bytes() == picture
    for _ in range(2):
        with service(engine, tmp_path) as client:
            after = client.similar(NEW, k=1000, by="picture")["items"]
            assert client.picture(NEW) == picture
        assert [(item["item_id"], item["score"]) for item in after] == [
            (item["item_id"], pytest.approx(item["score"], abs=1e-5)) for item in before
        ]


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (b"not an image", "'picture' cannot be read: The picture cannot be read"),
        (png(60_000, 60_000), r"'picture' cannot be read: The picture cannot be read \(DecompressionBombError\)"),
        (png(7_000, 7_000), "'picture' cannot be read: The picture has 7,000 x 7,000 pixels; at most"),
        (png(100, 100), "'picture' cannot be read: The picture cannot be read"),
        ("https://example.org/picture.png", r"'values\.picture' is the text 'https.*\. Addresses are not fetched"),
        ("no base64", r"'values\.picture' is the text 'no base64'; the content of a JPEG"),
        ({"sha256": "0" * 64}, r"'values\.picture' is an object with 1 fields"),
        (bytes(9 << 20), "larger than 12,233,388 bytes; send a smaller picture"),
        (bytes(8 << 20) + b"1", r"'values\.picture' is a picture of 8,388,609 bytes; at most 8,388,608"),
    ],
    ids=["rubbish", "bomb", "small bomb", "torn", "address", "text", "reference", "large body", "large picture"],
)
def test_a_wrong_picture_is_a_sentence_and_changes_nothing(engine, picture, words, tmp_path):
    # A 5xx would raise Unavailable, and fail the test.
    with service(engine, tmp_path) as client:
        with pytest.raises(RequestError, match=words):
            client.put_item(NEW, {"picture": picture})
        assert NEW not in everything(client)
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [0]


def test_a_picture_that_cannot_be_kept_is_no_item_and_may_be_sent_again(engine, raw_items, twin, tmp_path, monkeypatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with service(engine, tmp_path) as client:
        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", full)
            with pytest.raises(Unavailable, match=r"The picture cannot be written to .*: No space left on device\."):
                client.put_item(NEW, raw_items[twin])
        assert NEW not in everything(client)
        assert [(tmp_path / each).stat().st_size for each in files(tmp_path)] == [0]
        assert client.put_item(NEW, raw_items[twin])["status"] == "created"


def test_texts_keep_their_limit_and_objects_are_no_values(engine):
    with service(engine) as client:
        with pytest.raises(RequestError, match=r"'values\.title' has 20,001 characters; at most 20,000 are taken"):
            client.put_item(NEW, {"title": "x" * 20_001})
        for name in ("title", "price", "category", "description"):
            with pytest.raises(RequestError, match=f"'{name}' is "):
                client.put_item(NEW, {name: {"sha256": "0" * 64}})


def test_a_picture_longer_than_a_text_may_be_is_taken(engine, raw_items, twin):
    padded = b64decode(raw_items[twin]["picture"]) + bytes(2 << 20)
    with service(engine) as client:
        assert client.put_item(NEW, {"picture": b64encode(padded).decode()})["status"] == "created"
        assert client.similar(NEW, k=1, by="picture")["items"][0]["score"] > 0.999


def opened(engine: Engine, state: Path) -> Engine:
    live = LiveEngine.open(engine, Settings(state=state))
    live.close()
    return live.current


def put(engine: Engine, state: Path, items: dict[str, dict]) -> Engine:
    live = LiveEngine.open(engine, Settings(state=state))
    for item_id, values in items.items():
        live.put(item_id, values)
    live.close()
    return live.current


def pictured(raw_items, count: int) -> dict[str, dict]:
    some = list(raw_items.values())[:count]
    return {f"new {row}": {**each, "picture": b64decode(each["picture"])} for row, each in enumerate(some)}


def test_a_start_reads_few_pictures_at_once_and_encodes_none_twice(engine, raw_items, tmp_path, monkeypatch):
    told = put(engine, tmp_path, pictured(raw_items, 7))
    assert not (tmp_path / live_engine.VECTORS_FILE).exists()
    at_once, encoded = [], []
    with_items, encode = Engine.with_items, PictureStatistics.encode
    monkeypatch.setattr(item_replay, "AT_ONCE", 3)
    monkeypatch.setattr(
        Engine, "with_items", lambda self, items, cache: (at_once.append(len(items)), with_items(self, items, cache))[1]
    )
    monkeypatch.setattr(
        PictureStatistics, "encode", lambda self, some, *a: (encoded.append(len(some)), encode(self, some, *a))[1]
    )
    for expected in ([3, 3, 1], []):
        at_once.clear()
        encoded.clear()
        again = opened(engine, tmp_path)
        assert (at_once, encoded) == ([3, 3, 1], expected)
        assert again.catalogue.item_ids == told.catalogue.item_ids
        assert abs(again.catalogue.vectors["picture"] - told.catalogue.vectors["picture"]).max() < 1e-6
        assert abs(again.catalogue.tower - told.catalogue.tower).max() < 1e-5


def test_a_lost_picture_stops_the_start_with_item_and_file(engine, raw_items, tmp_path):
    put(engine, tmp_path, pictured(raw_items, 1))
    picture = next((tmp_path / "pictures").iterdir())
    picture.write_bytes(b"something else")
    for _ in range(2):  # and the lock is free again
        with pytest.raises(DataError, match=f"Of the item 'new 0', .*{picture.name} is damaged"):
            LiveEngine.open(engine, Settings(state=tmp_path))


def test_damaged_vectors_stop_the_start_with_the_file(engine, raw_items, tmp_path):
    put(engine, tmp_path, pictured(raw_items, 1))
    (tmp_path / live_engine.VECTORS_FILE).write_bytes(b"something else")
    with pytest.raises(EncoderError, match=r"vectors\.arrow"):
        LiveEngine.open(engine, Settings(state=tmp_path))


def test_an_item_that_was_withdrawn_needs_no_picture_any_more(engine, raw_items, tmp_path):
    put(engine, tmp_path, pictured(raw_items, 1))
    live = LiveEngine.open(engine, Settings(state=tmp_path))
    live.withdraw("new 0")
    live.close()
    next((tmp_path / "pictures").iterdir()).unlink()
    assert opened(engine, tmp_path).catalogue.row("new 0") == -1


def test_the_service_says_what_a_picture_is(engine):
    with service(engine) as client:
        described = client.call("GET", "/openapi.json")["paths"]["/v1/items/{item_id}"]["put"]
    assert "PNG, WebP or GIF file as base64 text, at most 8,388,608 bytes" in str(described["requestBody"])
