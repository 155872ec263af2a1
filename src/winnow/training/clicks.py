"""Training of the click model on what was shown: how likely a click is once an item is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import torch

from winnow.calibration.calibrator import Calibrator
from winnow.calibration.fit_calibrator import fit_calibrator
from winnow.calibration.identity_calibrator import IdentityCalibrator
from winnow.features.likeness import likeness_width
from winnow.metrics.binary import auc, normalised_entropy
from winnow.models.click_model import ClickModel
from winnow.models.click_sizes import ClickSizes
from winnow.models.looks import PLACES, Looks, click_loss, log_chances
from winnow.schema.column import Array
from winnow.schema.errors import DataError
from winnow.schema.feature import Entity
from winnow.training.click_batches import ClickBatches
from winnow.training.item_dropout import ItemDropout
from winnow.training.positive import check_positive
from winnow.training.progress import Progress
from winnow.training.seeding import seeded

AT_ONCE = 8_192
"""Impressions of a batch where nothing is learned."""
ASIDE = 0.1
"""Share of the impressions, the latest, on which the model is calibrated and judged."""
FEW = 100
"""Impressions of the usual rate of clicks that each place begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClicksConfig:
    """How the click model is trained.

    Attributes:
        sizes: its kind, its networks, and how long a history it reads.
        epochs: passes over the impressions.
        batch_size: impressions a step.
        learning_rate: highest rate of AdamW; falls to zero along a cosine.
        weight_decay: share of the weights that a step of rate 1 takes away.
        dropout: of ids and content, so that new items are judged by what they are.
    """

    sizes: ClickSizes = field(default_factory=ClickSizes)
    epochs: int = 2
    batch_size: int = 1_024
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    dropout: ItemDropout = field(default_factory=ItemDropout)

    def __post_init__(self) -> None:
        check_positive("clicks", self, ("epochs", "batch_size", "learning_rate", "weight_decay"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicks:
    """What was learned of clicks.

    Attributes:
        model: in evaluation mode.
        looks: likewise.
        calibrator: turns the log-odds of a click on an impression into the share of clicks that later impressions had.
        metrics: `click_auc` and `click_entropy`, the normalised entropy, of the impressions held aside, places known
            and after calibration on these very impressions.
    """

    model: ClickModel
    looks: Looks
    calibrator: Calibrator
    metrics: Mapping[str, float]

    def logits(self, batches: ClickBatches, chosen: Array) -> Array:
        """float32 [n], log-odds of a click on impressions once they are looked at."""
        with torch.inference_mode():
            pieces = np.array_split(chosen, -(-len(chosen) // AT_ONCE)) if len(chosen) else []
            parts = [self.model(batches(each)).squeeze(1) for each in pieces]
        return torch.cat(parts).numpy() if parts else np.empty(0, np.float32)

    def at_places(self, logits: Array, positions: Array) -> Array:
        """float32 [n], log-odds of a click on impressions at places, int64 [n], 0 where not known."""
        with torch.inference_mode():
            log_click, log_none = log_chances(torch.from_numpy(logits), self.looks(torch.from_numpy(positions)))
            return (log_click - log_none).numpy()


def train_clicks(batches: ClickBatches, rows: Array, config: ClicksConfig, seed: int, progress: Progress) -> Clicks:
    """Trains the click model on the earlier impressions, and calibrates it on the latest.

    Args:
        batches: of impressions.
        rows: int64, those to learn from, by time.
        config: how.
        seed: of weights, order and masks.
        progress: told after every step.

    Raises:
        DataError: the impressions have no click, or nothing else.
    """
    clicked = batches.rows.clicked
    aside = max(1, int(len(rows) * ASIDE))
    used, held = rows[:-aside], rows[-aside:]
    for part, name in ((used, "earlier"), (held, "latest")):
        if not 0 < np.count_nonzero(clicked[part]) < len(part):
            raise DataError(
                f"Of the {len(part):,} {name} impressions {np.count_nonzero(clicked[part]):,} were clicked; the click "
                "model wants some that were and some that were not. Log more, or use a recipe without clicks."
            )
    generator = seeded(seed)
    learned = _untrained(batches, used, config)
    _learn(learned, batches, used, config, generator, progress)
    observed = learned.at_places(learned.logits(batches, held), batches.rows.positions[held])
    calibrator, _ = fit_calibrator(observed, clicked[held])
    told = calibrator(observed)
    metrics = {"click_auc": auc(clicked[held], told), "click_entropy": normalised_entropy(clicked[held], told)}
    return replace(learned, calibrator=calibrator, metrics=metrics)


def _untrained(batches: ClickBatches, used: Array, config: ClicksConfig) -> Clicks:
    if batches.history != config.sizes.history:
        raise ValueError(f"The batches have the history {batches.history}, and the model {config.sizes.history}.")
    user, context, item = (batches.inputs(each) for each in (Entity.USER, Entity.CONTEXT, Entity.ITEM))
    clicked, places = batches.rows.clicked[used], np.minimum(batches.rows.positions[used], PLACES)
    rate = float(clicked.mean())
    clicks, shown = (np.bincount(places, weights, minlength=PLACES + 1) for weights in (clicked, None))
    rates = (clicks + FEW * rate) / (shown + FEW)
    model = ClickModel(user, context, item, likeness_width(batches.data.items), config.sizes, rate)
    return Clicks(model=model, looks=Looks(torch.from_numpy(rates)), calibrator=IdentityCalibrator(), metrics={})


def _learn(
    learned: Clicks,
    batches: ClickBatches,
    used: Array,
    config: ClicksConfig,
    generator: np.random.Generator,
    progress: Progress,
) -> None:
    model, looks = learned.model.train(), learned.looks
    clicked, positions = torch.from_numpy(batches.rows.clicked), torch.from_numpy(batches.rows.positions)
    groups = [
        {"params": model.parameters(), "weight_decay": config.weight_decay},
        {"params": looks.parameters(), "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=config.learning_rate)
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
    model.eval()
