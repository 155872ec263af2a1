"""Click models of every kind, and arrays for them."""

from dataclasses import replace
from itertools import product

import torch
from torch import Tensor, nn

from tests.unit.models.test_dlrm import ITEM, arrays
from winnow.models.click_model import ClickModel
from winnow.models.click_sizes import ClickSizes
from winnow.models.inputs import Inputs

LIKENESS, NUMBERS, LENGTH = 4, 7, 6
EVENTS = 20
"""Items that occur in histories."""
NAMED_ITEM = replace(ITEM, ids=(0,))
"""The first code names the item."""
KINDS = [
    ClickSizes(kind=kind, dim=8, bottom=(12,), top=(16, 8), history=history)
    for kind, history in product(("dlrm", "dcn", "deep_fm"), (0, LENGTH))
]


def told(sizes: ClickSizes) -> str:
    """As a test's name says it."""
    return f"{sizes.kind}{' with history' if sizes.history else ''}"


def moved(model: ClickModel) -> ClickModel:
    """As after training: in a new one, what is read does not count yet."""
    nn.init.normal_(model.scorer.logit.weight, std=0.5)
    return model.eval()


def request_of(user: Inputs, context: Inputs, batch: int) -> dict[str, Tensor]:
    return {**arrays("user", user, batch), **arrays("context", context, batch)}


def candidates_of(item: Inputs, batch: int, count: int) -> dict[str, Tensor]:
    numbers = torch.rand(batch, count, NUMBERS).split((LIKENESS, NUMBERS - LIKENESS), dim=2)
    return {**arrays("item", item, batch, count), "likeness": numbers[0], "shown": numbers[1]}


def history_of(item: Inputs, batch: int, length: int) -> dict[str, Tensor]:
    """Of different lengths; the first is empty where there are several."""
    lengths = torch.linspace(0 if batch > 1 else length, length, batch).long()
    present = (torch.arange(length) < lengths[:, None]).float()
    rows = torch.randint(EVENTS, (batch, length))
    made = arrays("history", item, EVENTS)
    return {**made, "history_rows": rows, "history_present": present}
