"""One step of retrieval training: windows of histories to a loss.

Shapes: W windows, L events of the longest, P examples, N negatives, S distinct items of all of them, D width.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from winnow.models.losses import gbce
from winnow.models.sampled_softmax import Sample, SampledSoftmax
from winnow.models.towers import ItemTower, QueryTower
from winnow.schema.column import Array, Ragged
from winnow.training.negatives import Negatives
from winnow.training.retrieval_config import RetrievalConfig
from winnow.training.training_set import TrainingSet
from winnow.training.windows import Windows


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalStep:
    """A batch to its loss.

    Attributes:
        data: features and interactions.
        config: how.
        windows: of the interactions.
        weights: float32 [number of examples], what each counts; 1 on average.
        query, item: the towers.
        negatives: draws the sample.
        own: item rows of each user's positives.
    """

    data: TrainingSet
    config: RetrievalConfig
    windows: Windows
    weights: Array
    query: QueryTower
    item: ItemTower
    negatives: Negatives
    own: Ragged

    @property
    def learned(self) -> dict[str, nn.Parameter]:
        """All that is learned."""
        towers = {"query": self.query, "item": self.item}
        return {f"{tower}.{name}": each for tower, module in towers.items() for name, each in module.named_parameters()}

    def __call__(self, batch: Array, generator: np.random.Generator) -> Tensor:
        """The weighted mean loss, in nats, of the examples in the windows int64 [W]."""
        asked = self.windows.examples.take(batch)
        positives = self.data.interactions.items[asked.values]
        sampled, log_chance = self.negatives(positives, generator)
        places, present = self._events(batch)
        history = self.data.interactions.history_items[places]
        shown, place = distinct(self.data.num_items, positives, sampled, history[present])
        vectors = self.item(self._item_inputs(shown, generator))
        history_vectors = vectors[_tensor(place[history])]
        query = self._queries(batch, asked, places, history_vectors, generator)
        weights = _tensor(self.weights[asked.values])
        weights = weights / weights.sum()
        own = self._own(asked, sampled)
        if self.config.loss == "gbce":
            right = (query * vectors[_tensor(place[positives])]).sum(1)
            wrong = query @ vectors[_tensor(place[sampled])].T
            return (gbce(right, wrong, own, len(self.data.known_items)) * weights).sum()
        target = _tensor(np.searchsorted(sampled, positives))
        items, sample = vectors[_tensor(place[sampled])], Sample(log_chance=log_chance, own=own)
        return cast("Tensor", SampledSoftmax.apply(query, items, target, weights, sample))

    def _events(self, batch: Array) -> tuple[Array, Array]:
        """Places [W, L] among the history's events, 0 in the padding behind, and which are no padding."""
        lengths = self.windows.lengths[batch][:, None]
        step = np.arange(int(lengths.max()))
        present = step < lengths
        return np.where(present, self.windows.starts[batch][:, None] + step, 0), present

    def _queries(
        self, batch: Array, asked: Ragged, places: Array, history: Tensor, generator: np.random.Generator
    ) -> Tensor:
        """Query vectors [P, D], each knowing the events before its example and nothing later."""
        past, examples = self.data.interactions, asked.values
        at = past.history_at[places]
        events = self.query.events(history, _tensor(past.history_types[places].astype(np.int64)), _tensor(at))
        window = asked.row_of_value()
        place = past.history_end[examples] - self.windows.starts[batch][window]
        forgotten = generator.random(len(examples)) < self.config.history_dropout
        place = np.where(forgotten, 0, place)
        age = np.zeros(len(examples), np.float32)
        later = np.flatnonzero(place)
        age[later] = past.at[examples[later]] - past.history_at[past.history_end[examples[later]] - 1]
        where = _tensor(window), _tensor(place)
        request = {name: _tensor(each) for name, each in self.data.request_arrays(examples, generator).items()}
        state, mean = self.query.encoder(events)[where], running_mean(history)[where]
        return self.query.of_state(request, state, mean, _tensor(age))

    def _item_inputs(self, rows: Array, generator: np.random.Generator) -> dict[str, Tensor]:
        arrays = self.config.dropout(self.data, self.data.item_arrays(rows), generator)
        return {name: _tensor(array) for name, array in arrays.items()}

    def _own(self, asked: Ragged, sampled: Array) -> tuple[Tensor, Tensor]:
        """Examples [M], rising, and places [M] in the sample of what are positives of their users, at any time."""
        if not self.config.mask_own:
            return _tensor(np.empty(0, np.int64)), _tensor(np.empty(0, np.int64))
        own = self.own.take(self.data.interactions.users[asked.values])
        place = np.full(self.data.num_items, -1)
        place[sampled] = np.arange(len(sampled))
        found = place[own.values]
        there = found >= 0
        return _tensor(own.row_of_value()[there]), _tensor(found[there])


def running_mean(history_WLD: Tensor) -> Tensor:
    """The mean of the first 0, 1, ..., L vectors [W, L + 1, D]; of none it is zero."""
    counts = torch.arange(1, history_WLD.shape[1] + 1).view(1, -1, 1)
    return nn.functional.pad(history_WLD.cumsum(1) / counts, (0, 0, 1, 0))


def distinct(num_items: int, *rows: Array) -> tuple[Array, Array]:
    """The distinct items among `rows`, rising, and int64 [num_items] with the place of each among them."""
    marked = np.zeros(num_items, bool)
    for each in rows:
        marked[each.ravel()] = True
    place = np.cumsum(marked) - 1
    return np.flatnonzero(marked), place


def _tensor(array: Array) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array))
