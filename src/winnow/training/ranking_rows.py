"""Replayed requests, and how they become what the ranker reads."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from winnow.schema.column import Array
from winnow.training.item_dropout import ItemDropout
from winnow.training.training_set import TrainingSet, without_empty

AT_ONCE = 512
"""Requests of a batch where nothing is learned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingRows:
    """Replayed requests: what the ranker would have seen, and what was clicked.

    Attributes:
        examples: int64 [R], positions among the training set's interactions.
        tower: float32 [I, D], the item vectors of the retrieval that proposed the candidates.
        query, history_vector, moment_vector: float32 [R, D].
        items: int64 [R, C], candidates' item rows.
        match: float32 [R, C, M], how each meets the history.
        source_features: float32 [R, C, 4 S], what each of S sources said of it.
        clicks: float32 [R, C, K], what is known of clicks on it; K is 0 where nothing was logged.
        labels: float32 [R, C], 1 where clicked.
        retrieved: share of replayed requests whose click was among the candidates; the others are not here.
    """

    examples: Array
    tower: Array
    query: Array
    history_vector: Array
    moment_vector: Array
    items: Array
    match: Array
    source_features: Array
    clicks: Array
    labels: Array
    retrieved: float

    def __len__(self) -> int:
        return len(self.examples)


@dataclass(frozen=True, slots=True)
class RankingBatches:
    """Rows to model inputs."""

    data: TrainingSet
    rows: RankingRows
    dropout: ItemDropout

    def __call__(self, chosen: Array, masking: np.random.Generator | None = None) -> tuple[dict[str, Tensor], Tensor]:
        """Without `masking` nothing is hidden."""
        items = self.rows.items[chosen]
        item_arrays = self.data.item_arrays(items)
        arrays = {
            **self.data.request_arrays(self.rows.examples[chosen], masking),
            **(item_arrays if masking is None else self.dropout(self.data, item_arrays, masking)),
            "query": self.rows.query[chosen],
            "history_vector": self.rows.history_vector[chosen],
            "moment_vector": self.rows.moment_vector[chosen],
            "item_tower": self.rows.tower[items],
            "match": self.rows.match[chosen],
            "source_features": self.rows.source_features[chosen],
            "clicks": self.rows.clicks[chosen],
        }
        inputs = {name: torch.from_numpy(array) for name, array in without_empty(arrays).items()}
        return inputs, torch.from_numpy(self.rows.labels[chosen])

    def each(self, rows: Array) -> Iterator[tuple[dict[str, Tensor], Tensor]]:
        """Some of the rows, whole, in batches of bounded size."""
        for start in range(0, len(rows), AT_ONCE):
            yield self(rows[start : start + AT_ONCE])
