"""What a shop says of items becomes what the catalogue holds of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from winnow.engine.availability import is_available
from winnow.engine.content_encoders import ContentEncoders
from winnow.engine.item_vectors import ItemVectors
from winnow.features.columns import columns_from_values
from winnow.features.encoders.vector_cache import VectorCache
from winnow.features.filter_values import filter_values
from winnow.features.fitted import FittedFeatures
from winnow.features.value_column import value_column
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Column
from winnow.schema.errors import RequestError
from winnow.schema.feature import Entity, Kind
from winnow.schema.schema import Schema

Values = Mapping[str, Any]
"""JSON values of one item by raw column, pictures as bytes or base64; None or absent is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEncoder:
    """The item transforms and the item tower of the bundle, as training used them.

    An id that training did not know gets the code of unknown ones; training hides ids and content now and then, see
    `ItemDropout`, so that the tower knows what to make of an item without.

    Attributes:
        schema: of the bundle.
        fitted: its item features.
        contents: encoders of words and pictures.
        vectors_of: makes what is searched.
    """

    schema: Schema
    fitted: FittedFeatures
    contents: ContentEncoders
    vectors_of: ItemVectors
    items: Schema = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", self.schema.of(Entity.ITEM))

    @property
    def columns(self) -> tuple[str, ...]:
        """Raw columns that an item may bring; its id is not among them."""
        return tuple(name for name in self.schema.columns(Entity.ITEM) if name != self.schema.item_key)

    def __call__(self, items: Mapping[str, Values], cache: VectorCache | None = None) -> Catalogue:
        """The items by id, as a catalogue of their own.

        Args:
            items: values by id.
            cache: of vectors by content; without one everything is encoded.

        Raises:
            RequestError: a value is not what the schema says or cannot be read, or a column is not of the schema;
                names the field.
            Unavailable: this installation lacks a package that reads such content.
            EncoderError: the cache cannot be used.
        """
        rows, columns = self.read(items)
        arrays = self.fitted.packed(columns, len(rows), self.contents(self.fitted.encoded, columns, cache))
        return Catalogue(
            item_ids=tuple(items),
            codes=arrays.codes,
            values=arrays.values,
            vectors=arrays.vectors,
            tower=self.vectors_of(arrays),
            cards=tuple(self._card(row) for row in rows),
            allowed=np.array([self._is_available(row) for row in rows], bool),
            filters={
                each.name: filter_values(each, value_column([each], rows)) for each in self.items if each.filterable
            },
        )

    def read(self, items: Mapping[str, Values]) -> tuple[list[dict[str, Any]], Mapping[str, Column]]:
        """The items with their ids, and as raw columns; pictures and words are not looked into.

        Raises:
            RequestError: a value is not what the schema says, or a column is not of the schema; names the field.
        """
        for values in items.values():
            self._check(values)
        rows = [{**values, self.schema.item_key: item_id} for item_id, values in items.items()]
        return rows, columns_from_values(self.items, rows)

    def _check(self, values: Values) -> None:
        for name in values:
            if name not in self.columns:
                takes = ", ".join(self.columns)
                raise RequestError(f"The item field '{name[:60]}' is not known to the bundle; an item has: {takes}.")
        title = self.schema.title
        if title and not isinstance(values.get(title), str | None):
            raise RequestError(f"The item field '{title}' is not text; the title of an item is text, or absent.")
        for feature in self.items:
            if feature.transform is None:  # shown only, so that nothing else reads it
                value_column([feature], [values])

    def _is_available(self, row: Values) -> bool:
        column = self.schema.available
        return column is None or is_available(column, row.get(column))

    def _card(self, row: Values) -> dict[str, Any]:
        """As training makes cards of the item table, without pictures: here they are contents, not names of files."""
        shown = {feature.column: feature.column for feature in self.items if feature.card}
        if self.schema.title:
            shown = {self.schema.title: "title", **shown}
        pictures = {feature.column for feature in self.items if feature.kind is Kind.IMAGE}
        return {name: None if column in pictures else row.get(column) for column, name in shown.items()}
