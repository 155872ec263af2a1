"""The deep part of a click model of rows: a factorisation machine beside a network on the same embeddings."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from winnow.models.click_table_sizes import ClickTableSizes
from winnow.models.code_embedding import CodeEmbedding
from winnow.models.dropout_network import DropoutNetwork
from winnow.models.factor_pairs import factor_pairs
from winnow.models.inputs import Inputs

START = 0.05
"""Standard deviation of a new vector of a number."""


class DeepFmPart(nn.Module):
    """Log-odds by DeepFM without its first-order term, which the wide part is.

    Args:
        inputs: widths of the arrays of a row.
        sizes: widths of the networks.

    Source:
        Guo et al., DeepFM: a factorization-machine based neural network for CTR prediction, IJCAI 2017.
    """

    def __init__(self, inputs: Inputs, sizes: ClickTableSizes) -> None:
        super().__init__()
        self.codes = CodeEmbedding(inputs.codes, sizes.dim)
        self.values = nn.Parameter(START * torch.randn(inputs.values, sizes.dim))
        width = len(inputs.codes) * sizes.dim + inputs.values
        self.network = DropoutNetwork(width, sizes.hidden, sizes.dropout)
        self.logit = nn.Linear(sizes.hidden[-1], 1)

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """`codes` int [B, K] and `values` float [B, V] -> logits [B]."""
        codes, values = self.codes(inputs["codes"]), inputs["values"]
        pairs = factor_pairs(torch.cat([codes, values.unsqueeze(2) * self.values], dim=1))
        deep = self.network(torch.cat([codes.flatten(1), values], dim=1))
        return pairs + self.logit(deep).squeeze(1)
