"""Events in their order to what they say of the next one: a causal transformer.

Shapes: B histories, L events, S = L + 1 places (a start token, then the events), Q places that are asked for,
D width, H heads.

Source: Kang and McAuley, Self-attentive sequential recommendation, ICDM 2018; distances instead of positions as in
Raffel et al., Exploring the limits of transfer learning with a unified text-to-text transformer, JMLR 2020.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from winnow.schema.errors import RecipeError

FARTHEST = 200
"""Distances above it are read as this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderSizes:
    """How large the encoder is.

    Attributes:
        layers: transformer blocks, at least 1.
        heads: of attention; they divide the width.
        dropout: share of numbers that a training step hides, 0 to below 1.

    Raises:
        RecipeError: a number is out of range.
    """

    layers: int = 2
    heads: int = 1
    dropout: float = 0.5

    def __post_init__(self) -> None:
        for name in ("layers", "heads"):
            number = getattr(self, name)
            if not isinstance(number, int) or isinstance(number, bool) or number < 1:
                raise RecipeError(f"The recipe's encoder has {name} {number!r}; a whole number above 0 is wanted.")
        if not isinstance(self.dropout, int | float) or not 0 <= self.dropout < 1:
            raise RecipeError(f"The recipe's encoder has dropout {self.dropout!r}; from 0 to below 1 is wanted.")


class SequenceEncoder(nn.Module):
    """A state for each place that knows the events up to it and nothing later; the first one knows none.

    Args:
        dim: width of events and states.
        sizes: of the encoder.
    """

    def __init__(self, dim: int, sizes: EncoderSizes) -> None:
        super().__init__()
        self.start = nn.Parameter(0.1 * torch.randn(dim))
        self.blocks = nn.ModuleList(Block(dim, sizes) for _ in range(sizes.layers))
        self.norm = nn.LayerNorm(dim)
        self.dropout = sizes.dropout

    def forward(self, events_BLD: Tensor) -> Tensor:
        """Events, oldest first, padded behind -> states [B, S, D]."""
        x = self._places(events_BLD)
        everywhere = torch.arange(x.shape[1]).unsqueeze(0)
        for block in self.blocks:
            x = block(x, x, everywhere)
        return self.norm(x)

    def last(self, events_BLD: Tensor, lengths_B: Tensor) -> Tensor:
        """As `forward`, but only the state [B, D] behind the last of `lengths_B` events, for less work."""
        x = self._places(events_BLD)
        everywhere = torch.arange(x.shape[1]).unsqueeze(0)
        *first, final = self.blocks
        for block in first:
            x = block(x, x, everywhere)
        place_B1 = lengths_B.unsqueeze(1)
        asked_B1D = torch.gather(x, 1, place_B1.unsqueeze(2).expand(-1, -1, x.shape[2]))
        return self.norm(final(asked_B1D, x, place_B1)).squeeze(1)

    def _places(self, events_BLD: Tensor) -> Tensor:
        batch, _, dim = events_BLD.shape
        x = torch.cat([self.start.expand(batch, 1, dim), events_BLD], dim=1)
        return F.dropout(x, self.dropout, self.training)


class Block(nn.Module):
    """Attention to earlier places by content and distance, then two layers; both beside a straight path."""

    def __init__(self, dim: int, sizes: EncoderSizes) -> None:
        super().__init__()
        self.heads, self.dropout = sizes.heads, sizes.dropout
        self.before_attention, self.before_layers = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.query, self.key_value = nn.Linear(dim, dim), nn.Linear(dim, 2 * dim)
        self.joined = nn.Linear(dim, dim)
        self.first, self.second = nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.distance_HS = nn.Parameter(torch.zeros(sizes.heads, FARTHEST + 1))
        for each in (self.query, self.key_value, self.joined, self.first, self.second):
            nn.init.xavier_normal_(each.weight)
            nn.init.zeros_(each.bias)

    def forward(self, asked_BQD: Tensor, x_BSD: Tensor, place_BQ: Tensor) -> Tensor:
        """The asked places, all places, and where among these the asked ones are -> [B, Q, D].

        `place_BQ` may have one row for all.
        """
        # All places of all histories in one row of rows: an exported layer is one node then, not two.
        attended_ND = self._attended(asked_BQD, x_BSD, place_BQ).flatten(0, 1)
        y_ND = self.before_layers(asked_BQD.flatten(0, 1) + self.joined(attended_ND))
        hidden_ND = self._dropped(F.relu(self.first(y_ND)))
        return (y_ND + self._dropped(self.second(hidden_ND))).view_as(asked_BQD)

    def _attended(self, asked_BQD: Tensor, x_BSD: Tensor, place_BQ: Tensor) -> Tensor:
        query_BHQW = self._split(self.query(self.before_attention(asked_BQD).flatten(0, 1)).view_as(asked_BQD))
        key, value = self.key_value(x_BSD.flatten(0, 1)).view(*x_BSD.shape[:2], -1).chunk(2, dim=2)
        bias_BHQS = self._bias(place_BQ, x_BSD.shape[1])
        scores_BHQS = query_BHQW @ self._split(key).transpose(2, 3) / math.sqrt(query_BHQW.shape[3])
        share_BHQS = self._dropped((scores_BHQS + bias_BHQS).softmax(dim=3))
        attended_BHQW = share_BHQS @ self._split(value)
        return attended_BHQW.squeeze(1) if self.heads == 1 else attended_BHQW.transpose(1, 2).flatten(2)

    def _bias(self, place_BQ: Tensor, size: int) -> Tensor:
        """What the distance from each of the `size` places adds to the scores; all that is later is out of sight."""
        # One look-up in a table whose first row stands for "later": for the exported model a few nodes instead of many.
        later_H1 = torch.full_like(self.distance_HS[:, :1], float("-inf"))
        table_SH = torch.cat([later_H1, self.distance_HS], dim=1).transpose(0, 1)
        distance_BQS = place_BQ.unsqueeze(2) - torch.arange(size)
        return F.embedding((distance_BQS + 1).clamp(0, FARTHEST + 1), table_SH).permute(0, 3, 1, 2)

    def _split(self, x_BSD: Tensor) -> Tensor:
        """[B, S, D] -> [B, H, S, D / H]."""
        if self.heads == 1:
            return x_BSD.unsqueeze(1)
        return x_BSD.unflatten(2, (self.heads, -1)).transpose(1, 2)

    def _dropped(self, x: Tensor) -> Tensor:
        return F.dropout(x, self.dropout, self.training)
