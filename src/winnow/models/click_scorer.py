"""What of a click model is done for every request."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from winnow.models.click_sides import Sides, Widths
from winnow.models.click_sizes import ClickKind, ClickSizes
from winnow.models.dcn_body import DcnBody
from winnow.models.deep_fm_body import DeepFmBody
from winnow.models.dlrm_body import DlrmBody
from winnow.models.outcome_heads import OutcomeHeads
from winnow.models.request_side import RequestSide
from winnow.models.target_attention import TargetAttention

CLICK_OUTPUTS = ("score", "after")
Body = DlrmBody | DcnBody | DeepFmBody
BODIES: Mapping[ClickKind, Callable[[Widths, ClickSizes], Body]] = {
    "dlrm": DlrmBody,
    "dcn": DcnBody,
    "deep_fm": DeepFmBody,
}


class ClickScorer(nn.Module):
    """Log-odds of a click on each candidate, of what `ItemSide` made of the items.

    Args:
        request: reads user and context.
        vectors: of an item.
        numbers: of a candidate.
        sizes: kind and widths.
        rate: share of impressions that were clicked, in (0, 1), which an untrained model says of everything.

    Attributes:
        heads: for further outcomes, on the hidden numbers; None before they are learned, or where there are none.
    """

    heads: OutcomeHeads | None

    def __init__(self, request: RequestSide, vectors: int, numbers: int, sizes: ClickSizes, rate: float) -> None:
        super().__init__()
        self.request = request
        self.attention = TargetAttention() if sizes.history else None
        widths = Widths(
            request_vectors=request.vectors,
            item_vectors=vectors,
            pooled_vectors=int(sizes.history > 0),
            request_numbers=request.numbers,
            candidate_numbers=numbers,
            dim=sizes.dim,
        )
        self.body = BODIES[sizes.kind](widths, sizes)
        self.logit = nn.Linear(self.body.width, 1)
        nn.init.zeros_(self.logit.weight)
        nn.init.constant_(self.logit.bias, torch.logit(torch.tensor(rate)).item())
        self.heads = None

    @property
    def unread(self) -> frozenset[str]:
        """Names of arrays of codes that only say which user it is."""
        return frozenset() if self.request.told else frozenset({"user_codes"})

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Request arrays and, [B, C, ...], `item_values`, what `ItemSide` makes, `likeness` and `shown`.

        With a history also `history_events` [B, L, KEY + D], the `item_event` of its items, and `history_present`
        [B, L], 1 or 0.

        Returns:
            [B, C].
        """
        return self.logits(self.hidden(inputs))

    def answers(self, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """As it is served: `score`, the log-odds, and with heads `after` [B, C, H], the chances of their outcomes."""
        hidden = self.hidden(inputs)
        outputs = (self.logits(hidden), *(() if self.heads is None else (self.heads(hidden),)))
        return dict(zip(CLICK_OUTPUTS, outputs, strict=False))

    def logits(self, hidden: Tensor) -> Tensor:
        """[B, C] of what `hidden` gives."""
        return self.logit(hidden.flatten(0, 1)).reshape(hidden.shape[:2])

    def hidden(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """[B, C, W], what was found for each candidate, of which the log-odds are a weighted sum."""
        request_vectors, request_numbers = self.request(inputs)
        numbers = [inputs[name] for name in ("item_values", "likeness", "shown") if name in inputs]
        pooled = None
        if self.attention is not None:
            pooled = self.attention(inputs["item_query"], inputs["history_events"], inputs["history_present"])
        sides = Sides(
            request_vectors=request_vectors,
            request_numbers=request_numbers,
            item_vectors=inputs.get("item_vectors"),
            item_pairs=inputs.get("item_pairs"),
            pooled=pooled,
            numbers=torch.cat(numbers, dim=2),
        )
        return self.body(sides)
