"""Ranker training on the candidates that retrieval really proposes.

It learns to choose: which candidate of a request is clicked. So its scores order the candidates of one request and say
no more: they are not probabilities.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import torch
from torch import Tensor

from winnow.models.choice_loss import choice_loss
from winnow.models.dlrm import REQUESTS, Dlrm
from winnow.models.interaction import DlrmSizes
from winnow.models.wide import NEW, NEWCOMER, Wide, kinds_of, said_of
from winnow.schema.column import Array
from winnow.schema.errors import DataError, RecipeError
from winnow.schema.feature import Entity
from winnow.training.conditional_logit import conditional_logit
from winnow.training.held_requests import HeldRequests, is_better, is_worse
from winnow.training.item_dropout import ItemDropout
from winnow.training.positive import check_positive
from winnow.training.progress import Progress
from winnow.training.ranking_rows import RankingBatches, RankingRows
from winnow.training.seeding import seeded
from winnow.training.training_set import TrainingSet

VALIDATION_SHARE = 0.1
"""Share of the replayed requests that is held aside: the latest, as what the ranker will meet is later still."""
PARTS = ("ranker_wide", "ranker_wide_newcomers", "ranker_deep", "ranker_deep_newcomers")
"""Of the ranker, which are used or not, for requests with a history and for those without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingConfig:
    """How the ranker is trained.

    Attributes:
        sizes: of its networks.
        share: of the training time's positives, the latest, are what the ranker learns on. The retrieval that proposes
            their candidates is trained on those before: it must not have seen what it is asked.
        requests: most of them that are replayed, the latest first.
        negatives: candidates that are drawn beside each click.
        epochs: passes over the rows.
        batch_size: requests a step.
        learning_rate: highest rate of AdamW; falls to zero along a cosine.
        weight_decay: share of the weights of the deep part that a step of rate 1 takes away; 0 for none.
        wide_penalty: holds the wide part to the order of retrieval; it solves for the others.
        dropout: of ids and content, so that new items are ranked by what they are.
    """

    sizes: DlrmSizes = field(default_factory=DlrmSizes)
    share: float = 0.2
    requests: int = 60_000
    negatives: int = 31
    epochs: int = 2
    batch_size: int = 128
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    wide_penalty: float = 10.0
    dropout: ItemDropout = field(default_factory=ItemDropout)

    def __post_init__(self) -> None:
        sizes = ("share", "requests", "negatives", "epochs", "batch_size")
        check_positive("ranking", self, (*sizes, "learning_rate", "wide_penalty"))
        if self.weight_decay != 0:
            check_positive("ranking", self, ("weight_decay",))
        if self.share >= 1:
            raise RecipeError(f"The recipe's ranking has share {self.share!r}; less than 1 is wanted.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranker:
    """What ranker training learned.

    Attributes:
        model: in evaluation mode; the wide part alone where the deep one is not in use.
        metrics: on the requests held aside, `ranker_auc`, the chance that a click stands above another candidate of its
            request; `ranker_choice`, the choice loss in nats; and of each of PARTS whether it is in use, 1 or 0.
    """

    model: Dlrm | Wide
    metrics: Mapping[str, float]


def train_ranking(data: TrainingSet, rows: RankingRows, config: RankingConfig, seed: int, progress: Progress) -> Ranker:
    """Trains the ranker to choose the click among candidates that were not clicked.

    The wide part is solved first; the deep part learns what that leaves unexplained. Each is used only where it does
    better on later requests beyond doubt: few rows are easily learned by heart, and will not come back.

    Args:
        data: features.
        rows: replayed requests.
        config: how.
        seed: of weights, order and masks.
        progress: told after every step.

    Raises:
        DataError: there are fewer than two rows, one to train on and one to hold aside.
    """
    if len(rows) < 2:
        raise DataError(
            f"A ranker needs at least 2 replayed requests whose click is among the candidates; there are {len(rows)}, "
            f"which is {rows.retrieved:.1%} of those replayed. Use more data, or a recipe without ranking."
        )
    generator = seeded(seed)
    model = Dlrm(
        data.inputs(Entity.USER),
        data.inputs(Entity.CONTEXT),
        data.inputs(Entity.ITEM),
        rows.match.shape[2] + rows.source_features.shape[2] + rows.clicks.shape[2],
        config.sizes,
    )
    order = np.argsort(data.interactions.at[rows.examples], kind="stable")
    aside = max(1, int(len(rows) * VALIDATION_SHARE))
    batches = RankingBatches(data, rows, config.dropout)
    used, held = order[:-aside], HeldRequests(batches, order[-aside:])
    new_wide, new_deep = NEWCOMER, REQUESTS.index("newcomer")
    solve = partial(_solve_wide, model.wide, batches, used, config.wide_penalty)
    wide = _where_better(model, model.wide.weight, new_wide, held, solve, alike=True)
    learn = partial(_train_deep, model, batches, used, config, generator, progress)
    deep = _where_better(model, model.logit.weight, new_deep, held, learn, alike=False)
    in_use = (model if any(deep) else model.wide).eval()
    parts = dict(zip(PARTS, map(float, (*wide, *deep)), strict=True))
    return Ranker(model=in_use, metrics={**held.measured(in_use), **parts})


def _where_better(
    model: Dlrm, weight: Tensor, newcomer: int, held: HeldRequests, train: Callable[[], None], *, alike: bool
) -> tuple[bool, bool]:
    """Trains, and puts weights back that do later requests no good; tells of known users and of newcomers if they do.

    Args:
        model: what is trained.
        weight: of which the rows before `newcomer` are for requests with a history, and the others for those without.
        newcomer: a row.
        held: later requests.
        train: changes the weight, and others that count only through it.
        alike: whether weights for newcomers are those for the others, moved by what newcomers did. Newcomers are few;
            so where the others prove better, it is enough that theirs do not prove worse.
    """
    start, before = weight.detach().clone(), held.judged(model)
    train()
    after, newcomers = held.judged(model), held.newcomers()
    known, new = (is_better(before[:, which], after[:, which]) for which in (~newcomers, newcomers))
    new = new or (alike and known and not is_worse(before[:, newcomers], after[:, newcomers]))
    for better, rows in ((known, slice(newcomer)), (new, slice(newcomer, None))):
        if not better:
            weight.detach()[rows] = start[rows]
    return known, new


def _solve_wide(wide: Wide, batches: RankingBatches, rows: Array, penalty: float) -> None:
    parts = [(said_of(inputs), kinds_of(inputs), labels) for inputs, labels in batches.each(rows)]
    said, kinds, labels = (torch.cat(each) for each in zip(*parts, strict=True))
    weight = wide.weight.detach()
    weight[:] = conditional_logit(said, kinds, labels, weight.clone(), penalty)
    # Newcomers are few: they are believed to choose as others do among what is new to them, until they say otherwise.
    weight[NEWCOMER], theirs = weight[NEW], (kinds == NEWCOMER).all(1)
    weight[:] = conditional_logit(said[theirs], kinds[theirs], labels[theirs], weight.clone(), penalty)


def _train_deep(
    model: Dlrm,
    batches: RankingBatches,
    rows: Array,
    config: RankingConfig,
    generator: np.random.Generator,
    progress: Progress,
) -> None:
    deep = [each for name, each in model.named_parameters() if not name.startswith("wide.")]
    optimizer = torch.optim.AdamW(deep, lr=config.learning_rate, weight_decay=config.weight_decay)
    steps = max(1, -(-len(rows) // config.batch_size))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, config.epochs * steps)
    for epoch in range(config.epochs):
        for number, chosen in enumerate(np.array_split(generator.permutation(rows), steps)):
            inputs, labels = batches(chosen, generator)
            loss = choice_loss(model(inputs), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            progress("Training the ranker", epoch * steps + number + 1, config.epochs * steps)
