"""A click on the fifth place needs a look at the fifth place.

So the chance of a click is learned as a product: of a look, by place, and of a click once looked at, which is what is
served. The first place counts as looked at.

Source: Guo et al., PAL: a position-bias aware learning framework for CTR prediction in live recommender systems,
RecSys 2019.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

PLACES = 64
"""Places on a page that are told apart; later ones count as the last of them."""
LEAST = 0.02
"""Of a look at the start, and of none: from beyond, nothing is learned."""
CERTAIN = 1 - 1e-6
"""No chance comes closer to 1, so that its complement has a logarithm."""


class Looks(nn.Module):
    """The chance of a look by place; 1 at the first, and where the place is not known.

    Args:
        rates: float [PLACES + 1], in (0, 1): share of impressions at each place that were clicked. Were what stands
            there alike, a place would be looked at as often as its rate is part of the first one's: the start.
    """

    def __init__(self, rates: Tensor) -> None:
        super().__init__()
        self.odds = nn.Parameter(torch.logit((rates / rates[1]).clamp(LEAST, 1 - LEAST).float()))

    def forward(self, positions: Tensor) -> Tensor:
        """int64 [B] from 0 -> log chance [B]."""
        return F.logsigmoid(self.odds)[positions.clamp(max=PLACES)] * (positions > 1)


def log_chances(logits: Tensor, log_looked: Tensor) -> tuple[Tensor, Tensor]:
    """Logarithms of the chances that impressions are clicked and that they are not, float [B] each.

    Args:
        logits: log-odds of a click once looked at.
        log_looked: log chances of a look, at most 0.
    """
    log_click = log_looked + F.logsigmoid(logits)
    return log_click, torch.log1p(-torch.exp(log_click).clamp(max=CERTAIN))


def click_loss(logits: Tensor, log_looked: Tensor, clicked: Tensor, weights: Tensor | float = 1.0) -> Tensor:
    """Mean of the weighed negative log likelihood (nats) of what came of impressions.

    Args:
        logits: log-odds of a click once looked at, float [B].
        log_looked: log chances of a look, float [B].
        clicked: bool [B].
        weights: float [B], of mean 1 over all that is learned from; the sum is divided by B and not by theirs.
    """
    log_click, log_none = log_chances(logits, log_looked)
    return -(torch.where(clicked, log_click, log_none) * weights).mean()
