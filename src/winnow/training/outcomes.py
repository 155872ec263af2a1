"""What came of impressions besides clicks, as the heads of the click model learn it."""

from dataclasses import dataclass

import torch
from torch import Tensor

from winnow.data.positive_outcomes import AS_SHOWN, further_outcomes
from winnow.models.outcome_heads import outcome_loss
from winnow.schema.column import Array
from winnow.training.click_batches import ClickBatches


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """Of N impressions, by H heads.

    Attributes:
        came: bool [N, H], whether it came so far.
        asked: bool [N, H], whether the head learns from it: one that follows on a click from what was clicked, a
            dismissal from all; one whose outcome never or always came, from none.
        rates: H shares of what each is asked of that came, half an impression of either kind added, so that what never
            came may.

    Source:
        Krichevsky and Trofimov, The performance of universal encoding, IEEE Transactions on Information Theory, 1981.
    """

    came: Tensor
    asked: Tensor
    rates: tuple[float, ...]

    @staticmethod
    def of(batches: ClickBatches, used: Array) -> "Outcomes":
        """Of all impressions, where int64 `used` [n] are learned from."""
        rows = batches.rows
        came, asked = torch.from_numpy(rows.came), torch.from_numpy(rows.clicked)[:, None].repeat(1, rows.came.shape[1])
        for head, name in enumerate(further_outcomes(batches.data.schema)):
            asked[:, head] |= name in AS_SHOWN
        number, coming = asked[used].sum(dim=0), (asked & came)[used].sum(dim=0)
        rates = (coming + 0.5) / (number + 1)
        return Outcomes(came=came, asked=asked & (coming > 0) & (coming < number), rates=tuple(rates.tolist()))

    def loss(self, log_odds: Tensor, chosen: Array) -> Tensor:
        """Of impressions int64 [n] with log-odds float [n, H]; 0 where there are no heads."""
        return outcome_loss(log_odds, self.came[chosen], self.asked[chosen])
