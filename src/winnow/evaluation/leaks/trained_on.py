"""What a bundle says that it was trained on, read from its parts and not from how it was meant to be made."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.bundle.bundle import Bundle
from winnow.engine.open_engine import POPULARITY_FILE
from winnow.features.saved_features import load_fitted
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.pipeline.catalogue_files import open_catalogue
from winnow.schema.column import Array
from winnow.schema.feature import Entity
from winnow.stores.event_log import EventLog

Words = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedOn:
    """The traces that training left in a bundle.

    Attributes:
        train_until: where its manifest cuts time, UTC seconds; None where it does not say.
        log: the histories that it serves from.
        item_ids: I outside names of its catalogue, by row.
        popularity: [I], positives of each item in training.
        words: values with a code of their own by raw column, of items and of the context.
    """

    train_until: float | None
    log: EventLog
    item_ids: tuple[str, ...]
    popularity: Array
    words: Mapping[Entity, Words]

    @classmethod
    def of(cls, bundle: Bundle) -> "TrainedOn":
        """Reads the parts.

        Raises:
            BundleError: the bundle lacks one of them, or it is damaged.
        """
        train_until = bundle.manifest.split.get("train_until")
        return cls(
            train_until=None if train_until is None else float(train_until),
            log=EventLog.load(bundle.part("events")),
            item_ids=tuple(open_catalogue(bundle.part("catalogue")).item_ids),
            popularity=np.load(bundle.part("popularity") / POPULARITY_FILE, allow_pickle=False),
            words={entity: _words(bundle, entity) for entity in (Entity.ITEM, Entity.CONTEXT)},
        )


def _words(bundle: Bundle, entity: Entity) -> Words:
    part = f"features_{entity}"
    if not bundle.has(part):
        return {}
    # The words of windows are those of items, and no table has them.
    computed = set(bundle.schema.windows) if entity is Entity.CONTEXT else set[str]()
    fitted = (each for each in load_fitted(bundle.part(part)).features if each.column not in computed)
    transforms = {each.column: each.transform for each in fitted}
    return {column: each.known for column, each in transforms.items() if isinstance(each, VocabularyCodes)}
