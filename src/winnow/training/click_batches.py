"""Impressions as what the click model reads."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from winnow.features.feature_arrays import items_at
from winnow.features.likeness import likeness, likeness_width
from winnow.schema.column import Array
from winnow.schema.feature import Entity
from winnow.schema.transform import MISSING_CODE
from winnow.training.clicks_config import ClicksConfig
from winnow.training.impression_rows import ImpressionRows
from winnow.training.item_dropout import ItemDropout
from winnow.training.shown_before import ShownBefore, shown_before
from winnow.training.training_set import MASKED_SHARE, TrainingSet, without_empty


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickBatches:
    """Impressions to model inputs, one candidate for each request.

    Attributes:
        data: features.
        rows: the impressions.
        shown: what was known of their items by then.
        unshown: float32 [own], what is known of an item that nobody was shown, without what is known of its codes.
        dropout: what masking hides of items; without its id nobody knows what came of showing it.
        history: last positive events of the visitor before the page that go with each impression.
    """

    data: TrainingSet
    rows: ImpressionRows
    shown: ShownBefore
    unshown: Array
    dropout: ItemDropout
    history: int

    @classmethod
    def of(cls, data: TrainingSet, rows: ImpressionRows, config: ClicksConfig, until: float) -> "ClickBatches":
        """Counts what was shown before an instant, UTC seconds; later impressions see what was known by then."""
        shown = shown_before(rows, data.items.codes, told_sizes(data), config.half_lives_days, until)
        unshown = shown.last.figured().items[-1]
        return cls(
            data=data, rows=rows, shown=shown, unshown=unshown, dropout=config.dropout, history=config.sizes.history
        )

    @property
    def numbers(self) -> int:
        """Of each candidate: what it shares with the visit, and what came of showing it."""
        return likeness_width(self.data.items) + self.shown.last.width

    def __call__(self, chosen: Array, masking: np.random.Generator | None = None) -> dict[str, Tensor]:
        """Without `masking` nothing is hidden."""
        data, rows, items = self.data, self.rows, self.rows.items[chosen]
        user_codes = data.users.codes[rows.user_rows[chosen]]
        context_codes = rows.contexts.codes[chosen]
        item_arrays: Mapping[str, Array] = data.item_arrays(items)
        shown = self.shown(chosen)
        if masking is not None:
            for codes in (user_codes, context_codes):
                codes[masking.random(codes.shape) < MASKED_SHARE] = MISSING_CODE
            item_arrays = self.dropout(data, item_arrays, masking)
            shown[masking.random(len(shown)) < self.dropout.ids, : len(self.unshown)] = self.unshown
        arrays = {
            "user_codes": user_codes,
            "user_values": data.users.values[rows.user_rows[chosen]],
            "context_codes": context_codes,
            "context_values": rows.contexts.values[chosen],
            **{name: each[:, None] for name, each in item_arrays.items()},
            "likeness": self._likeness(chosen)[:, None],
            "shown": shown[:, None],
            **(self._history(chosen) if self.history else {}),
        }
        return {name: torch.from_numpy(each) for name, each in without_empty(arrays).items()}

    def _likeness(self, chosen: Array) -> Array:
        items = self.data.items
        own = items_at(items, self.rows.items[chosen])
        return likeness(items, own, self.rows.recent[chosen], np.arange(len(chosen)))

    def _history(self, chosen: Array) -> Mapping[str, Array]:
        """Arrays of the items that occur, each once, and which are whose."""
        events = self.rows.events.last(chosen, self.history)
        items, rows = np.unique(events.clip(min=0), return_inverse=True)
        arrays = {name.replace("item_", "history_", 1): each for name, each in self.data.item_arrays(items).items()}
        present = (events >= 0).astype(np.float32)
        return {**arrays, "history_rows": rows.reshape(events.shape), "history_present": present}


def told_sizes(data: TrainingSet) -> list[int]:
    """Codes of each code column of items, 0 of those that say which item it is."""
    sizes, ids = data.inputs(Entity.ITEM).codes, data.id_columns(Entity.ITEM)
    return [0 if place in ids else size for place, size in enumerate(sizes)]
