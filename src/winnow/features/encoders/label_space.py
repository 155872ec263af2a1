"""Where items and labels meet: an encoder of items, one of labels, and how steep scores are."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from winnow.features.encoders.encoder import PictureEncoder, TextEncoder
from winnow.features.encoders.label_vectors import FOR_TEXTS, label_vectors
from winnow.features.encoders.zero_shot import TEXT_SCALE, Suggestions, zero_shot
from winnow.schema.column import Array, Floats
from winnow.schema.errors import EncoderError
from winnow.schema.progress import Progress, silent

ITEMS_AT_ONCE, BYTES_AT_ONCE = 4096, 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSpace:
    """One space of items and labels.

    Attributes:
        items: what encodes items, by their texts or by their pictures.
        labels: what encodes labels into the same space.
        scale: of cosines in the softmax, the inverse of its temperature.
        templates: prompts that a label is put into.
    """

    items: TextEncoder | PictureEncoder
    labels: TextEncoder
    scale: float = TEXT_SCALE
    templates: Sequence[str] = FOR_TEXTS

    def suggest(
        self,
        contents: Collection[str | None] | Collection[bytes | None],
        labels: Sequence[str],
        k: int = 3,
        progress: Progress = silent,
    ) -> Suggestions:
        """The k best labels of each item; contents and vectors are held for some items at a time.

        Args:
            contents: of N items, texts or pictures as `items` encodes, None where there is none; gone through once, so
                they may be read as they come.
            labels: C texts, each once.
            k: at least 1.
            progress: hears of items encoded.

        Returns:
            [N, min(k, C)]; an item without content, or whose content gives no vector, has no label.

        Raises:
            EncoderError: there are no labels, or one cannot be encoded.
        """
        if not labels:
            raise EncoderError("There are no labels to choose from; name at least one.")
        vectors = label_vectors(self.labels, labels, self.templates)
        pieces = [zero_shot(np.zeros((0, vectors.shape[1]), np.float32), vectors, k, self.scale)]
        done = 0
        for piece in _pieces(contents):
            items = self._vectors(piece, _told(progress, done, len(piece), len(contents)))
            pieces.append(zero_shot(items, vectors, k, self.scale))
            done += len(piece)
        return _joined(pieces)

    def _vectors(self, contents: Sequence[Any], progress: Progress) -> Floats:
        vectors = np.zeros((len(contents), self.items.width), np.float32)
        there = [place for place, content in enumerate(contents) if content is not None]
        if there:
            encoder: Any = self.items
            vectors[there] = encoder.encode([contents[place] for place in there], progress=progress).vectors
        return vectors


def _pieces(contents: Collection[Any]) -> Iterator[list[Any]]:
    """All contents in order; a piece ends at so many items, or when it has so many bytes."""
    piece, size = list[Any](), 0
    for content in contents:
        piece.append(content)
        size += 0 if content is None else len(content)
        if len(piece) == ITEMS_AT_ONCE or size >= BYTES_AT_ONCE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _joined(pieces: Sequence[Suggestions]) -> Suggestions:
    columns: dict[str, Array] = {
        each.name: np.concatenate([getattr(piece, each.name) for piece in pieces]) for each in fields(Suggestions)
    }
    return Suggestions(**columns)


def _told(progress: Progress, start: int, here: int, total: int) -> Progress:
    """What an encoder tells of a piece, as told of the whole; those without content count as done at the end."""
    return lambda what, done, of: progress(what, start + (here if done == of else done), total)
