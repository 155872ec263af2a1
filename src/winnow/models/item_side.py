"""An item as the click model reads it, as a candidate and as an event of a history."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from winnow.models.code_embedding import CodeEmbedding
from winnow.models.content_vector import ContentVector
from winnow.models.inputs import Inputs, told_places, without_ids
from winnow.models.interaction import UpperPairs
from winnow.models.target_attention import KEY


class ItemSide(nn.Module):
    """An item in vectors, the same for every request: serving makes them once, when the catalogue changes.

    Which item it is, is not read, so that one that nobody has seen yet counts as any other.

    Args:
        item: widths of its arrays.
        dim: width of embeddings and projected content.
        paired: whether the dot products of an item's vectors with each other are wanted.
        attended: whether candidates attend to a history.

    Attributes:
        told: places of an item's codes that are read.
        vectors: how many there are of an item.
    """

    def __init__(self, item: Inputs, dim: int, *, paired: bool, attended: bool) -> None:
        super().__init__()
        self.told = told_places(item)
        self.codes = CodeEmbedding(without_ids(item).codes, dim) if self.told else None
        self.names = tuple(item.vectors)
        widths = item.vectors.values()
        self.content = nn.ModuleList(nn.Sequential(ContentVector(each), nn.Linear(each, dim)) for each in widths)
        self.vectors = len(item.vectors) + len(self.told)
        self.pairs = UpperPairs(self.vectors) if paired and self.vectors > 1 else None
        width = self.vectors * dim + item.values
        self.query = nn.Linear(width, KEY) if attended else None
        self.event = nn.Linear(width, KEY + dim) if attended else None

    def forward(self, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Item arrays [..., W] by name -> by name what there is of it, [..., width] each.

        Returns:
            `item_vectors` [..., K, D], those of content first, and `item_pairs` [..., K (K - 1) / 2]; where candidates
            attend to a history, `item_query` [..., KEY], and `item_event` [..., KEY + D], key and value of an event
            with this item.
        """
        made = dict[str, Tensor]()
        vectors = self._vectors(inputs, "item")
        if vectors is not None:
            made["item_vectors"] = vectors
        if self.pairs is not None:
            made["item_pairs"] = self.pairs(made["item_vectors"])
        if self.query is None or self.event is None:
            return made
        content = _beside(vectors, inputs.get("item_values"))
        return {**made, "item_query": self.query(content), "item_event": self.event(content)}

    def events(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Arrays of U items [U, W] by name `history_...`, and which are whose events -> [B, L, KEY + D].

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
        content = _beside(self._vectors(inputs, "history"), inputs.get("history_values"))
        return self.event(content)[inputs["history_rows"]]

    def _vectors(self, inputs: Mapping[str, Tensor], of: str) -> Tensor | None:
        """[..., K, D], None where K is 0."""
        named = zip(self.names, self.content, strict=True)
        vectors = [layer(inputs[f"{of}_vector_{name}"]).unsqueeze(-2) for name, layer in named]
        if self.codes is not None:
            vectors.append(self.codes(inputs[f"{of}_codes"][..., self.told]))
        return torch.cat(vectors, dim=-2) if vectors else None


def _beside(vectors: Tensor | None, values: Tensor | None) -> Tensor:
    """Vectors [..., K, D] and numbers [..., V] in one row."""
    parts = ([] if vectors is None else [vectors.flatten(-2)]) + ([] if values is None else [values])
    return torch.cat(parts, dim=-1)
