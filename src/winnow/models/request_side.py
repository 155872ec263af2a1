"""User and moment as the click model reads them."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from winnow.models.click_sizes import ClickSizes
from winnow.models.code_embedding import CodeEmbedding
from winnow.models.inputs import Inputs, told_places, without_ids


class RequestSide(nn.Module):
    """User and moment in vectors and numbers, once for all candidates; which user it is, is not read.

    All of them together are one more vector, as it takes the device and the hour together to say what is wanted.

    Args:
        user, context: widths of their arrays.
        sizes: of the click model.

    Attributes:
        told: places of a user's codes that are read.
        vectors, numbers: how many there are of a request.
    """

    def __init__(self, user: Inputs, context: Inputs, sizes: ClickSizes) -> None:
        super().__init__()
        dim, self.told = sizes.dim, told_places(user)
        self.user_codes = CodeEmbedding(without_ids(user).codes, dim) if self.told else None
        self.context_codes = CodeEmbedding(context.codes, dim) if context.codes else None
        self.numbers = user.values + context.values
        codes = len(self.told) + len(context.codes)
        width, hidden = codes * dim + self.numbers, (*sizes.bottom, dim)[0]
        self.whole = nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, dim)) if width else None
        self.vectors = codes + (self.whole is not None)

    def forward(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor | None, Tensor | None]:
        """Request arrays [B, ...] by name -> vectors [B, R, D] and numbers [B, P]."""
        vectors = list[Tensor]()
        if self.user_codes is not None:
            told = torch.tensor(self.told)
            vectors.append(self.user_codes(inputs["user_codes"].index_select(1, told)))
        if self.context_codes is not None:
            vectors.append(self.context_codes(inputs["context_codes"]))
        numbers = [inputs[name] for name in ("user_values", "context_values") if name in inputs]
        if self.whole is not None:
            told = torch.cat([*(each.flatten(1) for each in vectors), *numbers], dim=1)
            vectors.append(self.whole(told).unsqueeze(1))
        return torch.cat(vectors, dim=1) if vectors else None, torch.cat(numbers, dim=1) if numbers else None
