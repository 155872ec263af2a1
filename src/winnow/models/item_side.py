"""An item as the click model reads it, as a candidate and as an event of a history."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from winnow.models.code_embedding import CodeEmbedding
from winnow.models.content_vector import ContentVector
from winnow.models.inputs import Inputs
from winnow.models.interaction import UpperPairs
from winnow.models.target_attention import KEY


class ItemSide(nn.Module):
    """An item in vectors, the same for every request: serving makes them once, when the catalogue changes.

    Args:
        item: widths of its arrays.
        dim: width of embeddings and projected content.
        paired: whether the dot products of an item's vectors with each other are wanted.
        attended: whether candidates attend to a history; events are told by content alone, so that an item that nobody
            has seen yet counts as any other.
    """

    def __init__(self, item: Inputs, dim: int, *, paired: bool, attended: bool) -> None:
        super().__init__()
        self.codes = CodeEmbedding(item.codes, dim) if item.codes else None
        self.names = tuple(item.vectors)
        widths = item.vectors.values()
        self.content = nn.ModuleList(nn.Sequential(ContentVector(each), nn.Linear(each, dim)) for each in widths)
        self.vectors = len(item.vectors) + len(item.codes)
        self.pairs = UpperPairs(self.vectors) if paired and self.vectors > 1 else None
        self.told: Tensor
        told = [place for place in range(len(item.codes)) if place not in item.ids]
        self.register_buffer("told", torch.tensor(told, dtype=torch.int64), persistent=False)
        width = (len(item.vectors) + len(told)) * dim + item.values
        self.query = nn.Linear(width, KEY) if attended else None
        self.event = nn.Linear(width, KEY + dim) if attended else None

    def forward(self, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Item arrays [..., W] by name -> by name what there is of it, [..., width] each.

        Returns:
            `item_vectors` [..., K, D] and `item_pairs` [..., K (K - 1) / 2]; where candidates attend to a history,
            `item_query` [..., KEY], and `item_event` [..., KEY + D], key and value of an event with this item.
        """
        codes = None if self.codes is None else self.codes(inputs["item_codes"])
        projected = self._projected(inputs, "item")
        made = dict[str, Tensor]()
        if self.vectors:
            made["item_vectors"] = torch.cat(projected if codes is None else [*projected, codes], dim=-2)
        if self.pairs is not None:
            made["item_pairs"] = self.pairs(made["item_vectors"])
        if self.query is None or self.event is None:
            return made
        told = None if codes is None else codes.index_select(codes.dim() - 2, self.told)
        content = _beside(projected, told, inputs.get("item_values"))
        return {**made, "item_query": self.query(content), "item_event": self.event(content)}

    def events(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Content of U items [U, W], without ids, by name `history_...`, and which are whose events -> [B, L, KEY + D].

        The items are few where the histories of a batch are many.

        Args:
            inputs: also `history_rows`, int64 [B, L] below U.

        Returns:
            Keys and values beside each other.

        Raises:
            ValueError: this model attends to no history.
        """
        if self.event is None:
            raise ValueError("The click model was made without a history, and cannot read one.")
        codes = None
        if self.codes is not None and len(self.told):
            codes = self.codes.table(inputs["history_codes"].long() + self.codes.starts[self.told])
        content = _beside(self._projected(inputs, "history"), codes, inputs.get("history_values"))
        return self.event(content)[inputs["history_rows"]]

    def _projected(self, inputs: Mapping[str, Tensor], of: str) -> list[Tensor]:
        """[..., 1, D] each."""
        named = zip(self.names, self.content, strict=True)
        return [layer(inputs[f"{of}_vector_{name}"]).unsqueeze(-2) for name, layer in named]


def _beside(projected: list[Tensor], codes: Tensor | None, values: Tensor | None) -> Tensor:
    """Vectors [..., 1, D] and [..., F, D] and numbers [..., V] in one row."""
    vectors = [each.flatten(-2) for each in (*projected, codes) if each is not None]
    return torch.cat(vectors if values is None else [*vectors, values], dim=-1)
