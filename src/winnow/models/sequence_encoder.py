"""Events in their order to what they say of the next one: a causal transformer.

Shapes: B histories, L events, S = L + 1 places (a start token, then the events), Q places that are asked for,
D width, H heads, W width of a head.

Source: Kang and McAuley, Self-attentive sequential recommendation, ICDM 2018; distances instead of positions as in
Raffel et al., Exploring the limits of transfer learning with a unified text-to-text transformer, JMLR 2020.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from winnow.schema.errors import RecipeError

FARTHEST = 200
"""Distances above it are read as this one."""
UNSEEN = 80.0
"""What scores that far below the best gets e^-80 of attention or less, which is none."""


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
        for block in self.blocks:
            x = block(x)
        return self.norm(x)

    def last(self, events_BLD: Tensor, lengths_B: Tensor, longest: int) -> Tensor:
        """As `forward` does it in service, but only the state [B, D] behind the last of `lengths_B` events.

        Args:
            events_BLD: as of `forward`.
            lengths_B: int64, events of each history.
            longest: L is never above it; an exported model keeps what so many distances add to the scores.
        """
        x = self._places(events_BLD)
        size, dim = x.shape[1:]
        *first, final = cast("Iterable[Block]", self.blocks)
        table = longest + 2  # one place too many: the exporter wants always a part of it, or always the whole
        for block in first:
            bias_HSS = block.bias(table)[:, :size, :size]
            x = block.served(x.flatten(0, 1), x, bias_HSS).view_as(x)
        asked_BD = torch.gather(x, 1, lengths_B.view(-1, 1, 1).expand(-1, 1, dim)).squeeze(1)
        bias_BHS = final.bias(table).transpose(0, 1)[lengths_B][..., :size]
        return self.norm(final.served(asked_BD, x, bias_BHS if final.heads == 1 else bias_BHS.unsqueeze(2)))

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

    def forward(self, x_BSD: Tensor) -> Tensor:
        """All places -> [B, S, D]."""
        return self._layers(x_BSD, self.joined(self._attended(x_BSD)))

    def served(self, asked_ND: Tensor, x_BSD: Tensor, bias: Tensor) -> Tensor:
        """As `forward` in service, of some places and for less work -> [N, D].

        A key is but multiplied with queries, a value but averaged and mixed: so what makes keys joins what makes
        queries, what makes values joins what mixes them, and no place needs either. What is added to all scores of a
        query alike is no matter to their softmax.

        Args:
            asked_ND: Q asked places of each history, history by history.
            x_BSD: all places.
            bias: of the scores, which with one head are [B, Q, S], and [B, H, Q, S] with more.
        """
        batch, _, dim = x_BSD.shape
        key_value = self.key_value.weight
        query_HWD, key_HWD, value_HWD = self._by_head(self.query.weight, key_value[:dim], key_value[dim:])
        query_H1W = self.query.bias.view(self.heads, 1, -1) / math.sqrt(dim // self.heads)
        asking_HDD = key_HWD.transpose(1, 2) @ query_HWD / math.sqrt(dim // self.heads)
        asked = F.linear(self.before_attention(asked_ND), asking_HDD.flatten(0, 1), (query_H1W @ key_HWD).flatten())
        asked, x = asked.view(batch, -1, self.heads * dim), x_BSD
        if self.heads > 1:
            asked, x = asked.unflatten(2, (self.heads, dim)).transpose(1, 2), x.unsqueeze(1)
        scores = asked @ x.transpose(-1, -2) + bias
        # Numbers that have no full digits in a float any more, as of -inf, make a softmax take three times as long.
        attended = scores.maximum(scores.amax(-1, keepdim=True) - UNSEEN).softmax(-1) @ x
        attended_ND = (attended if self.heads == 1 else attended.transpose(1, 2)).reshape(-1, self.heads * dim)
        mixing_DHD = self.joined.weight.unflatten(1, (self.heads, -1)).transpose(0, 1) @ value_HWD
        mixed_ND = F.linear(attended_ND, mixing_DHD.transpose(0, 1).flatten(1), self.joined(self.key_value.bias[dim:]))
        return self._layers(asked_ND, mixed_ND)

    def bias(self, size: int) -> Tensor:
        """What distances add to the scores of `size` places, [H, S, S]; all that is later is out of sight."""
        later_H1 = torch.full_like(self.distance_HS[:, :1], float("-inf"))
        table_SH = torch.cat([later_H1, self.distance_HS], dim=1).transpose(0, 1)
        place = torch.arange(size)
        distance_SS = place.unsqueeze(1) - place
        return F.embedding((distance_SS + 1).clamp(0, FARTHEST + 1), table_SH).permute(2, 0, 1)

    def _layers(self, asked: Tensor, attended: Tensor) -> Tensor:
        y = self.before_layers(asked + attended)
        return y + self._dropped(self.second(self._dropped(F.relu(self.first(y)))))

    def _attended(self, x_BSD: Tensor) -> Tensor:
        query_BHSW = self._split(self.query(self.before_attention(x_BSD)))
        key_BHSW, value_BHSW = (self._split(each) for each in self.key_value(x_BSD).chunk(2, dim=2))
        scores_BHSS = query_BHSW @ key_BHSW.transpose(2, 3) / math.sqrt(query_BHSW.shape[3])
        share_BHSS = self._dropped((scores_BHSS + self.bias(x_BSD.shape[1])).softmax(dim=3))
        return (share_BHSS @ value_BHSW).transpose(1, 2).flatten(2)

    def _split(self, x_BSD: Tensor) -> Tensor:
        """[B, S, D] -> [B, H, S, W]."""
        return x_BSD.unflatten(2, (self.heads, -1)).transpose(1, 2)

    def _by_head(self, *weights: Tensor) -> tuple[Tensor, ...]:
        """[D, D] each -> [H, W, D]."""
        return tuple(each.unflatten(0, (self.heads, -1)) for each in weights)

    def _dropped(self, x: Tensor) -> Tensor:
        return F.dropout(x, self.dropout, self.training)
