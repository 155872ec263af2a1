"""One weight for each code and each number: logistic regression, and the wide part of deep models."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from winnow.models.code_embedding import CodeEmbedding
from winnow.models.inputs import Inputs


class FirstOrder(nn.Module):
    """Log-odds as a sum over what a row says; new, it says 0 of everything.

    Args:
        inputs: widths of the arrays of a row.
    """

    def __init__(self, inputs: Inputs) -> None:
        super().__init__()
        self.codes = CodeEmbedding(inputs.codes, 1)
        nn.init.zeros_(self.codes.table.weight)
        self.values = nn.Parameter(torch.zeros(inputs.values))
        self.bias = nn.Parameter(torch.zeros(()))

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """`codes` int [B, K] and `values` float [B, V] -> logits [B]."""
        return self.codes(inputs["codes"]).sum(dim=(1, 2)) + inputs["values"] @ self.values + self.bias
