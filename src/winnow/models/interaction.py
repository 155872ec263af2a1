"""Where everything that is known of a request and a candidate meets, in pairs: the body of a DLRM.

Embeddings and vectors meet in dot products; numbers enter through a bottom network. What belongs to the request is
computed once for all its candidates: every layer that sees both sides is the sum of a request part [B, 1, ...] and a
candidate part [B, C, ...].

Source: Naumov et al., Deep learning recommendation model for personalization and recommendation systems, 2019.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from winnow.models.code_embedding import CodeEmbedding
from winnow.models.content_vector import ContentVector
from winnow.models.inputs import Inputs, told_places, without_ids
from winnow.schema.errors import RecipeError


@dataclass(frozen=True, slots=True, kw_only=True)
class DlrmSizes:
    """Widths of the networks; the last bottom width is `dim`.

    Attributes:
        dim: width of everything that meets in dot products.
        bottom: hidden widths before `dim`; none of them is a single layer.
        top: hidden widths before the logit, at least one.

    Raises:
        RecipeError: a width is not a whole number above 0, or the top has none.
    """

    dim: int = 64
    bottom: tuple[int, ...] = (128,)
    top: tuple[int, ...] = (128, 64, 32)

    def __post_init__(self) -> None:
        for name, widths in (("dim", (self.dim,)), ("bottom", self.bottom), ("top", self.top)):
            if wrong := [width for width in widths if not isinstance(width, int) or width < 1]:
                raise RecipeError(f"The ranker's {name} has the width {wrong[0]!r}; a whole number above 0 is wanted.")
        if not self.top:
            raise RecipeError("The ranker's top has no layers; give at least one width, for example (64, 32).")


class Interaction(nn.Module):
    """What is known of C candidates of each of B requests, in hidden numbers; which user or item it is, is not read.

    Args:
        user, context, item: widths of their arrays.
        numbers: of each candidate that come besides its own.
        sizes: widths of the networks.
    """

    def __init__(self, user: Inputs, context: Inputs, item: Inputs, numbers: int, sizes: DlrmSizes) -> None:
        super().__init__()
        dim, self.user_told, self.item_told = sizes.dim, told_places(user), told_places(item)
        self.user_codes = CodeEmbedding(without_ids(user).codes, dim) if self.user_told else None
        self.context_codes = CodeEmbedding(context.codes, dim) if context.codes else None
        self.item_codes = CodeEmbedding(without_ids(item).codes, dim) if self.item_told else None
        self.names = tuple(item.vectors)
        widths = item.vectors.values()
        self.content = nn.ModuleList(nn.Sequential(ContentVector(each), nn.Linear(each, dim)) for each in widths)
        self.bottom = SplitNetwork(user.values + context.values, item.values + numbers, (*sizes.bottom, dim))
        request_vectors = len(self.user_told) + len(context.codes)
        candidate_vectors = len(self.item_told) + len(item.vectors) + 1
        self.request_pairs = UpperPairs(request_vectors)
        self.candidate_pairs = UpperPairs(candidate_vectors)
        crossed = request_vectors * candidate_vectors
        self.top = SplitNetwork(self.request_pairs.count, dim + crossed + self.candidate_pairs.count, sizes.top)

    def forward(self, inputs: Mapping[str, Tensor], numbers: Tensor) -> Tensor:
        """Request arrays [B, ...] and candidate arrays [B, C, ...] by column name, and numbers [B, C, K].

        Returns:
            [B, C, sizes.top[-1]], not negative.
        """
        numbers_BCD = F.relu(self.bottom(*self._numbers(inputs, numbers)))
        candidate_BCFD = torch.cat([*self._candidate_vectors(inputs), numbers_BCD.unsqueeze(2)], dim=2)
        candidate = [numbers_BCD, self.candidate_pairs(candidate_BCFD)]
        request_vectors = self._request_vectors(inputs)
        request = nothing_of(numbers)
        if request_vectors:
            request_BFD = torch.cat(request_vectors, dim=1)
            request = self.request_pairs(request_BFD)
            crossed = torch.matmul(candidate_BCFD.flatten(1, 2), request_BFD.transpose(1, 2))
            candidate.append(crossed.unflatten(1, candidate_BCFD.shape[1:3]).flatten(2))
        return F.relu(self.top(request, torch.cat(candidate, dim=2)))

    def _request_vectors(self, inputs: Mapping[str, Tensor]) -> list[Tensor]:
        user = [] if self.user_codes is None else [self.user_codes(inputs["user_codes"][:, self.user_told])]
        return user if self.context_codes is None else [*user, self.context_codes(inputs["context_codes"])]

    def _candidate_vectors(self, inputs: Mapping[str, Tensor]) -> list[Tensor]:
        named = zip(self.names, self.content, strict=True)
        parts = [layer(inputs[f"item_vector_{name}"]).unsqueeze(2) for name, layer in named]
        return (
            parts if self.item_codes is None else [*parts, self.item_codes(inputs["item_codes"][..., self.item_told])]
        )

    def _numbers(self, inputs: Mapping[str, Tensor], numbers: Tensor) -> tuple[Tensor, Tensor]:
        request = [inputs[name] for name in ("user_values", "context_values") if name in inputs]
        if "item_values" in inputs:
            numbers = torch.cat([inputs["item_values"], numbers], dim=2)
        return torch.cat(request, dim=1) if request else nothing_of(numbers), numbers


def nothing_of(numbers: Tensor) -> Tensor:
    """[B, C, K] -> [B, 0], also where C is 0."""
    return numbers.sum(dim=1)[:, :0]


class UpperPairs(nn.Module):
    """Dot products of all pairs of F vectors, each pair once."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.places: Tensor
        row, column = torch.triu_indices(features, features, offset=1)
        self.register_buffer("places", row * features + column, persistent=False)
        self.count = len(row)

    def forward(self, vectors: Tensor) -> Tensor:
        """[..., F, D] -> [..., F (F - 1) / 2]."""
        return torch.matmul(vectors, vectors.transpose(-1, -2)).flatten(-2).index_select(-1, self.places)


class SplitNetwork(nn.Module):
    """A network of linear layers with ReLU between, whose first layer sums a request part and a candidate part."""

    def __init__(self, request_width: int, candidate_width: int, widths: Sequence[int]) -> None:
        super().__init__()
        self.candidate = nn.Linear(candidate_width, widths[0])
        self.request = nn.Linear(request_width, widths[0], bias=False) if request_width else None
        self.rest = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(widths))

    def forward(self, request: Tensor, candidate: Tensor) -> Tensor:
        """[B, R] and [B, C, K] -> [B, C, widths[-1]], before the last activation."""
        x = self.candidate(candidate)
        if self.request is not None:
            x = x + self.request(request).unsqueeze(1)
        for layer in self.rest:
            x = layer(F.relu(x))
        return x
