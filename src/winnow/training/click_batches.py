"""Impressions as what the click model reads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from winnow.features.likeness import likeness
from winnow.models.inputs import Inputs
from winnow.schema.column import Array
from winnow.schema.feature import Entity
from winnow.schema.transform import MISSING_CODE
from winnow.training.impression_rows import ImpressionRows
from winnow.training.item_dropout import ItemDropout
from winnow.training.training_set import MASKED_SHARE, TrainingSet, without_empty


@dataclass(frozen=True, slots=True)
class ClickBatches:
    """Impressions to model inputs, one candidate for each request.

    Attributes:
        data: features.
        rows: the impressions.
        dropout: what masking hides of candidates.
        history: last positive events of the visitor before the page that go with each, as content of their items.
    """

    data: TrainingSet
    rows: ImpressionRows
    dropout: ItemDropout
    history: int = 0

    def inputs(self, entity: Entity) -> Inputs:
        """Widths; which user it is, is not among them: what is known of each enters as taste."""
        inputs = self.data.inputs(entity)
        if entity is not Entity.USER:
            return inputs
        return replace(inputs, codes=tuple(np.delete(inputs.codes, inputs.ids).tolist()), ids=())

    def __call__(self, chosen: Array, masking: np.random.Generator | None = None) -> dict[str, Tensor]:
        """Without `masking` nothing is hidden."""
        data, rows, items = self.data, self.rows, self.rows.items[chosen]
        user_codes = np.delete(data.users.codes[rows.user_rows[chosen]], data.inputs(Entity.USER).ids, axis=1)
        context_codes = rows.contexts.codes[chosen]
        item_arrays: Mapping[str, Array] = data.item_arrays(items)
        if masking is not None:
            for codes in (user_codes, context_codes):
                codes[masking.random(codes.shape) < MASKED_SHARE] = MISSING_CODE
            item_arrays = self.dropout(data, item_arrays, masking)
        alike = likeness(data.items, items, rows.recent[chosen])
        arrays = {
            "user_codes": user_codes,
            "user_values": data.users.values[rows.user_rows[chosen]],
            "context_codes": context_codes,
            "context_values": rows.contexts.values[chosen],
            **{name: each[:, None] for name, each in item_arrays.items()},
            "likeness": alike[:, None],
            **(self._history(chosen) if self.history else {}),
        }
        return {name: torch.from_numpy(each) for name, each in without_empty(arrays).items()}

    def _history(self, chosen: Array) -> Mapping[str, Array]:
        """No item is named in them, so that one that nobody has seen yet counts as any other."""
        events = self.rows.events.last(chosen, self.history)
        items, rows = np.unique(events.clip(min=0), return_inverse=True)
        arrays = {name.replace("item_", "history_", 1): each for name, each in self.data.item_arrays(items).items()}
        if "history_codes" in arrays:
            arrays["history_codes"] = np.delete(arrays["history_codes"], self.data.id_columns(Entity.ITEM), axis=-1)
        present = (events >= 0).astype(np.float32)
        return {**arrays, "history_rows": rows.reshape(events.shape), "history_present": present}
