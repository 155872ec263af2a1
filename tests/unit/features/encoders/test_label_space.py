from collections.abc import Collection

import numpy as np
import pytest

from winnow.features.encoders import label_space
from winnow.features.encoders.label_space import LabelSpace
from winnow.features.encoders.picture_statistics import PictureStatistics
from winnow.features.encoders.text_batches import text_batches
from winnow.features.encoders.zero_shot import zero_shot
from winnow.schema.errors import EncoderError
from winnow.schema.progress import silent

LABELS = ["red", "green", "blue"]


class FirstWord:
    """A `TextEncoder` that knows three words, and of a text reads how often each occurs."""

    id, width = "first-word", 3

    def encode(self, contents, batch_size=32, progress=silent):
        return text_batches(self._vectors, contents, self.width, batch_size, progress)

    def _vectors(self, texts):
        return np.array([[text.split().count(word) for word in LABELS] for text in texts], np.float32)


SPACE = LabelSpace(items=FirstWord(), labels=FirstWord(), scale=10.0, templates=("{label}",))
ITEMS = ["blue lamp", None, "green green blue", "lamp", " ", "red", "red red green"]


def test_every_item_gets_the_label_that_was_planted_in_it_and_none_where_nothing_is_known():
    found = SPACE.suggest(ITEMS, LABELS, k=1)
    assert found.labels[:, 0].tolist() == [2, -1, 1, -1, -1, 0, 0]


@pytest.mark.parametrize("at_once", [1, 2, 6, 7, 100])
def test_items_in_pieces_get_what_they_get_together(at_once, monkeypatch):
    whole = zero_shot(
        np.array([[0, 0, 1], [0, 0, 0], [0, 2, 1], [0, 0, 0], [0, 0, 0], [1, 0, 0], [2, 1, 0]]), np.eye(3), 2, 10
    )
    monkeypatch.setattr(label_space, "ITEMS_AT_ONCE", at_once)
    found = SPACE.suggest(ITEMS, LABELS, k=2)
    np.testing.assert_array_equal(found.labels, whole.labels)
    np.testing.assert_allclose(found.scores, whole.scores, atol=1e-6)
    np.testing.assert_allclose(found.cosines, whole.cosines, atol=1e-6)


def test_progress_rises_to_the_number_of_items(monkeypatch):
    monkeypatch.setattr(label_space, "ITEMS_AT_ONCE", 3)
    heard = []
    SPACE.suggest(ITEMS, LABELS, progress=lambda *step: heard.append(step))
    assert heard == [("texts encoded", 3, 7), ("texts encoded", 6, 7), ("texts encoded", 7, 7)]


class OneByOne(Collection):
    """Texts that can be gone through once, and tell how many of them are held."""

    def __init__(self, texts):
        self.texts, self.handed = texts, 0

    def __len__(self):
        return len(self.texts)

    def __contains__(self, text):
        raise AssertionError("nobody needs to look")

    def __iter__(self):
        assert not self.handed
        for text in self.texts:
            self.handed += 1
            yield text


@pytest.mark.parametrize(
    ("items", "size", "wanted"), [(3, 1 << 20, [3, 6, 7]), (100, 20, [3, 7]), (2, 1, [1, 3, 4, 5, 6, 7])]
)
def test_contents_are_read_as_they_are_encoded_and_a_piece_ends_at_its_items_or_bytes(items, size, wanted, monkeypatch):
    monkeypatch.setattr(label_space, "ITEMS_AT_ONCE", items)
    monkeypatch.setattr(label_space, "BYTES_AT_ONCE", size)
    contents, handed = OneByOne(ITEMS), []

    class Watched(FirstWord):
        def encode(self, contents_, batch_size=32, progress=silent):
            handed.append(contents.handed)
            return super().encode(contents_, batch_size, progress)

    space = LabelSpace(items=Watched(), labels=FirstWord(), scale=10.0, templates=("{label}",))
    found = space.suggest(contents, LABELS, k=2)
    assert handed == wanted
    np.testing.assert_array_equal(found.labels, SPACE.suggest(ITEMS, LABELS, k=2).labels)


def test_no_items_get_nothing():
    assert SPACE.suggest([], LABELS, k=2).labels.shape == (0, 2)


def test_no_labels_are_refused():
    with pytest.raises(EncoderError, match="no labels to choose from"):
        SPACE.suggest(ITEMS, [])


def test_pictures_that_lie_in_another_space_than_labels_are_refused(png):
    space = LabelSpace(items=PictureStatistics(), labels=FirstWord(), templates=("{label}",))
    with pytest.raises(EncoderError, match="encode both with one network"):
        space.suggest([png(200, 0, 0)], LABELS)
