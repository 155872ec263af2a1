"""All categorical columns of an entity in one table: one gather, whatever their number."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class CodeEmbedding(nn.Module):
    """Embeds codes.

    Args:
        cardinalities: of each column; codes lie below.
        dim: width of every embedding.
    """

    def __init__(self, cardinalities: Sequence[int], dim: int) -> None:
        super().__init__()
        self.starts: Tensor
        starts = torch.tensor([0, *cardinalities[:-1]], dtype=torch.int64).cumsum(0)
        self.register_buffer("starts", starts, persistent=False)
        self.table = nn.Embedding(sum(cardinalities), dim)
        nn.init.normal_(self.table.weight, std=dim**-0.5)

    def forward(self, codes: Tensor) -> Tensor:
        """int [..., F] -> float [..., F, D]."""
        return self.table(codes + self.starts.to(codes.dtype))
