"""Lengths of time, from seconds to years, as numbers that a layer can tell apart."""

import torch
from torch import Tensor, nn

MAGNITUDES = 20
"""Centres at ln(1 + seconds) = 0, 1, ..., 19: from an instant to five years, each e times the one before."""
FAR = 80.0
"""Squares of distances from a centre count no further: e^-80 of a membership is nothing, and of numbers so small that
a float has no full digits for them, a processor takes ten times as long."""


class TimeGaps(nn.Module):
    """Seconds to vectors: soft memberships of magnitudes, mixed by one layer.

    Args:
        dim: width of the vectors.
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.centres: Tensor
        self.register_buffer("centres", torch.arange(MAGNITUDES, dtype=torch.float32), persistent=False)
        self.mix = nn.Linear(MAGNITUDES, dim)

    def forward(self, seconds: Tensor) -> Tensor:
        """[...] seconds, negative ones read as 0 -> [..., D]."""
        return self.mix(self.shares(seconds))

    def shares(self, seconds: Tensor) -> Tensor:
        """[...] seconds, negative ones read as 0 -> [..., MAGNITUDES], memberships from 0 to 1."""
        apart = torch.log1p(seconds.clamp(min=0.0)).unsqueeze(-1) - self.centres
        return torch.exp(-(apart * apart).clamp(max=FAR))
