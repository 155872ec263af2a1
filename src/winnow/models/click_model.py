"""How likely a visitor clicks an item that is looked at.

Source: Naumov et al., Deep learning recommendation model for personalization and recommendation systems, 2019.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from winnow.models.inputs import Inputs
from winnow.models.interaction import DlrmSizes, Interaction


class ClickModel(nn.Module):
    """Log-odds of a click on each candidate, once it is looked at.

    Candidates do not see each other, so that an item's answer does not depend on what stands beside it.

    Args:
        user, context, item: widths of their arrays.
        numbers: of each candidate besides its own: what it shares with the visit, and what came of showing it.
        sizes: widths of the networks.
        rate: share of impressions that were clicked, in (0, 1), which an untrained model says of everything.
    """

    def __init__(
        self, user: Inputs, context: Inputs, item: Inputs, numbers: int, sizes: DlrmSizes, rate: float
    ) -> None:
        super().__init__()
        self.interaction = Interaction(user, context, item, numbers, sizes, whole_request=True)
        self.logit = nn.Linear(sizes.top[-1], 1)
        nn.init.zeros_(self.logit.weight)
        nn.init.constant_(self.logit.bias, torch.logit(torch.tensor(rate)).item())

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Request arrays [B, ...] and candidate arrays, `likeness` and `shown`, [B, C, ...] by name -> logits [B, C]."""
        numbers = torch.cat([inputs["likeness"], inputs["shown"]], dim=2)
        return self.logit(self.interaction(inputs, numbers)).squeeze(2)
