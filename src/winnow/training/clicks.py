"""Training of the click model on what was shown: how likely a click is once an item is looked at.

A click on the fifth place needs a look at the fifth place. So what is learned is a product: the chance of a look, by
place, and the chance of a click once looked at, which is what is served. The first place counts as looked at.

Source: Guo et al., PAL: a position-bias aware learning framework for CTR prediction in live recommender systems,
RecSys 2019.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from winnow.features.likeness import likeness, likeness_width
from winnow.models.click_model import ClickModel
from winnow.models.inputs import Inputs
from winnow.models.interaction import DlrmSizes
from winnow.schema.column import Array
from winnow.schema.feature import Entity
from winnow.training.impression_rows import ImpressionRows
from winnow.training.item_dropout import ItemDropout
from winnow.training.positive import check_positive
from winnow.training.progress import Progress
from winnow.training.seeding import seeded
from winnow.training.training_set import MASKED_SHARE, TrainingSet, without_empty

PLACES = 64
"""Places on a page that are told apart; later ones count as the last of them."""
AT_ONCE = 8_192
"""Impressions of a batch where nothing is learned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClicksConfig:
    """How the click model is trained.

    Attributes:
        sizes: of its networks.
        epochs: passes over the impressions.
        batch_size: impressions a step.
        learning_rate: highest rate of AdamW; falls to zero along a cosine.
        weight_decay: share of the weights that a step of rate 1 takes away.
        dropout: of ids and content, so that new items are judged by what they are.
    """

    sizes: DlrmSizes = field(default_factory=lambda: DlrmSizes(dim=32, bottom=(64,), top=(64, 32)))
    epochs: int = 3
    batch_size: int = 1_024
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    dropout: ItemDropout = field(default_factory=ItemDropout)

    def __post_init__(self) -> None:
        check_positive("clicks", self, ("epochs", "batch_size", "learning_rate", "weight_decay"))


class Looks(nn.Module):
    """The chance of a look by place; 1 at the first, and where the place is not known."""

    def __init__(self) -> None:
        super().__init__()
        self.odds = nn.Parameter(torch.full((PLACES + 1,), 3.0))

    def forward(self, positions: Tensor) -> Tensor:
        """int64 [B] from 0 -> log chance [B]."""
        return F.logsigmoid(self.odds)[positions.clamp(max=PLACES)] * (positions > 1)


def click_loss(logits: Tensor, log_looked: Tensor, clicked: Tensor) -> Tensor:
    """Mean negative log likelihood (nats) of what came of impressions, float [B] each."""
    log_click = log_looked + F.logsigmoid(logits)
    log_none = torch.log1p(-torch.exp(log_click).clamp(max=1 - 1e-6))
    return -torch.where(clicked, log_click, log_none).mean()


@dataclass(frozen=True, slots=True)
class ClickBatches:
    """Impressions to model inputs, one candidate for each request."""

    data: TrainingSet
    rows: ImpressionRows
    dropout: ItemDropout

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
                codes[masking.random(codes.shape) < MASKED_SHARE] = 0
            item_arrays = self.dropout(data, item_arrays, masking)
        alike = likeness(data.items, items, rows.recent[chosen])
        arrays = {
            "user_codes": user_codes,
            "user_values": data.users.values[rows.user_rows[chosen]],
            "context_codes": context_codes,
            "context_values": rows.contexts.values[chosen],
            **{name: each[:, None] for name, each in item_arrays.items()},
            "likeness": alike[:, None],
        }
        return {name: torch.from_numpy(each) for name, each in without_empty(arrays).items()}


def train_clicks(
    batches: ClickBatches, used: Array, config: ClicksConfig, seed: int, progress: Progress
) -> tuple[ClickModel, Looks]:
    """Trains the click model.

    Args:
        batches: of impressions.
        used: int64, those to learn from.
        config: how.
        seed: of weights, order and masks.
        progress: told after every step.
    """
    generator, rows = seeded(seed), batches.rows
    clicked = torch.from_numpy(rows.clicked)
    positions = torch.from_numpy(rows.positions)
    entities = (batches.inputs(each) for each in (Entity.USER, Entity.CONTEXT, Entity.ITEM))
    rate = float(np.clip(rows.clicked[used].mean(), 1e-4, 1 - 1e-4))
    model, looks = ClickModel(*entities, likeness_width(batches.data.items), config.sizes, rate), Looks()
    optimizer = torch.optim.AdamW(
        [*model.parameters(), *looks.parameters()], lr=config.learning_rate, weight_decay=config.weight_decay
    )
    steps = max(1, -(-len(used) // config.batch_size))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, config.epochs * steps)
    for epoch in range(config.epochs):
        for number, chosen in enumerate(np.array_split(generator.permutation(used), steps)):
            logits = model(batches(chosen, generator)).squeeze(1)
            loss = click_loss(logits, looks(positions[chosen]), clicked[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            progress("Training the click model", epoch * steps + number + 1, config.epochs * steps)
    return model.eval(), looks.eval()


def click_logits(model: ClickModel, batches: ClickBatches, chosen: Array) -> Array:
    """float32 [n], of impressions once they are looked at."""
    with torch.inference_mode():
        parts = [model(batches(chosen[start : start + AT_ONCE])).squeeze(1) for start in range(0, len(chosen), AT_ONCE)]
    return torch.cat(parts).numpy() if parts else np.empty(0, np.float32)
