"""The wide part of a ranker, weighed anew by what visitors chose of what it had put before them.

Which items were shown was up to what the ranker reads, and not to what visitors would choose. So the choice among them
tells the same weights as the choice among all candidates would (McFadden, Modelling the choice of residential location,
1978: sampling of alternatives), once it is known how much a place counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from winnow.models.wide import NEWCOMER, kinds_of, newcomers, said_of, weighed
from winnow.schema.column import Array
from winnow.training.choices import NOBODY_LOOKS, Choices
from winnow.training.conditional_logit import conditional_logit
from winnow.training.held_requests import Uses, judged, plain_proves


@dataclass(frozen=True, slots=True, kw_only=True)
class Refit:
    """What was learned.

    Attributes:
        weight: float32 [KINDS, F]; the one before where nothing is used.
        uses: whether it changed, for requests with a history and for those without one.
        metrics: `served_choices`, how many there were; on the later half of them, of what the earlier half taught, the
            choice loss in nats with the weights before (`choice_before`) and after (`choice_after`).
    """

    weight: Tensor
    uses: Uses
    metrics: Mapping[str, float]


def refit_wide(weight: Tensor, choices: Choices, penalty: float) -> Refit:
    """Weighs anew what proves to do better on choices that it has not learned from.

    Args:
        weight: float32 [KINDS, F], of the ranker that was asked.
        choices: at least 2.
        penalty: as of `conditional_logit`: holds the weights to those before.
    """
    earlier, later = choices.halves()
    trial = _solved(weight, earlier, penalty)
    before, after = _judged(weight, later), _judged(trial, later)
    uses = plain_proves(before, after, newcomers(later.tensors()[0]).numpy())
    found = weight.clone()
    if any(uses):
        solved = _solved(weight, choices, penalty)
        for used, rows in zip(uses, (slice(NEWCOMER), slice(NEWCOMER, None)), strict=True):
            if used:
                found[rows] = solved[rows]
    told = {"served_choices": len(choices), "choice_before": before[0].mean(), "choice_after": after[0].mean()}
    return Refit(weight=found, uses=uses, metrics={name: float(each) for name, each in told.items()})


def _solved(weight: Tensor, choices: Choices, penalty: float) -> Tensor:
    inputs, looks, labels = choices.tensors()
    return conditional_logit(said_of(inputs), kinds_of(inputs), labels, weight, penalty, looks)


def _judged(weight: Tensor, choices: Choices) -> Array:
    """float32 [2, R]: how likely the choice was where it stood, and the gain of its place if all were looked at."""
    inputs, looks, labels = choices.tensors()
    with torch.inference_mode():
        logits = weighed(said_of(inputs), kinds_of(inputs), weight)
        alike = torch.where(looks > NOBODY_LOOKS, logits, NOBODY_LOOKS)
        return np.stack([judged(logits + looks, labels)[0], judged(alike, labels)[1]])
