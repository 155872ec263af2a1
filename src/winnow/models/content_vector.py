"""Content that an item may lack."""

import torch
from torch import Tensor, nn


class ContentVector(nn.Module):
    """Words or a picture as a unit vector; the zero vector, which means missing, becomes a learned one.

    Args:
        width: of the vectors.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.missing = nn.Parameter(torch.zeros(width))

    def forward(self, vectors: Tensor) -> Tensor:
        """[..., width] -> [..., width]."""
        is_missing = vectors.square().sum(-1, keepdim=True) < 0.5
        return torch.where(is_missing, self.missing, vectors)
