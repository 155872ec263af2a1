"""What of a history speaks for a candidate: each candidate weighs the events anew.

Shapes: B requests, C candidates, L events, D width, K key width, Q one more, U units, P all units of all events.

Source: Zhou et al., Deep interest network for click-through rate prediction, KDD 2018.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

KEY = 16
"""Width in which a candidate and an event are compared."""
UNITS = 8
"""Hidden numbers of a comparison."""


class TargetAttention(nn.Module):
    """The sum of the events' values, each weighed by a network of one hidden layer.

    It reads the outer product of candidate and event, and as in the paper the weights do not sum to one: much of a kind
    says more than little of it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.units = nn.Linear(KEY, UNITS * KEY)
        self.weight = nn.Linear(UNITS, 1, bias=False)

    def forward(self, query_BCK: Tensor, events_BLE: Tensor, present_BL: Tensor) -> Tensor:
        """Candidates, keys and values of events beside each other (E = K + D), and 1 or 0 -> [B, C, D].

        Without events it is zero.
        """
        key_BLK, value_BLD = events_BLE[..., :KEY], events_BLE[..., KEY:]
        # A unit is linear in the candidate: the few events become its weights, and all candidates meet all units of all
        # events in one product.
        weights = torch.cat([self.units.weight, self.units.bias.unsqueeze(1)], dim=1).unflatten(0, (UNITS, KEY))
        slopes_BLQU = (key_BLK @ weights.permute(1, 2, 0).flatten(1)).unflatten(2, (KEY + 1, UNITS))
        slopes_BQP = slopes_BLQU.transpose(1, 2).flatten(2)
        units = _units(query_BCK, slopes_BQP[:, :KEY], slopes_BQP[:, KEY:])
        weights_BCL = (units.reshape(-1, UNITS) @ self.weight.weight.T).reshape(*query_BCK.shape[:2], key_BLK.shape[1])
        return weights_BCL @ (value_BLD * present_BL.unsqueeze(2))


def _units(query_BCK: Tensor, slopes_BKP: Tensor, bias_B1P: Tensor) -> Tensor:
    """[..., P], of one request a matrix: what serves the model joins product, bias and ReLU of matrices in one."""
    if len(query_BCK) == 1:
        return F.relu(torch.addmm(bias_B1P.squeeze(0), query_BCK.squeeze(0), slopes_BKP.squeeze(0)))
    return F.relu(torch.baddbmm(bias_B1P, query_BCK, slopes_BKP))
