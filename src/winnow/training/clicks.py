"""Training of the click model on what was shown: how likely a click is once an item is looked at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from torch import Tensor

from winnow.calibration.calibrator import Calibrator
from winnow.calibration.fit_calibrator import fit_calibrator
from winnow.calibration.identity_calibrator import IdentityCalibrator
from winnow.data.positive_outcomes import further_outcomes
from winnow.features.taste_space import TasteSpace, fit_taste_space
from winnow.metrics.binary import auc, normalised_entropy
from winnow.models.click_model import ClickModel
from winnow.models.looks import Looks, click_loss, log_chances
from winnow.schema.column import Array
from winnow.schema.errors import DataError
from winnow.schema.feature import Entity
from winnow.training.click_batches import ClickBatches, told_sizes
from winnow.training.clicks_config import ClicksConfig
from winnow.training.fit_outcome_heads import fit_outcome_heads
from winnow.training.place_rates import place_rates
from winnow.training.progress import Progress
from winnow.training.propensity_weights import impression_weights
from winnow.training.scratch import pieces, slices
from winnow.training.seeding import seeded
from winnow.training.shown_to_users import shown_to_users
from winnow.training.tastes import Tastes, how_users_differ
from winnow.training.told import Told
from winnow.training.visit_kinds import visit_kinds

AT_ONCE = 8_192
"""Impressions of a batch where nothing is learned."""
ASIDE = 0.1
"""Share of the impressions, the latest, on which the model is calibrated and judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicks:
    """What was learned of clicks.

    Attributes:
        model: what is alike for all users, with heads for further outcomes; in evaluation mode.
        looks: likewise.
        tastes: what each user likes besides.
        calibrator: turns the log-odds of a click on an impression into the share of clicks that later impressions had.
        metrics: `click_auc` and `click_entropy`, the normalised entropy, of the impressions held aside, places known
            and after calibration on these very impressions.
    """

    model: ClickModel
    looks: Looks
    tastes: Tastes
    calibrator: Calibrator
    metrics: Mapping[str, float]

    def logits(self, batches: ClickBatches, chosen: Array) -> Array:
        """float32 [n], log-odds of a click on impressions once they are looked at."""
        rows, logits = batches.rows, _logits(self.model, batches, chosen)
        for some in slices(0, len(chosen), AT_ONCE):
            logits[some] += self.tastes(rows.user_rows[chosen[some]], rows.items[chosen[some]])
        return logits

    def at_places(self, logits: Array, positions: Array) -> Array:
        """float32 [n], log-odds of a click on impressions at places, int64 [n], 0 where not known."""
        with torch.inference_mode():
            log_click, log_none = log_chances(torch.from_numpy(logits), self.looks(torch.from_numpy(positions)))
            return (log_click - log_none).numpy()

    def looked(self, positions: Array) -> Array:
        """float32 [n], chances of a look at places, int64 [n], 0 where not known."""
        with torch.inference_mode():
            return self.looks(torch.from_numpy(positions)).exp().numpy()


def train_clicks(batches: ClickBatches, rows: Array, config: ClicksConfig, seed: int, progress: Progress) -> Clicks:
    """Trains the click model on the earlier impressions, and calibrates it on the latest.

    First what is alike for all users, then how they differ, then what each of them likes: of the earlier impressions
    for calibration, and of all of them for service.

    Args:
        batches: of impressions.
        rows: int64, those to learn from, by time.
        config: how.
        seed: of weights, order and masks.
        progress: told after every step.

    Raises:
        DataError: the impressions have no click, or nothing else, or weights are asked for without a propensity.
    """
    aside = max(1, int(len(rows) * ASIDE))
    used, held = rows[:-aside], rows[-aside:]
    for part, name in ((used, "earlier"), (held, "latest")):
        if not 0 < (clicks := _clicks(batches, part)) < len(part):
            raise DataError(
                f"Of the {len(part):,} {name} impressions {clicks:,} were clicked; the click model wants some that "
                "were and some that were not. Log more, or use a recipe without clicks."
            )
    model, looks = train_click_model(batches, used, config, seed, progress)
    further = further_outcomes(batches.data.schema)
    model.scorer.heads = fit_outcome_heads(partial(_hidden, model, batches), batches.rows, rows, further)
    logits = _logits(model, batches, rows)
    times = _times_shown(batches, used)
    space = fit_taste_space(batches.data.items, told_sizes(batches.data), times, config.tastes.width)
    earlier, whole = (_told(batches, rows[:end], logits[:end], looks, space) for end in (len(used), len(rows)))
    covariance = how_users_differ(earlier, config.tastes, progress)
    learning = partial(Tastes.of, space, batches.data, covariance)
    learned = Clicks(
        model=model, looks=looks, tastes=learning(earlier, progress), calibrator=IdentityCalibrator(), metrics={}
    )
    clicked, positions = batches.rows.clicked[held], batches.rows.positions[held]
    observed = learned.at_places(learned.logits(batches, held), positions)
    calibrator, _ = fit_calibrator(observed, clicked)
    told = calibrator(observed)
    metrics = {"click_auc": auc(clicked, told), "click_entropy": normalised_entropy(clicked, told)}
    return replace(learned, tastes=learning(whole, progress), calibrator=calibrator, metrics=metrics)


def train_click_model(
    batches: ClickBatches, used: Array, config: ClicksConfig, seed: int, progress: Progress
) -> tuple[ClickModel, Looks]:
    """Trains what is alike for all users; arguments as of `train_clicks`, `used` in any order.

    Here alone impressions may weigh differently. Tastes would be surer than what they saw allows, showings say what
    happened, and the calibrator is for what the shop goes on to show.

    Raises:
        DataError: weights are asked for, and no propensity is known.
    """
    generator = seeded(seed)
    model, looks = untrained_click_model(batches, used, config)
    clicked, positions = torch.from_numpy(batches.rows.clicked), torch.from_numpy(batches.rows.positions)
    weights = impression_weights(batches.rows, used, config)
    optimizer = click_optimizer(model, looks, config)
    steps = max(1, -(-len(used) // config.batch_size))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, config.epochs * steps)
    order = batches.rows.scratch.empty(used.shape, np.int64)
    for epoch in range(config.epochs):
        order[:] = used
        generator.shuffle(order)
        for number, chosen in enumerate(np.array_split(order, steps)):
            logits = model(batches(chosen, generator)).squeeze(1)
            loss = click_loss(logits, looks(positions[chosen]), clicked[chosen], weights[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            progress("Training the click model", epoch * steps + number + 1, config.epochs * steps)
    return model.eval(), looks


def untrained_click_model(batches: ClickBatches, used: Array, config: ClicksConfig) -> tuple[ClickModel, Looks]:
    """A model that says the rate of clicks of everything, and looks as if what stands at all places were alike."""
    if batches.history != config.sizes.history:
        raise ValueError(f"The batches have the history {batches.history}, and the model {config.sizes.history}.")
    user, context, item = (batches.data.inputs(each) for each in (Entity.USER, Entity.CONTEXT, Entity.ITEM))
    model = ClickModel(user, context, item, batches.numbers, config.sizes, _clicks(batches, used) / len(used))
    rows = batches.rows
    rates = place_rates((rows.clicked[some], rows.positions[some]) for some in pieces(used))
    return model, Looks(torch.from_numpy(rates))


def click_optimizer(model: ClickModel, looks: Looks, config: ClicksConfig) -> torch.optim.Optimizer:
    """AdamW; looks do not decay."""
    groups = [
        {"params": model.parameters(), "weight_decay": config.weight_decay},
        {"params": looks.parameters(), "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=config.learning_rate)


def _clicks(batches: ClickBatches, chosen: Array) -> int:
    return int(sum(np.count_nonzero(batches.rows.clicked[some]) for some in pieces(chosen)))


def _told(batches: ClickBatches, chosen: Array, logits: Array, looks: Looks, space: TasteSpace) -> Told:
    """By known users; `chosen` by time, with what is said of them."""
    data, rows = batches.data, batches.rows
    shown = shown_to_users(rows, chosen, logits, looks, len(data.user_ids))
    visits = visit_kinds(rows, chosen, data.items.codes, told_sizes(data), len(data.user_ids))
    return Told.of(space(data.items), data.items.codes, shown, visits)


def _times_shown(batches: ClickBatches, chosen: Array) -> Array:
    """int64 [I], of each item."""
    times = np.zeros(batches.data.num_items, np.int64)
    for some in pieces(chosen):
        times += np.bincount(batches.rows.items[some], minlength=len(times))
    return times


def _hidden(model: ClickModel, batches: ClickBatches, chosen: Array) -> Array:
    """float32 [n, W]."""
    return _said(lambda inputs: model.hidden(inputs).squeeze(1), model.scorer.body.width, batches, chosen)


def _logits(model: ClickModel, batches: ClickBatches, chosen: Array) -> Array:
    """float32 [n]."""
    return _said(model, 1, batches, chosen)[:, 0]


def _said(call: Callable[[dict[str, Tensor]], Tensor], width: int, batches: ClickBatches, chosen: Array) -> Array:
    """float32 [n, width], what is said of impressions, some at a time."""
    said, start = batches.rows.scratch.empty((len(chosen), width), np.float32), 0
    with torch.inference_mode():
        for some in np.array_split(chosen, max(1, -(-len(chosen) // AT_ONCE))):
            if len(some):
                said[start : start + len(some)] = call(batches(some)).numpy()
                start += len(some)
    return said
