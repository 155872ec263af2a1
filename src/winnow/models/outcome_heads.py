"""What else may come of an impression: a cart, a purchase, a dismissal."""

from torch import Tensor, nn
from torch.nn import functional as F


class OutcomeHeads(nn.Module):
    """Chances of H outcomes: one linear layer on the W numbers that the click model has found for a candidate.

    It comes when the others are trained and moves none of them: few impressions are bought, and the click is told as it
    is without heads.

    Args:
        weight: float32 [H, W].
        bias: float32 [H].
    """

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight, requires_grad=False)
        self.bias = nn.Parameter(bias, requires_grad=False)

    def forward(self, hidden_BCW: Tensor) -> Tensor:
        """[B, C, W] -> [B, C, H]."""
        # Rows of a matrix: what serves the model joins its product and the bias.
        return F.linear(hidden_BCW.flatten(0, 1), self.weight, self.bias).sigmoid().unflatten(0, hidden_BCW.shape[:2])
