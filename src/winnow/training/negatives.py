"""Which items a step holds against its positives, and how likely each was to be among them."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from winnow.models.losses import log_chance
from winnow.schema.column import Array, Ragged, offsets_of
from winnow.training.interactions import Interactions
from winnow.training.retrieval_config import RetrievalConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Negatives:
    """Draws the sample of a step: the batch's own items and uniform ones, or the whole catalogue where that is small.

    Attributes:
        config: how many.
        known: int64 [K], rising rows of the items that there are to draw from.
        share: float32 [I], the items' shares of all positives.
    """

    config: RetrievalConfig
    known: Array
    share: Tensor

    def __call__(self, positives: Array, generator: np.random.Generator) -> tuple[Array, Tensor]:
        """Distinct item rows int64 [N], rising, and float32 [N], the logarithm of each one's chance to be there."""
        config, num_known = self.config, len(self.known)
        if config.loss == "softmax" and num_known <= config.full_softmax_up_to:
            return self.known, torch.zeros(num_known)
        rows = self.known[generator.integers(num_known, size=config.uniform_negatives)]
        in_batch = len(positives) if config.loss == "softmax" else 0
        rows = np.unique(np.concatenate([positives[:in_batch], rows]))
        if not config.logq:
            return rows, torch.zeros(len(rows))
        return rows, log_chance(self.share[torch.from_numpy(rows)], in_batch, config.uniform_negatives, num_known)


def positives_of_users(interactions: Interactions) -> Ragged:
    """Item rows of each user's positives, each once: int64, as many rows as there are `user_ids`."""
    stride = interactions.items.max(initial=0) + 1
    pairs = np.unique(interactions.users * stride + interactions.items)
    counts = np.bincount(pairs // stride, minlength=len(interactions.user_ids))
    return Ragged(pairs % stride, offsets_of(counts))
