"""User and moment as the click model reads them."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from winnow.models.code_embedding import CodeEmbedding
from winnow.models.inputs import Inputs


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
