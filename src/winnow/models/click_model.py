"""How likely a visitor clicks an item that is looked at.

What belongs to the request is computed once for all its candidates, and what belongs to the item alone can be made once
for all requests; only the rest is done for each candidate. The bodies differ in how both sides meet.

Sources: Naumov et al., Deep learning recommendation model for personalization and recommendation systems, 2019; Wang
et al., DCN V2, WWW 2021; Guo et al., DeepFM, IJCAI 2017; Zhou et al., Deep interest network, KDD 2018.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from winnow.models.click_sides import ItemSide, RequestSide, Sides, Widths
from winnow.models.click_sizes import ClickKind, ClickSizes
from winnow.models.dcn_body import DcnBody
from winnow.models.deep_fm_body import DeepFmBody
from winnow.models.dlrm_body import DlrmBody
from winnow.models.inputs import Inputs
from winnow.models.target_attention import TargetAttention
from winnow.schema.errors import RecipeError

Body = DlrmBody | DcnBody | DeepFmBody
BODIES: Mapping[ClickKind, Callable[[Widths, ClickSizes], Body]] = {
    "dlrm": DlrmBody,
    "dcn": DcnBody,
    "deep_fm": DeepFmBody,
}


class ClickModel(nn.Module):
    """Log-odds of a click on each candidate, once it is looked at.

    Candidates do not see each other, so that an item's answer does not depend on what stands beside it.

    Args:
        user, context, item: widths of their arrays.
        likeness: width of what a candidate shares with the visit.
        sizes: kind and widths.
        rate: share of impressions that were clicked, in (0, 1), which an untrained model says of everything.

    Raises:
        RecipeError: a history is wanted, and of items nothing but their ids is told.
    """

    def __init__(
        self, user: Inputs, context: Inputs, item: Inputs, likeness: int, sizes: ClickSizes, rate: float
    ) -> None:
        super().__init__()
        if sizes.history and not (item.values or item.vectors or len(item.codes) > len(item.ids)):
            raise RecipeError(
                f"The click model has history {sizes.history}, and no feature tells what an item is like but its id; "
                "give the items a category, a number or content, or the history 0."
            )
        attended = sizes.history > 0
        self.request = RequestSide(user, context, sizes.dim)
        self.items = ItemSide(item, sizes.dim, paired=sizes.kind == "dlrm", attended=attended)
        self.attention = TargetAttention() if attended else None
        widths = Widths(
            request_vectors=self.request.vectors,
            item_vectors=self.items.vectors,
            pooled_vectors=int(attended),
            request_numbers=self.request.numbers,
            candidate_numbers=item.values + likeness,
            dim=sizes.dim,
        )
        self.body = BODIES[sizes.kind](widths, sizes)
        self.logit = nn.Linear(self.body.width, 1)
        nn.init.zeros_(self.logit.weight)
        nn.init.constant_(self.logit.bias, torch.logit(torch.tensor(rate)).item())

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Request arrays [B, ...], candidate arrays and `likeness` [B, C, ...] by name -> logits [B, C].

        With a history, its content [B, L, ...] by name `history_...`, and `history_present` [B, L], 1 or 0.
        """
        made = self.items(inputs)
        return self.score({**inputs, **made} if self.attention is None else {**inputs, **made, **self._events(inputs)})

    def score(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """The same, of what `items` made: of the candidates [B, C, ...], and of the events `history` [B, L, ...]."""
        request_vectors, request_numbers = self.request(inputs)
        numbers = [inputs[name] for name in ("item_values", "likeness") if name in inputs]
        pooled = None
        if self.attention is not None:
            pooled = self.attention(inputs["item_query"], inputs["history"], inputs["history_present"])
        sides = Sides(
            request_vectors=request_vectors,
            request_numbers=request_numbers,
            item_vectors=inputs.get("item_vectors"),
            item_pairs=inputs.get("item_pairs"),
            pooled=pooled,
            numbers=torch.cat(numbers, dim=2),
        )
        hidden = self.body(sides)
        return self.logit(hidden.flatten(0, 1)).reshape(hidden.shape[:2])

    def _events(self, inputs: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
        return {"history": self.items.events(inputs)}
