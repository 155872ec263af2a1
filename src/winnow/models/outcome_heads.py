"""What else may come of an impression: a cart, a purchase, a dismissal."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class OutcomeHeads(nn.Module):
    """Log-odds of H outcomes: one linear layer on what the click model has found.

    What they learn does not move what they read: few impressions are bought, and the click's log-odds stay as they are
    without heads. Weights begin at zero, which takes nothing from the generator that draws the other weights, and
    weight decay draws each head to its usual rate.

    Args:
        width: numbers of a candidate.
        rates: of H outcomes, in (0, 1), which an untrained head says of everything.
    """

    usual: Tensor

    def __init__(self, width: int, rates: Sequence[float]) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(len(rates), width))
        self.bias = nn.Parameter(torch.zeros(len(rates)))
        self.register_buffer("usual", torch.logit(torch.tensor(rates, dtype=torch.float64)).float())

    def forward(self, hidden_BCW: Tensor) -> Tensor:
        """[B, C, W] -> [B, C, H]."""
        return F.linear(hidden_BCW.detach(), self.weight, self.bias) + self.usual


def outcome_loss(log_odds: Tensor, came: Tensor, asked: Tensor) -> Tensor:
    """Sum over heads of the mean negative log likelihood (nats) of what came of the impressions that each is asked of.

    Args:
        log_odds: float [B, H].
        came: bool [B, H].
        asked: bool [B, H]; a head that is asked of none adds nothing.
    """
    each = F.binary_cross_entropy_with_logits(log_odds, came.float(), reduction="none") * asked
    return (each.sum(dim=0) / asked.sum(dim=0).clamp(min=1)).sum()
