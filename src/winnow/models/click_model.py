"""How likely a visitor clicks an item that is looked at.

What belongs to the request is computed once for all its candidates, and what belongs to the item alone can be made once
for all requests; only the rest is done for each candidate. The kinds differ in how both sides meet.

Sources: Naumov et al., Deep learning recommendation model for personalization and recommendation systems, 2019; Wang
et al., DCN V2, WWW 2021; Guo et al., DeepFM, IJCAI 2017; Zhou et al., Deep interest network, KDD 2018.
"""

from collections.abc import Mapping

from torch import Tensor, nn

from winnow.models.click_scorer import ClickScorer
from winnow.models.click_sizes import ClickSizes
from winnow.models.inputs import Inputs
from winnow.models.item_side import ItemSide
from winnow.models.request_side import RequestSide
from winnow.schema.errors import RecipeError


class ClickModel(nn.Module):
    """Log-odds of a click on each candidate, once it is looked at.

    Candidates do not see each other, so that an item's answer does not depend on what stands beside it.

    Args:
        user, context, item: widths of their arrays.
        numbers: of each candidate besides its own: what it shares with the visit, and what came of showing it.
        sizes: kind and widths.
        rate: share of impressions that were clicked, in (0, 1), which an untrained model says of everything.

    Raises:
        RecipeError: a history is wanted, and nothing is told of items but their ids.
    """

    def __init__(
        self, user: Inputs, context: Inputs, item: Inputs, numbers: int, sizes: ClickSizes, rate: float
    ) -> None:
        super().__init__()
        if sizes.history and not (item.values or item.vectors or len(item.codes) > len(item.ids)):
            raise RecipeError(
                f"The click model has history {sizes.history}, and nothing tells what an item is like; give the items "
                "a category, a number or content, or the click model the history 0."
            )
        self.items = ItemSide(item, sizes.dim, paired=sizes.kind == "dlrm", attended=sizes.history > 0)
        request = RequestSide(user, context, sizes)
        self.scorer = ClickScorer(request, self.items.vectors, item.values + numbers, sizes, rate)

    @property
    def unread(self) -> frozenset[str]:
        """Names of arrays of codes that only say which user or item it is."""
        return self.scorer.unread if self.items.told else self.scorer.unread | {"item_codes", "history_codes"}

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Request arrays [B, ...] and candidate arrays, with `likeness` and `shown`, [B, C, ...] -> logits [B, C].

        With a history, arrays of U items [U, ...] by name `history_...`, `history_rows`, int64 [B, L] below U, and
        `history_present` [B, L], 1 or 0.
        """
        return self.scorer(self._made(inputs))

    def answers(self, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """As `ClickScorer.answers`; inputs as of `forward`."""
        return self.scorer.answers(self._made(inputs))

    def hidden(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """As `ClickScorer.hidden`; inputs as of `forward`."""
        return self.scorer.hidden(self._made(inputs))

    def _made(self, inputs: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
        made = {**inputs, **self.items(inputs)}
        return made if self.items.event is None else {**made, "history_events": self.items.events(inputs)}
