"""The wide part of the ranker: what towers, history and sources say of a candidate, weighed, one number each.

Source: Cheng et al., Wide and deep learning for recommender systems, DLRS 2016.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from winnow.models.towers import QUERY_OUTPUTS

HAD = -1
"""Place in `match`, counted from its end, of 1 where the user had the item, else 0."""
KINDS = ("had", "new", "newcomer")
"""Candidates that are weighed apart: what the user had, what is new to a user with a history, and everything where
there is none. What a source says means one thing of an item to return to and another of one to discover."""
NEW, NEWCOMER = KINDS.index("new"), KINDS.index("newcomer")
LIKENESSES = 3
"""Inner products of an item with what is known of the request: the query, which is the logit of retrieval, the mean of
the history, and what of the query is not of the history."""


class Wide(nn.Module):
    """Logits [B, C] of a choice among candidates; new, they are those of the towers.

    Args:
        match: width of the candidate's match with the history, of what the sources said of it, and of what is known of
            clicks on it, together.

    Attributes:
        weight: [KINDS, match + LIKENESSES].
    """

    REQUEST = QUERY_OUTPUTS
    CANDIDATE = ("item_tower", "match", "source_features", "clicks")

    def __init__(self, match: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(len(KINDS), match + LIKENESSES))
        with torch.no_grad():
            self.weight[:, -LIKENESSES] = 1.0

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """The arrays REQUEST [B, D] and, as far as there are any, CANDIDATE [B, C, ...] by column name."""
        return weighed(said_of(inputs), kinds_of(inputs), self.weight)


def weighed(said: Tensor, kinds: Tensor, weight: Tensor) -> Tensor:
    """[B, C, S] numbers of candidates of kinds [B, C] under weights [K, S] -> [B, C]."""
    return (said @ weight.T).gather(2, kinds.unsqueeze(2)).squeeze(2)


def said_of(inputs: Mapping[str, Tensor]) -> Tensor:
    """[B, C, match + LIKENESSES], what history, sources, clicks and towers say of each candidate."""
    said = [inputs[name] for name in ("match", "source_features", "clicks") if name in inputs]
    towers = torch.stack([inputs[name] for name in Wide.REQUEST], dim=2)
    return torch.cat([*said, inputs["item_tower"] @ towers], dim=2)


def kinds_of(inputs: Mapping[str, Tensor]) -> Tensor:
    """int64 [B, C], places in KINDS."""
    known = 1 - (inputs["match"][..., HAD] > 0).long()
    return torch.where(newcomers(inputs)[:, None], NEWCOMER, known)


def newcomers(inputs: Mapping[str, Tensor]) -> Tensor:
    """bool [B], requests without a history: its mean is that of nothing."""
    return ~inputs["history_vector"].any(dim=1)
