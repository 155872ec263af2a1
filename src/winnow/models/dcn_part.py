"""The deep part of a click model of rows: cross layers beside a network."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from winnow.models.click_table_sizes import ClickTableSizes
from winnow.models.code_embedding import CodeEmbedding
from winnow.models.cross_network import CrossNetwork
from winnow.models.dropout_network import DropoutNetwork
from winnow.models.inputs import Inputs


class DcnPart(nn.Module):
    """Log-odds by DCN-V2, parallel: embeddings and numbers in one row, crossed, and in a network beside.

    Args:
        inputs: widths of the arrays of a row.
        sizes: widths of the networks.

    Source:
        Wang et al., DCN V2: improved deep and cross network, WWW 2021.
    """

    def __init__(self, inputs: Inputs, sizes: ClickTableSizes) -> None:
        super().__init__()
        width = len(inputs.codes) * sizes.dim + inputs.values
        self.codes = CodeEmbedding(inputs.codes, sizes.dim)
        self.cross = CrossNetwork(width, sizes.crosses)
        self.network = DropoutNetwork(width, sizes.hidden, sizes.dropout)
        self.dropout = nn.Dropout(sizes.dropout)
        self.logit = nn.Linear(width + sizes.hidden[-1], 1)

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """`codes` int [B, K] and `values` float [B, V] -> logits [B]."""
        rows = torch.cat([self.codes(inputs["codes"]).flatten(1), inputs["values"]], dim=1)
        both = torch.cat([self.dropout(self.cross(rows)), self.network(rows)], dim=1)
        return self.logit(both).squeeze(1)
