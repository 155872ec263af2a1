"""What of a history speaks for a candidate: each candidate weighs the events anew.

Shapes: B requests, C candidates, L events, D width, K key width, U units.

Source: Zhou et al., Deep interest network for click-through rate prediction, KDD 2018.
"""

from torch import Tensor, nn
from torch.nn import functional as F

KEY = 16
"""Width in which a candidate and an event are compared."""
UNITS = 8
"""Hidden numbers of a comparison."""


class TargetAttention(nn.Module):
    """The sum of the events' values, each weighed by a network of one hidden layer.

    It reads the outer product of candidate and event, and as in the paper the weights do not sum to one: much of a kind
    says more than little of it. The hidden layer is one matrix product for all candidates and events.
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
        slopes_BUCK = self.units(query_BCK).unflatten(2, (UNITS, KEY)).transpose(1, 2)
        units_BPL = F.relu(slopes_BUCK.flatten(1, 2) @ key_BLK.transpose(1, 2))
        units_BUP = units_BPL.unflatten(1, (UNITS, -1)).flatten(2)
        weights_BCL = (self.weight.weight @ units_BUP).reshape(*query_BCK.shape[:2], key_BLK.shape[1])
        return weights_BCL @ (value_BLD * present_BL.unsqueeze(2))
