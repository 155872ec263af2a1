"""The deep part of a click model of rows: the body of the DLRM, each row one candidate of a request of its own."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from winnow.models.click_table_sizes import ClickTableSizes
from winnow.models.inputs import Inputs
from winnow.models.interaction import DlrmSizes, Interaction

NOTHING = Inputs(codes=(), values=0, vectors={})


class DlrmPart(nn.Module):
    """Log-odds by dot products of all pairs of embeddings, and a network above them.

    Args:
        inputs: widths of the arrays of a row.
        sizes: widths of the networks.

    Source:
        Naumov et al., Deep learning recommendation model for personalization and recommendation systems, 2019.
    """

    def __init__(self, inputs: Inputs, sizes: ClickTableSizes) -> None:
        super().__init__()
        widths = DlrmSizes(dim=sizes.dim, bottom=sizes.bottom, top=sizes.hidden)
        # The number beside a row's own is a constant: the body wants one where a table has none.
        self.interaction = Interaction(NOTHING, NOTHING, inputs, 1, widths)
        self.dropout = nn.Dropout(sizes.dropout)
        self.logit = nn.Linear(sizes.hidden[-1], 1)

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """`codes` int [B, K] and `values` float [B, V] -> logits [B]."""
        item = {f"item_{name}": each.unsqueeze(1) for name, each in inputs.items()}
        ones = torch.ones_like(inputs["values"][:, :1].sum(dim=1))[:, None, None]
        return self.logit(self.dropout(self.interaction(item, ones))).flatten()
