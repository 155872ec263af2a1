"""What the click model makes of each side before both meet.

Shapes: B requests, C candidates, R and K vectors of a request and of an item, D width.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from winnow.models.code_embedding import CodeEmbedding
from winnow.models.content_vector import ContentVector
from winnow.models.inputs import Inputs
from winnow.models.interaction import UpperPairs
from winnow.models.target_attention import KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class Widths:
    """How much a request and a candidate say: vectors of an item and of its own, and numbers."""

    request_vectors: int
    item_vectors: int
    pooled_vectors: int
    request_numbers: int
    candidate_numbers: int
    dim: int

    @property
    def request_row(self) -> int:
        """All of a request, side by side."""
        return self.request_vectors * self.dim + self.request_numbers

    @property
    def candidate_row(self) -> int:
        """All of a candidate, side by side."""
        return (self.item_vectors + self.pooled_vectors) * self.dim + self.candidate_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What meets; None where a side has none of it.

    Attributes:
        request_vectors: [B, R, D].
        request_numbers: [B, P].
        item_vectors: [B, C, K, D].
        item_pairs: [B, C, K (K - 1) / 2], dot products of these.
        pooled: [B, C, D], what a candidate finds in the history.
        numbers: [B, C, Q], of the candidate, at least one.
    """

    request_vectors: Tensor | None
    request_numbers: Tensor | None
    item_vectors: Tensor | None
    item_pairs: Tensor | None
    pooled: Tensor | None
    numbers: Tensor

    def request_row(self) -> Tensor | None:
        """[B, `Widths.request_row`]."""
        vectors = [] if self.request_vectors is None else [self.request_vectors.flatten(1)]
        parts = vectors if self.request_numbers is None else [*vectors, self.request_numbers]
        return torch.cat(parts, dim=1) if parts else None

    def candidate_row(self) -> Tensor:
        """[B, C, `Widths.candidate_row`]."""
        vectors = [] if self.item_vectors is None else [self.item_vectors.flatten(2)]
        pooled = [] if self.pooled is None else [self.pooled]
        return torch.cat([*vectors, *pooled, self.numbers], dim=2)


class RequestSide(nn.Module):
    """User and moment in vectors and numbers, once for all candidates.

    Args:
        user, context: widths of their arrays.
        dim: width of embeddings.
    """

    def __init__(self, user: Inputs, context: Inputs, dim: int) -> None:
        super().__init__()
        self.user_codes = CodeEmbedding(user.codes, dim) if user.codes else None
        self.context_codes = CodeEmbedding(context.codes, dim) if context.codes else None
        self.vectors = len(user.codes) + len(context.codes)
        self.numbers = user.values + context.values

    def forward(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor | None, Tensor | None]:
        """Request arrays [B, ...] by name -> vectors [B, R, D] and numbers [B, P]."""
        named = (("user_codes", self.user_codes), ("context_codes", self.context_codes))
        vectors = [embedding(inputs[name]) for name, embedding in named if embedding is not None]
        numbers = [inputs[name] for name in ("user_values", "context_values") if name in inputs]
        return torch.cat(vectors, dim=1) if vectors else None, torch.cat(numbers, dim=1) if numbers else None


class ItemSide(nn.Module):
    """An item in vectors, the same for every request: serving makes them once, when the catalogue changes.

    Args:
        item: widths of its arrays.
        dim: width of embeddings and projected content.
        paired: whether the dot products of an item's vectors with each other are wanted.
        attended: whether candidates attend to a history; events are told by content, so that no item has to be known.
    """

    def __init__(self, item: Inputs, dim: int, *, paired: bool, attended: bool) -> None:
        super().__init__()
        self.codes = CodeEmbedding(item.codes, dim) if item.codes else None
        self.names = tuple(item.vectors)
        widths = item.vectors.values()
        self.content = nn.ModuleList(nn.Sequential(ContentVector(each), nn.Linear(each, dim)) for each in widths)
        self.vectors = len(item.vectors) + len(item.codes)
        self.told: Tensor
        told = [place for place in range(len(item.codes)) if place not in item.ids]
        self.register_buffer("told", torch.tensor(told, dtype=torch.int64), persistent=False)
        self.pairs = UpperPairs(self.vectors) if paired and self.vectors > 1 else None
        width = (len(item.vectors) + len(told)) * dim + item.values
        self.query = nn.Linear(width, KEY) if attended else None
        self.event = nn.Linear(width, KEY + dim) if attended else None

    def forward(self, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Item arrays [..., W] by name -> by name what there is of it, [..., width] each.

        Returns:
            `item_vectors` [..., K, D], `item_pairs` [..., K (K - 1) / 2], and where candidates attend to a history
            `item_query` [..., KEY].
        """
        made = dict[str, Tensor]()
        codes = None if self.codes is None else self.codes(inputs["item_codes"])
        parts = [*self._projected(inputs, "item"), *([] if codes is None else [codes])]
        if parts:
            made["item_vectors"] = torch.cat(parts, dim=-2)
        if self.pairs is not None:
            made["item_pairs"] = self.pairs(made["item_vectors"])
        if self.query is not None:
            made["item_query"] = self.query(self._content(inputs, "item", codes))
        return made

    def events(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Event arrays [..., W], item content without ids, by name `history_...` -> keys and values [..., KEY + D]."""
        if self.event is None:
            raise ValueError("This click model attends to no history.")
        codes = None
        if self.codes is not None and len(self.told):
            codes = self.codes.table(inputs["history_codes"].long() + self.codes.starts[self.told])
        return self.event(self._content(inputs, "history", codes, are_all_told=True))

    def _projected(self, inputs: Mapping[str, Tensor], of: str) -> list[Tensor]:
        named = zip(self.names, self.content, strict=True)
        return [layer(inputs[f"{of}_vector_{name}"]).unsqueeze(-2) for name, layer in named]

    def _content(
        self, inputs: Mapping[str, Tensor], of: str, codes: Tensor | None, *, are_all_told: bool = False
    ) -> Tensor:
        parts = [each.squeeze(-2) for each in self._projected(inputs, of)]
        if codes is not None and len(self.told):
            parts.append((codes if are_all_told else codes[..., self.told, :]).flatten(-2))
        return torch.cat([*parts, *(inputs[name] for name in (f"{of}_values",) if name in inputs)], dim=-1)
