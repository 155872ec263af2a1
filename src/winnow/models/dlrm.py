"""The ranker, wide and deep: what is plain is learned at once and by itself, and everything else by crossing it.

Of the towers it sees what they say, inner products, and never their vectors: so it can learn on what earlier towers
said, which had not seen the clicks that it learns from, and be used with later ones.

Nor does it read which user or item it is: what it would learn of them by heart from the clicks of a few days, the
towers and counts that it serves with know by then, so it would count twice.

At the start only the towers' logit counts: an untrained ranker has exactly the order of retrieval, which training
corrects where it finds a reason.

Sources: Naumov et al., Deep learning recommendation model for personalization and recommendation systems, 2019;
Cheng et al., Wide and deep learning for recommender systems, DLRS 2016.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from winnow.models.inputs import Inputs
from winnow.models.interaction import DlrmSizes, Interaction
from winnow.models.wide import Wide, newcomers, said_of

REQUESTS = ("known", "newcomer")
"""Requests with a history and those without one, which the deep part answers with weights of their own."""


class Dlrm(nn.Module):
    """Logits of a choice among the candidates of B requests; they have no level, so they order and are no chances.

    Args:
        user, context, item: widths of their arrays.
        said: as of `Wide`.
        sizes: widths of the networks.
    """

    def __init__(self, user: Inputs, context: Inputs, item: Inputs, said: int, sizes: DlrmSizes) -> None:
        super().__init__()
        self.interaction = Interaction(user, context, item, said, sizes)
        self.logit = nn.Linear(sizes.top[-1], len(REQUESTS), bias=False)
        nn.init.zeros_(self.logit.weight)
        self.wide = Wide(said)

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Request arrays [B, ...] and candidate arrays [B, C, ...] by column name -> logits [B, C]."""
        return self.wide(inputs) + self._deep(inputs)

    def _deep(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """[B, C]."""
        said = said_of(inputs)
        # A logit may be 50 where the other numbers are about 1, and would drown them.
        hidden = self.interaction(inputs, said.sign() * said.abs().log1p())
        known_BC, newcomer_BC = self.logit(hidden).unbind(2)
        return torch.where(newcomers(inputs)[:, None], newcomer_BC, known_BC)
