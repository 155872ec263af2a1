"""Words and pictures of new items to vectors, by the encoders that training used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from winnow.features.encoders.encoder import PictureEncoder, TextEncoder
from winnow.features.encoders.open_exported import open_embedded, open_exported
from winnow.features.encoders.vector_cache import VectorCache
from winnow.features.fitted import FittedFeature
from winnow.schema.column import Array, Column, Masked, plain
from winnow.schema.errors import BundleError, EncoderError, RequestError, Unavailable
from winnow.schema.feature import Kind

PART_OF_KIND = {Kind.TEXT: "encoder_text", Kind.IMAGE: "encoder_image"}
"""Parts of a bundle that hold exported encoders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentEncoders:
    """Opens each encoder when the first content comes that it has to read.

    Networks are large, and many a service never needs them.

    Attributes:
        kinds: what each encoded feature reads, by name.
        parts: folders of exported encoders; the bundle may lack them.
    """

    kinds: Mapping[str, Kind]
    parts: Mapping[Kind, Path]
    _opened: dict[Kind, Any] = field(default_factory=dict[Kind, Any], init=False, repr=False)

    def __call__(
        self, features: tuple[FittedFeature, ...], columns: Mapping[str, Column], cache: VectorCache | None = None
    ) -> dict[str, Array]:
        """float32 [N, D] by feature name, zero where an item has no content; a feature that none has is left out.

        Args:
            features: those whose columns are encoded.
            columns: raw columns of N items: texts, or contents of image files.
            cache: of vectors by content; without one everything is encoded.

        Raises:
            RequestError: a picture or text cannot be read, or the bundle has no encoder for it.
            Unavailable: this installation lacks a package that the encoder needs.
            EncoderError: the cache cannot be used.
        """
        encoded = dict[str, Array]()
        for each in features:
            column = columns[each.column]
            if contents := _contents(column):
                encoded[each.name] = self._vectors(each, contents, len(column), cache)
        return encoded

    def _vectors(
        self, feature: FittedFeature, contents: Mapping[int, Any], num_rows: int, cache: VectorCache | None
    ) -> Array:
        encoder = self._encoder(feature)
        found, problems = _encoded(encoder, list(contents.values()), cache)
        rows = list(contents)
        if problems:
            place, problem = min(problems.items())
            where = f" of row {rows[place]}" if num_rows > 1 else ""
            raise RequestError(f"The item field '{feature.column}'{where} cannot be read: {problem}")
        vectors = np.zeros((num_rows, encoder.width), np.float32)
        vectors[rows] = found
        return vectors

    def _encoder(self, feature: FittedFeature) -> Any:
        """A `TextEncoder` or `PictureEncoder`, as the feature's kind is."""
        kind = self.kinds[feature.name]
        if kind not in self._opened:
            self._opened[kind] = self._open(kind)
        encoder = self._opened[kind]
        if encoder is None or encoder.id != feature.encoder:
            has = "none" if encoder is None else f"'{encoder.id}'"
            raise RequestError(
                f"The item field '{feature.column}' was read by the encoder '{feature.encoder}' in training, and here "
                f"is {has}. Send the item without it, or train again with the encoders in the bundle."
            )
        return encoder

    def _open(self, kind: Kind) -> TextEncoder | PictureEncoder | None:
        try:
            if kind in self.parts:
                return open_exported(self.parts[kind])
            return open_embedded() if kind is Kind.IMAGE else None
        except (BundleError, EncoderError) as error:
            raise Unavailable(str(error)) from error


def _encoded(encoder: Any, contents: list[Any], cache: VectorCache | None) -> tuple[Array, Mapping[int, str]]:
    """float32 [n, D], and sentences about what cannot be read, by place."""
    if cache is None:
        found = encoder.encode(contents)
        return found.vectors, found.problems
    kept = cache.encode(encoder, contents)
    return kept.vectors.take(np.arange(len(contents))), kept.problems


def _contents(column: Column) -> dict[int, Any]:
    """What there is, by row; text without a letter is none."""
    if isinstance(column, Masked):
        return {row: each for row, each in _contents(plain(column.values)).items() if column.present[row]}
    return {row: each for row, each in enumerate(plain(column)) if each is not None and each.strip()}
