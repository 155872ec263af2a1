"""Losses, as plain functions.

Shapes: B examples, N negatives.
"""

import torch
from torch import Tensor
from torch.nn import functional as F


def log_chance(in_batch_share_N: Tensor, num_in_batch: int, num_uniform: int, num_items: int) -> Tensor:
    """Logarithm of an item's chance to be among in-batch and uniform negatives together, at least once.

    Args:
        in_batch_share_N: the items' shares of all positives, so that in-batch negatives follow it.
        num_in_batch: sample size of the one kind.
        num_uniform: sample size of the other.
        num_items: catalogue size.

    Returns:
        float32 [N], at most 0: of one minus the chance that all draws miss the item.

    Source: Yang et al., Mixed negative sampling for learning two-tower neural networks in recommendations, WWW 2020.
    """
    one_in_all = torch.full_like(in_batch_share_N, 1 / num_items)
    missed_N = torch.special.xlog1py(num_in_batch, -in_batch_share_N) + torch.special.xlog1py(num_uniform, -one_in_all)
    return torch.log(-torch.expm1(missed_N))


def gbce(
    positive_B: Tensor, negatives_BN: Tensor, own: tuple[Tensor, Tensor], num_items: int, calibration: float = 0.75
) -> Tensor:
    """Binary cross-entropy whose positives count less, so that few negatives do not make the model overconfident.

    Args:
        positive_B: logits of the positives.
        negatives_BN: logits of items that were drawn uniformly.
        own: int [M] examples and int [M] sampled items that are positives of theirs; left out.
        num_items: catalogue size, at least N.
        calibration: 0 is plain binary cross-entropy; at 1 scores are probabilities again.

    Returns:
        [B], in nats, the sum of all terms; the paper divides it by their number, N + 1.

    Source: Petrov and Macdonald, gSASRec: reducing overconfidence in sequential recommendation trained with negative
    sampling, RecSys 2023.
    """
    rate = min(1.0, negatives_BN.shape[1] / max(1, num_items - 1))
    beta = rate * (calibration * (1 - 1 / rate) + 1 / rate)
    wrong_BN = F.logsigmoid(-negatives_BN).index_put(own, torch.zeros(()))
    return -(beta * F.logsigmoid(positive_B) + wrong_BN.sum(dim=1))
