"""Changes of items are made again, on another bundle or after a restart."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from winnow.engine.engine import Engine
from winnow.features.encoders.vector_cache import VectorCache
from winnow.serving.items.item_change import ItemChange
from winnow.serving.items.item_memory import ItemMemory

logger = logging.getLogger(__name__)

AT_ONCE = 64
"""Most items whose pictures are in memory at once."""


def replayed(
    engine: Engine, memory: ItemMemory, changes: Iterable[ItemChange], vectors: VectorCache | None = None
) -> Engine:
    """The engine after those of the changes that came after its training had read what was known.

    Args:
        engine: of a bundle.
        memory: has the values of the changes.
        changes: the last word on each item, in order.
        vectors: keeps what is encoded.

    Raises:
        RequestError: the bundle cannot take an item, and says why.
        DataError: a picture is missing or damaged.
        EncoderError: the vectors cannot be read or written.
    """
    later = [each for each in changes if each.at >= engine.trained_until]
    given = [each for each in later if each.values is not None]
    for start in range(0, len(given), AT_ONCE):
        some = {each.item_id: memory.values_of(each) for each in given[start : start + AT_ONCE]}
        engine = engine.with_items(readable(engine, some), vectors)
    withdrawn = [each.item_id for each in later if each.values is None]
    return engine.without(withdrawn) if withdrawn else engine


def readable(engine: Engine, items: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The items without the columns that this bundle's schema does not have: they were said to another one.

    Raises:
        RequestError: the bundle takes no items.
    """
    columns = engine.item_columns
    lost = sorted({name for values in items.values() for name in values if name not in columns})
    if lost:
        logger.warning(
            "%s has no item columns %s; what was said of items there is left out.", engine.name, ", ".join(lost)
        )
    return {
        item_id: {name: value for name, value in values.items() if name in columns} for item_id, values in items.items()
    }
