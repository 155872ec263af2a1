"""Histories as the query tower takes them, from lists of what happened."""

from typing import NamedTuple

import torch
from torch import Tensor


class Past(NamedTuple):
    """One event: place of its item among the vectors, its type, and its age in seconds."""

    item: int
    type: int
    age: float


def padded(histories: list[list[Past]], items: Tensor, padding: float = 0.0) -> dict[str, Tensor]:
    """The tower's inputs, with `padding` for a vector, an age and, in whole numbers, a type behind each history."""
    width = max(1, *map(len, histories))
    shape = (len(histories), width)
    vectors, present = torch.full((*shape, items.shape[1]), padding), torch.zeros(shape)
    types = torch.full(shape, int(abs(padding)), dtype=torch.int64)
    ages = torch.full(shape, padding, dtype=torch.float64)
    for row, events in enumerate(histories):
        for place, event in enumerate(events):
            vectors[row, place], types[row, place] = items[event.item], event.type
            ages[row, place], present[row, place] = event.age, 1
    return {"history_vectors": vectors, "history_types": types, "history_ages": ages, "history_present": present}
