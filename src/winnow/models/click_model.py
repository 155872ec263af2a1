"""How likely a visitor clicks an item that is looked at.

Source: Naumov et al., Deep learning recommendation model for personalization and recommendation systems, 2019.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from winnow.models.inputs import Inputs, without_ids
from winnow.models.interaction import DlrmSizes, Interaction


class ClickModel(nn.Module):
    """Log-odds of a click on each candidate, once it is looked at.

    Candidates do not see each other, so that an item's answer does not depend on what stands beside it. Which user or
    item it is, is not read: what is known of each enters as taste, and as what came of showing it. Learned as one of
    its codes, it would be learned by heart.

    Args:
        user, context, item: widths of their arrays.
        numbers: of each candidate besides its own: what it shares with the visit, and what came of showing it.
        sizes: widths of the networks.
        rate: share of impressions that were clicked, in (0, 1), which an untrained model says of everything.

    Attributes:
        told: by name of an array of codes, the places that are read.
    """

    def __init__(
        self, user: Inputs, context: Inputs, item: Inputs, numbers: int, sizes: DlrmSizes, rate: float
    ) -> None:
        super().__init__()
        told = {"user_codes": user, "item_codes": item}
        self.told = {
            name: [place for place in range(len(each.codes)) if place not in each.ids] for name, each in told.items()
        }
        self.interaction = Interaction(
            without_ids(user), context, without_ids(item), numbers, sizes, whole_request=True
        )
        self.logit = nn.Linear(sizes.top[-1], 1)
        nn.init.zeros_(self.logit.weight)
        nn.init.constant_(self.logit.bias, torch.logit(torch.tensor(rate)).item())

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Request arrays [B, ...] and candidate arrays, with `likeness` and `shown`, [B, C, ...] -> logits [B, C]."""
        told = {name: inputs[name][..., places] for name, places in self.told.items() if places}
        numbers = torch.cat([inputs["likeness"], inputs["shown"]], dim=2)
        return self.logit(self.interaction({**inputs, **told}, numbers)).squeeze(2)
