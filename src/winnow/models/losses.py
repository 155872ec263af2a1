"""Losses, as plain functions."""

import torch
from torch import Tensor
from torch.nn import functional as F


def sampled_softmax(positive_B: Tensor, negatives_BN: Tensor, log_expected_N: Tensor, hits_BN: Tensor) -> Tensor:
    """Cross-entropy over the whole catalogue, estimated from sampled negatives.

    A negative stands for `1 / expected` items of its kind, so its logit is lowered by the logarithm of how often it is
    expected in the sample (logQ correction). The positive was not sampled and is not corrected.

    Args:
        positive_B: logits of the positives.
        negatives_BN: logits of the sampled items.
        log_expected_N: logarithm of the expected number of times that each sampled item is in the sample.
        hits_BN: true where a sampled item is the row's own positive (an accidental hit); left out.

    Returns:
        the mean over B, in nats.

    Source: Bengio and Senecal, Adaptive importance sampling to accelerate training of a neural probabilistic language
    model, 2008; Khrylchenko et al., Correcting the LogQ correction, RecSys 2025.
    """
    corrected = (negatives_BN - log_expected_N).masked_fill(hits_BN, float("-inf"))
    total = torch.logsumexp(torch.cat([positive_B.unsqueeze(1), corrected], dim=1), dim=1)
    return (total - positive_B).mean()


def log_expected_count(in_batch_share_N: Tensor, num_in_batch: int, num_uniform: int, num_items: int) -> Tensor:
    """Logarithm of how often an item is expected among in-batch and uniform negatives together.

    Args:
        in_batch_share_N: the items' shares of all positives, so that in-batch negatives follow it.
        num_in_batch: sample size of the one kind.
        num_uniform: sample size of the other.
        num_items: catalogue size.

    Returns:
        float32 [N].

    Source: Yang et al., Mixed negative sampling for learning two-tower neural networks in recommendations, WWW 2020.
    """
    return torch.log(in_batch_share_N * num_in_batch + num_uniform / num_items)


def click_loss(logits_BC: Tensor, labels_BC: Tensor) -> Tensor:
    """Mean binary cross-entropy of logits, in nats."""
    return F.binary_cross_entropy_with_logits(logits_BC, labels_BC)
