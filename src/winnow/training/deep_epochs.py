"""The deep part learns what the wide part leaves unexplained, pass by pass."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from winnow.models.click_table_model import ClickTableModel
from winnow.training.click_table_config import ClickTableConfig
from winnow.training.labelled_rows import LabelledRows, logits_of
from winnow.training.training_set import MASKED_SHARE


def deep_epochs(
    model: ClickTableModel, rows: LabelledRows, config: ClickTableConfig, generator: np.random.Generator
) -> Iterator[None]:
    """Trains the deep part of a model, and yields after each of `config.epochs` passes.

    The wide part stays as it is. A share of the codes is hidden from the deep part, so that it does not learn rows by
    heart. The rate falls to zero along a cosine over all passes: steps that stay large fit noise.

    Args:
        model: has a deep part, and is changed in place.
        rows: to learn from.
        config: how.
        generator: of order and masks; dropout follows torch's own seed.

    Raises:
        ValueError: the model has no deep part.
    """
    if model.deep is None:
        raise ValueError("The model has no deep part to train; choose a kind that is not 'wide'.")
    deep, known = model.deep, torch.from_numpy(logits_of(model.wide, rows.inputs))
    seen = model.deep_inputs(rows.inputs)
    optimizer = torch.optim.AdamW(deep.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    steps = config.epochs * -(-len(rows) // config.batch_size)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(config.epochs):
        model.train()
        for chosen in _batches(len(rows), config.batch_size, generator):
            inputs = _hidden({name: each[chosen] for name, each in seen.items()}, generator)
            loss = F.binary_cross_entropy_with_logits(known[chosen] + deep(inputs), rows.clicked[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        yield


def _batches(rows: int, size: int, generator: np.random.Generator) -> list[Tensor]:
    return list(torch.from_numpy(generator.permutation(rows)).split(size))


def _hidden(inputs: dict[str, Tensor], generator: np.random.Generator) -> dict[str, Tensor]:
    shown = generator.random(inputs["codes"].shape) >= MASKED_SHARE
    return {**inputs, "codes": inputs["codes"] * torch.from_numpy(shown)}
