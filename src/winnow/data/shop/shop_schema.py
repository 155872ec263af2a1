"""What the columns of the simulated shop mean."""

from dataclasses import replace

from winnow.data.dataset import AT
from winnow.data.shop.pictures import PICTURE_WIDTH
from winnow.data.shop.shop_spec import ShopSpec
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Events, EventType, Impressions, Schema
from winnow.schema.transform import (
    CyclicalHour,
    CyclicalWeekday,
    History,
    ImageVector,
    LogStandardise,
    PassThrough,
    Standardise,
    TextVector,
    Transform,
    Vocabulary,
)

MEDIA = "pictures"
"""Folder of the pictures of a shop that has them drawn."""


def _seen_and_asked_for(name: str, kind: Kind, transform: Transform) -> Feature:
    return Feature(name=name, entity=Entity.ITEM, kind=kind, transform=transform, card=True, filterable=True)


SHOP_SCHEMA = Schema(
    features=(
        Feature(name="user_id", entity=Entity.USER, kind=Kind.ID, transform=Vocabulary()),
        Feature(name="age", entity=Entity.USER, kind=Kind.NUMBER, transform=Standardise()),
        Feature(name="gender", entity=Entity.USER, kind=Kind.CATEGORY, transform=Vocabulary()),
        Feature(
            name="history", entity=Entity.USER, kind=Kind.ID, transform=History(length=50, types=(EventType.CLICK,))
        ),
        Feature(name="item_id", entity=Entity.ITEM, kind=Kind.ID, transform=Vocabulary()),
        _seen_and_asked_for("category", Kind.CATEGORY, Vocabulary()),
        _seen_and_asked_for("style", Kind.CATEGORY, Vocabulary()),
        _seen_and_asked_for("made_for", Kind.CATEGORY, Vocabulary()),
        _seen_and_asked_for("price", Kind.NUMBER, LogStandardise()),
        Feature(name="title", entity=Entity.ITEM, kind=Kind.TEXT, transform=TextVector()),
        Feature(name="description", entity=Entity.ITEM, kind=Kind.TEXT, transform=TextVector(), card=True),
        Feature(name="picture", entity=Entity.ITEM, kind=Kind.VECTOR, transform=PassThrough(), width=PICTURE_WIDTH),
        Feature(name="device_type", entity=Entity.CONTEXT, kind=Kind.CATEGORY, transform=Vocabulary()),
        Feature(name="hour", entity=Entity.CONTEXT, kind=Kind.TIME, transform=CyclicalHour(), column=AT),
        Feature(name="weekday", entity=Entity.CONTEXT, kind=Kind.TIME, transform=CyclicalWeekday(), column=AT),
    ),
    events=Events(time=AT, session="session_id"),
    impressions=Impressions(position="position", propensity="propensity"),
    title="title",
)
_DRAWN = Feature(name="picture", entity=Entity.ITEM, kind=Kind.IMAGE, transform=ImageVector(), card=True)


def shop_schema(spec: ShopSpec) -> Schema:
    """The schema of a shop: its pictures are files in the folder MEDIA, or vectors, see `ShopSpec.drawn`."""
    if not spec.drawn:
        return SHOP_SCHEMA
    return replace(SHOP_SCHEMA, features=tuple(_DRAWN if each.name == _DRAWN.name else each for each in SHOP_SCHEMA))
