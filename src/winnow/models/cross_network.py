"""Products of what a row says with itself, of a degree that grows by one a layer."""

from torch import Tensor, nn


class CrossNetwork(nn.Module):
    """Cross layers with full matrices: x becomes x0 * (W x + b) + x.

    Args:
        width: of a row.
        layers: at least 1; after L of them products of up to L + 1 numbers are there.

    Source:
        Wang et al., DCN V2: improved deep and cross network, WWW 2021, equation 1.
    """

    def __init__(self, width: int, layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(width, width) for _ in range(layers))

    def forward(self, rows: Tensor) -> Tensor:
        """[B, W] -> [B, W]."""
        crossed = rows
        for layer in self.layers:
            crossed = rows * layer(crossed) + crossed
        return crossed
