"""One feature: a raw column, whose it is, what it means, and how models read it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from winnow.schema.errors import SchemaError
from winnow.schema.transform import (
    Bucketise,
    CyclicalHour,
    CyclicalWeekday,
    HashBuckets,
    History,
    ImageVector,
    LogStandardise,
    PassThrough,
    Standardise,
    TextVector,
    Transform,
    Vocabulary,
)
from winnow.schema.window import Window


class Entity(StrEnum):
    """Whose feature it is: of the user, of the item, or of the request (a column of the event table)."""

    USER = "user"
    ITEM = "item"
    CONTEXT = "context"


class Kind(StrEnum):
    """What the raw values are."""

    ID = "id"
    CATEGORY = "category"
    NUMBER = "number"
    VECTOR = "vector"
    TIME = "time"
    TEXT = "text"
    IMAGE = "image"


# Names become inputs of models and entries of archives, so they must be safe everywhere.
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")

TRANSFORMS_OF_KIND: dict[Kind, tuple[type[Transform], ...]] = {
    Kind.ID: (Vocabulary, HashBuckets, History),
    Kind.CATEGORY: (Vocabulary, HashBuckets),
    Kind.NUMBER: (Standardise, LogStandardise, Bucketise),
    Kind.VECTOR: (PassThrough,),
    Kind.TIME: (CyclicalHour, CyclicalWeekday),
    Kind.TEXT: (TextVector,),
    Kind.IMAGE: (ImageVector,),
}

FILTERABLE = (Kind.CATEGORY, Kind.ID, Kind.NUMBER, Kind.TIME)
"""Kinds of which a request can say what it wants."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A feature, declared once; model inputs, cards and request models follow from it.

    Attributes:
        name: name of the model input; unique within the schema; 1 to 64 ASCII letters, digits, _ and -.
        entity: whose it is.
        kind: what the raw values are.
        transform: how models read it; None for a column that is only shown on cards.
        column: raw column, the name by default; several features may read one column. Of an image it holds names of
            files in the data set's folder of pictures.
        width: length of a raw vector (kind VECTOR only).
        card: whether the raw value is part of an item's card in answers.
        filterable: whether a request may ask for items by the raw value (items only; a category, an id, a number or a
            time).
        window: how the raw value is computed of what the user did; None where a table and a request bring it. Of the
            context only, a category or an id.
    """

    name: str
    entity: Entity
    kind: Kind
    transform: Transform | None = None
    column: str = ""
    width: int = 1
    card: bool = False
    filterable: bool = False
    window: Window | None = None

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise SchemaError(
                f"'{self.name[:80]}' cannot be the name of a feature; a name has 1 to 64 characters of A-Z, a-z, 0-9, "
                "_ and -. Choose one, and write what the table calls it under 'column'."
            )
        object.__setattr__(self, "column", self.column or self.name)
        allowed = TRANSFORMS_OF_KIND[self.kind]
        if self.transform is not None and not isinstance(self.transform, allowed):
            wanted = ", ".join(each.__name__ for each in allowed)
            raise SchemaError(
                f"Feature '{self.name}' of kind '{self.kind}' has the transform "
                f"{type(self.transform).__name__}; that kind takes: {wanted}."
            )
        if isinstance(self.transform, PassThrough | TextVector | ImageVector) and self.entity is not Entity.ITEM:
            raise SchemaError(
                f"Feature '{self.name}' of the {self.entity} becomes a vector, and models read vectors of items only; "
                "take its transform away, or use another kind."
            )
        if self.width < 1:
            raise SchemaError(f"Feature '{self.name}' has width {self.width}; at least 1 is wanted.")
        if self.width != 1 and self.kind is not Kind.VECTOR:
            raise SchemaError(f"Feature '{self.name}' has width {self.width}; only a vector has a width other than 1.")
        if self.card and self.entity is not Entity.ITEM:
            raise SchemaError(f"Feature '{self.name}' of the {self.entity} cannot be on a card; cards show items.")
        if self.filterable and (self.entity is not Entity.ITEM or self.kind not in FILTERABLE):
            raise SchemaError(
                f"Feature '{self.name}' of the {self.entity}, of kind '{self.kind}', cannot be filterable; requests "
                f"filter items, by: {', '.join(FILTERABLE)}."
            )
        _check_window(self)


def _check_window(feature: Feature) -> None:
    if feature.window is None:
        return
    name = f"Feature '{feature.name}' of the {feature.entity}, of kind '{feature.kind}',"
    if feature.entity is not Entity.CONTEXT or feature.kind not in (Kind.CATEGORY, Kind.ID):
        raise SchemaError(
            f"{name} has a window; what a user did lately is a feature of the context, of kind category or id."
        )
    if feature.column != feature.name:
        raise SchemaError(
            f"{name} has a window and reads the column '{feature.column}'; what is computed is in no table, so leave "
            "'column' out."
        )
    if isinstance(feature.transform, History):
        raise SchemaError(f"{name} has a window and becomes a history; a window is one word: take one of them away.")
