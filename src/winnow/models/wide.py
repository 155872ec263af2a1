"""The wide part of the ranker: what towers, history and sources say of a candidate, weighed, one number each.

Source: Cheng et al., Wide and deep learning for recommender systems, DLRS 2016.
"""

from collections.abc import Container, Mapping

import torch
from torch import Tensor, nn

HISTORY = "history_vector"
HAD = -1
"""Place in `match`, counted from its end, of 1 where the user had the item, else 0."""
KINDS = ("had", "new", "newcomer")
"""Candidates that are weighed apart: what the user had, what is new to a user with a history, and everything where
there is none. What a source says means one thing of an item to return to and another of one to discover."""
NEW, NEWCOMER = KINDS.index("new"), KINDS.index("newcomer")
RETRIEVAL = -1
"""Place of the logit of retrieval in what is said of a candidate, counted from its end."""


class Wide(nn.Module):
    """Logits [B, C] of a choice among candidates; new, they are those of the towers.

    Args:
        said: F, width of what `said_of` gives.

    Attributes:
        weight: [KINDS, F].
    """

    CANDIDATE = ("item_tower", "match", "source_features", "clicks")

    def __init__(self, said: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(len(KINDS), said))
        with torch.no_grad():
            self.weight[:, RETRIEVAL] = 1.0

    @staticmethod
    def request(candidate: Container[str]) -> tuple[str, ...]:
        """Names of the arrays [B, D] of a request that are read beside those of its candidates."""
        return tuple(dict.fromkeys((HISTORY, *_compared(candidate))))

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """The arrays of `request` and, as far as there are any, CANDIDATE [B, C, ...] by column name."""
        return weighed(said_of(inputs), kinds_of(inputs), self.weight)


def weighed(said: Tensor, kinds: Tensor, weight: Tensor) -> Tensor:
    """[B, C, S] numbers of candidates of kinds [B, C] under weights [K, S] -> [B, C]."""
    return (said @ weight.T).gather(2, kinds.unsqueeze(2)).squeeze(2)


def said_of(inputs: Mapping[str, Tensor]) -> Tensor:
    """[B, C, F], what history, sources, clicks and towers say of each candidate."""
    said = [inputs[name] for name in ("match", "source_features", "clicks") if name in inputs]
    towers = torch.stack([inputs[name] for name in _compared(inputs)], dim=2)
    return torch.cat([*said, inputs["item_tower"] @ towers], dim=2)


def _compared(inputs: Container[str]) -> tuple[str, ...]:
    """Vectors of the request with which an item's is compared, the query last, whose product is the logit of retrieval.

    The others are the mean of the history and what of the query is not of the history, of which a click model has
    learned more.
    """
    return ("query",) if "clicks" in inputs else ("moment_vector", HISTORY, "query")


def kinds_of(inputs: Mapping[str, Tensor]) -> Tensor:
    """int64 [B, C], places in KINDS."""
    known = 1 - (inputs["match"][..., HAD] > 0).long()
    return torch.where(newcomers(inputs)[:, None], NEWCOMER, known)


def newcomers(inputs: Mapping[str, Tensor]) -> Tensor:
    """bool [B], requests without a history: its mean is that of nothing."""
    return inputs[HISTORY].abs().amax(dim=1) == 0
