"""The two towers: items and requests become unit vectors of one space.

Source: Yi et al., Sampling-bias-corrected neural modeling for large corpus item recommendations, RecSys 2019.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from winnow.models.code_embedding import CodeEmbedding
from winnow.models.content_vector import ContentVector
from winnow.models.inputs import Inputs

HIDDEN = 128


class ItemTower(nn.Module):
    """Item features to a unit vector.

    Args:
        item: widths of the item's arrays.
        dim: width of the space.
    """

    def __init__(self, item: Inputs, dim: int) -> None:
        super().__init__()
        self.codes = CodeEmbedding(item.codes, dim) if item.codes else None
        self.names = tuple(item.vectors)
        self.content = nn.ModuleList(ContentVector(each) for each in item.vectors.values())
        width = len(item.codes) * dim + item.values + sum(item.vectors.values())
        self.head = ResidualHead(width, dim)

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """`item_codes` [I, F], `item_values` [I, V], `item_vector_<name>` [I, W] -> [I, D]."""
        parts = [self.codes(inputs["item_codes"]).flatten(1)] if self.codes is not None else []
        parts += [inputs[name] for name in ("item_values",) if name in inputs]
        named = zip(self.names, self.content, strict=True)
        parts += [content(inputs[f"item_vector_{name}"]) for name, content in named]
        return F.normalize(self.head(torch.cat(parts, dim=1)), dim=1)


class QueryTower(nn.Module):
    """User, context and the mean of the history's item vectors to a unit vector.

    Args:
        user, context: widths of their arrays.
        dim: width of the space.
    """

    def __init__(self, user: Inputs, context: Inputs, dim: int) -> None:
        super().__init__()
        self.user_codes = CodeEmbedding(user.codes, dim) if user.codes else None
        self.context_codes = CodeEmbedding(context.codes, dim) if context.codes else None
        width = (len(user.codes) + len(context.codes) + 1) * dim + user.values + context.values + 1
        self.head = ResidualHead(width, dim)
        self.history_weight = nn.Parameter(torch.ones(()))

    def forward(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Request arrays, `history_vectors` [B, L, D], `history_present` [B, L] -> query, history mean, both [B, D]."""
        present = inputs["history_present"].unsqueeze(2)
        pooled = (inputs["history_vectors"] * present).sum(1) / present.sum(1).clamp(min=1.0)
        return self.of_pooled(inputs, pooled, present.amax(1)), pooled

    def of_pooled(self, inputs: Mapping[str, Tensor], pooled: Tensor, any_history: Tensor) -> Tensor:
        """Request arrays, the history mean [B, D] and whether there is any [B, 1] -> query [B, D]."""
        parts = [pooled, any_history]
        for name, embedding in (("user_codes", self.user_codes), ("context_codes", self.context_codes)):
            if embedding is not None:
                parts.append(embedding(inputs[name]).flatten(1))
        parts += [inputs[name] for name in ("user_values", "context_values") if name in inputs]
        query = self.head(torch.cat(parts, dim=1)) + self.history_weight * pooled
        return F.normalize(query, dim=1)


class ResidualHead(nn.Module):
    """One hidden layer beside a straight linear path, so that what is linear need not be learned twice."""

    def __init__(self, width: int, dim: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(width, HIDDEN)
        self.out = nn.Linear(HIDDEN, dim)
        self.straight = nn.Linear(width, dim, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """[..., width] -> [..., dim]."""
        return self.out(F.relu(self.hidden(x))) + self.straight(x)
