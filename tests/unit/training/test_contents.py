"""What encoders make of items: kept, told of when broken, and fitted on what training may know."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from winnow.data.dataset import Dataset
from winnow.data.report import DataReport
from winnow.features.encoders.encoded import Encoded
from winnow.features.encoders.picture_statistics import PictureStatistics
from winnow.features.encoders.vector_cache import VectorCache
from winnow.schema.errors import DataError, EncoderError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.progress import Progress, silent
from winnow.schema.schema import Events, Schema
from winnow.schema.transform import ImageVector, TextVector, Vocabulary
from winnow.training import contents as module
from winnow.training.contents import Contents, EncodersConfig, encode_contents
from winnow.training.training_set import training_set

FRONT = Feature(name="front", entity=Entity.ITEM, kind=Kind.IMAGE, transform=ImageVector(width=3))
BACK = replace(FRONT, name="back", column="back")
WORDS = Feature(name="words", entity=Entity.ITEM, kind=Kind.TEXT, transform=TextVector(width=2))
ITEM_ID = Feature(name="item_id", entity=Entity.ITEM, kind=Kind.ID, transform=Vocabulary())
COLOURS = {"red": (200, 10, 10), "green": (10, 200, 10), "blue": (10, 10, 200), "grey": (90, 90, 90)}
FILES = ("red.png", "green.png", "blue.png", "grey.png")
TEXTS = ("a red shoe", None, "a blue lamp", "a red shoe")


def png(colour: Sequence[int]) -> bytes:
    content = BytesIO()
    Image.new("RGB", (24, 16), tuple(colour)).save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, colour in COLOURS.items():
        (folder / f"{name}.png").write_bytes(png(colour))
    return folder


def shop(media: Path | None, features: Sequence[Feature], files: Sequence[str | None] = FILES) -> Dataset:
    """Two users and as many items as there are names of files; the last item is new."""
    items = [f"item-{row}" for row in range(len(files))]
    clicks = {"item_id": items[:-1] * 2, "user_id": ["u"] * (len(items) - 1) + ["v"] * (len(items) - 1)}
    return Dataset(
        schema=Schema(features=(ITEM_ID, *features), events=Events(positives=("click",))),
        users=pa.table({"user_id": pa.array([], pa.string())}),
        items=pa.table({"item_id": items, "front": files, "back": files[::-1], "words": (TEXTS * 3)[: len(items)]}),
        events=pa.table(
            {**clicks, "event_type": pa.repeat("click", 2 * len(items) - 2), "at": np.arange(2.0 * len(items) - 2)}
        ),
        report=DataReport(rows_read={}, rows_kept={}),
        source="a test",
        media=media,
    )


@dataclass
class Recorder:
    """An encoder of texts or pictures, by the spread of their bytes, that remembers what it was asked."""

    id: str = "recorder 1"
    width: int = 6
    batches: list[int] = field(default_factory=list)
    seen: list[str | bytes] = field(default_factory=list)

    def encode(self, contents: Sequence[str | bytes], batch_size: int = 32, progress: Progress = silent) -> Encoded:
        self.batches.append(len(contents))
        self.seen += contents
        raw = [np.frombuffer(each.encode() if isinstance(each, str) else each, np.uint8) for each in contents]
        spread = np.array([np.bincount(each % self.width, minlength=self.width) for each in raw], np.float32)
        progress("contents encoded", len(contents), len(contents))
        return Encoded(vectors=spread / np.linalg.norm(spread, axis=1, keepdims=True), problems={})


@pytest.fixture
def cache(tmp_path: Path) -> VectorCache:
    return VectorCache(file=tmp_path / "cache" / "vectors.arrow")


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Stands for every encoder that a recipe may name."""
    recorder = Recorder()
    monkeypatch.setattr(module, "open_text_encoder", lambda _: recorder)
    monkeypatch.setattr(module, "open_image_encoder", lambda _: recorder)
    return recorder


def encoded(dataset: Dataset, cache: VectorCache, config: EncodersConfig | None = None) -> Contents:
    return encode_contents(dataset, config or EncodersConfig(), cache, silent)


def vectors(contents: Contents, name: str) -> np.ndarray:
    column = contents.columns[name]
    return column.vectors.take(np.arange(len(column.vectors)))


def test_pictures_go_through_the_embedded_encoder_item_by_item(media, cache):
    contents = encoded(shop(media, [FRONT]), cache)
    wanted = PictureStatistics().encode([(media / name).read_bytes() for name in FILES]).vectors
    np.testing.assert_array_equal(vectors(contents, "front"), wanted)
    assert contents.columns["front"].encoder == PictureStatistics.id
    assert contents.problems == []


def test_what_training_fits_itself_is_no_network_for_the_bundle(media, cache, recorder):
    dataset = shop(media, [FRONT, WORDS])
    assert encoded(dataset, cache).pretrained == {}
    both = encoded(dataset, cache, EncodersConfig(text="sentence-bert", image="clip"))
    assert both.pretrained == {Kind.TEXT: recorder, Kind.IMAGE: recorder}
    assert encoded(shop(media, [FRONT]), cache, EncodersConfig(text="clip", image="clip")).pretrained == {
        Kind.IMAGE: recorder
    }


def test_words_are_encoded_only_where_the_recipe_names_an_encoder(media, cache, recorder):
    dataset = shop(media, [WORDS])
    assert encoded(dataset, cache).columns == {}
    contents = encoded(dataset, cache, EncodersConfig(text="sentence-bert"))
    assert recorder.seen == ["a red shoe", "a blue lamp"], "equal texts once, and no text is not asked for"
    found = vectors(contents, "words")
    np.testing.assert_array_equal(found[0], found[3])
    assert not found[1].any()


def test_where_nothing_is_encoded_no_file_is_made_and_no_encoder_opened(media, cache, monkeypatch):
    for name in ("open_text_encoder", "open_image_encoder"):
        monkeypatch.setattr(module, name, lambda _: pytest.fail("opened"))
    shown = replace(FRONT, transform=None)
    contents = encoded(shop(None, [WORDS, shown]), cache)
    assert (contents.columns, contents.pretrained, contents.problems) == ({}, {}, [])
    assert not cache.file.parent.exists()


def test_the_next_training_encodes_only_what_is_new(media, cache, recorder):
    config = EncodersConfig(text="sentence-bert", image="clip")
    first = encoded(shop(media, [FRONT, BACK, WORDS]), cache, config)
    assert len(recorder.seen) == 2 + 4, "both features read the same four files"
    (media / "grey.png").write_bytes(png((9, 9, 9)))
    recorder.seen.clear()
    second = encoded(shop(media, [FRONT, BACK, WORDS]), VectorCache(file=cache.file), config)
    assert recorder.seen == [png((9, 9, 9))]
    for name in ("front", "words"):
        np.testing.assert_array_equal(vectors(first, name)[:3], vectors(second, name)[:3])
    np.testing.assert_array_equal(vectors(second, "back"), vectors(second, "front")[::-1])


def test_what_cannot_be_read_is_named_by_item_and_feature_and_counts_as_missing(media, cache):
    (media / "green.png").write_bytes(b"no picture")
    contents = encoded(shop(media, [FRONT], ["red.png", "green.png", None, "gone.png"]), cache)
    assert [len(row.nonzero()[0]) > 0 for row in vectors(contents, "front")] == [True, False, False, False]
    assert contents.columns["front"].vectors.present.tolist() == [True, False, False, False]
    broken, gone = contents.problems
    assert broken.startswith("Item 'item-1', feature 'front': The picture cannot be read (")
    assert gone == "Item 'item-3', feature 'front': The picture 'gone.png' cannot be read: No such file or directory."


def test_each_feature_tells_of_its_own_items(media, cache):
    contents = encoded(shop(media, [FRONT, BACK], ["red.png", "green.png", "blue.png", "../secret.png"]), cache)
    assert [each.partition(":")[0] for each in contents.problems] == [
        "Item 'item-3', feature 'front'",
        "Item 'item-0', feature 'back'",
    ]
    assert "not relative to the folder" in contents.problems[0]


def test_pictures_without_a_folder_are_refused_before_an_encoder_is_opened(cache, monkeypatch):
    monkeypatch.setattr(module, "open_image_encoder", lambda _: pytest.fail("opened"))
    with pytest.raises(DataError, match="The feature 'front' is an image, and the data set a test names no folder"):
        encoded(shop(None, [FRONT]), cache)
    assert not cache.file.parent.exists()


def test_an_encoder_that_is_not_there_is_a_sentence(media, cache):
    with pytest.raises(EncoderError, match="'word2vec' is no encoder of pictures"):
        encoded(shop(media, [FRONT]), cache, EncodersConfig(image="word2vec"))
    with pytest.raises(EncoderError, match="'word2vec' is no encoder of texts"):
        encoded(shop(media, [WORDS]), cache, EncodersConfig(text="word2vec"))


def test_pictures_are_encoded_in_parts_so_that_few_are_in_memory(media, tmp_path, recorder):
    files = []
    for number in range(10):
        files.append(f"{number}.png")
        (media / files[-1]).write_bytes(png((number, 2 * number, 200)))
    small = VectorCache(file=tmp_path / "vectors.arrow", part_items=3)
    encode_contents(shop(media, [FRONT], files), EncodersConfig(), small, silent)
    assert recorder.batches == [3, 3, 3, 1]


def test_progress_counts_items_to_their_end(media, cache):
    told = []
    encode_contents(shop(media, [FRONT]), EncodersConfig(), cache, lambda *step: told.append(step))
    assert told == [("pictures encoded", 4, 4)]


def projection(dataset: Dataset, cache: VectorCache):
    """What training fits on the pictures, and all that it reads."""
    data = training_set(dataset, dataset.events, encoded(dataset, cache))
    (fitted,) = [each for each in data.fitted[Entity.ITEM].features if each.name == "front"]
    return data, fitted.transform


def test_a_projection_is_of_the_pictures_of_training_items_and_never_of_a_new_ones(media, cache, recorder):
    data, before = projection(shop(media, [FRONT]), cache)
    (media / "grey.png").write_bytes(png((255, 255, 0)))
    changed, after = projection(shop(media, [FRONT]), cache)
    for name in ("mean", "components", "explained"):
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name))
    np.testing.assert_array_equal(data.items.vectors["front"][:3], changed.items.vectors["front"][:3])
    assert (data.items.vectors["front"][3] != changed.items.vectors["front"][3]).any(), "it is projected all the same"


def test_the_projection_is_the_principal_components_of_training_pictures(media, cache, recorder):
    _, fitted = projection(shop(media, [FRONT]), cache)
    known = recorder.encode([(media / name).read_bytes() for name in FILES[:3]]).vectors.astype(np.float64)
    _, strengths, directions = np.linalg.svd(known - known.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(fitted.mean, known.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(np.abs(directions[:2] @ fitted.components), np.eye(2), atol=1e-4)
    np.testing.assert_allclose(fitted.explained, (strengths**2 / (strengths**2).sum())[:2], atol=1e-5)


def test_a_training_items_picture_does_change_the_projection(media, cache, recorder):
    _, before = projection(shop(media, [FRONT]), cache)
    (media / "red.png").write_bytes(png((255, 255, 0)))
    _, after = projection(shop(media, [FRONT]), cache)
    assert np.abs(before.mean - after.mean).max() > 1e-3


def test_an_item_without_a_picture_is_the_zero_vector_for_models(media, cache, recorder):
    data, _ = projection(shop(media, [FRONT], ["red.png", "green.png", "gone.png", None]), cache)
    assert data.items.vectors["front"].any(axis=1).tolist() == [True, True, False, False]


@pytest.mark.usefixtures("recorder")
def test_a_shop_in_which_no_picture_of_a_training_item_can_be_read_is_refused_in_a_sentence(media, cache):
    with pytest.raises(EncoderError, match=r"at least two training items with different vectors; 0 have one\."):
        projection(shop(media, [FRONT], ["gone.png", "gone.png", "gone.png", "red.png"]), cache)
