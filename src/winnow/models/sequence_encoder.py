"""Events in their order to what they say of the next one: a causal transformer.

Shapes: B histories, L events, S = L + 1 places (a start token, then the events), Q places that are asked for,
D width, H heads, W width of a head.

Source: Kang and McAuley, Self-attentive sequential recommendation, ICDM 2018; distances instead of positions as in
Raffel et al., Exploring the limits of transfer learning with a unified text-to-text transformer, JMLR 2020.
"""

import math
from collections.abc import Iterable, Sequence
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

    def last(self, events_LD: Tensor, longest: int) -> Tensor:
        """As `forward` does it in service, of one history, and only the state [1, D] behind its last event.

        Args:
            events_LD: oldest first, nothing padded.
            longest: L is never above it; an exported model keeps what so many distances add to the scores.
        """
        x_SD = torch.cat([self.start.unsqueeze(0), events_LD])
        size = x_SD.shape[0]
        *first, final = cast("Iterable[Block]", self.blocks)
        table = longest + 2  # one place too many: the exporter wants always a part of it, or always the whole
        for block in first:
            x_SD = block.served(x_SD, x_SD, [bias[:size, :size] for bias in block.bias(table)])
        to_last = [bias[-1:, -size:] for bias in final.bias(table)]
        return self.norm(final.served(x_SD[-1:], x_SD, to_last))

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

    def served(self, asked_QD: Tensor, x_SD: Tensor, biases: Sequence[Tensor]) -> Tensor:
        """As `forward` in service, of the last places of one history and for less work -> [Q, D].

        A key is but multiplied with queries, a value but averaged and mixed: so what makes keys joins what makes
        queries, what mixes values joins what makes them, and all biases become those of products. What is added to all
        scores of a query alike is no matter to their softmax, what is added to all values stays whole in their mean.

        Args:
            asked_QD: the last place, or all of them.
            x_SD: all places.
            biases: of the scores, [Q, S] of each head.
        """
        attended_QD, normed_QD = asked_QD, self.before_attention(asked_QD)
        for bias_QS, asking, mixing in zip(biases, self._asking(), self._mixing(), strict=True):
            scores_QS = torch.addmm(bias_QS, F.linear(normed_QD, *asking), x_SD.T)
            if asked_QD.shape[0] > 1:
                # Numbers that have no full digits in a float any more, as of what is later, make a softmax take three
                # times as long.
                scores_QS = scores_QS.maximum(scores_QS.amax(1, keepdim=True) - UNSEEN)
            attended_QD = torch.addmm(attended_QD, scores_QS.softmax(1), F.linear(x_SD, *mixing))
        norm, first, second = self.before_layers, self.first, self.second
        y_QD = F.layer_norm(attended_QD, norm.normalized_shape, norm.weight, norm.bias + second.bias)
        hidden_QD = F.relu(F.linear(y_QD, first.weight, first.bias - first.weight @ second.bias))
        return torch.addmm(y_QD, hidden_QD, second.weight.T)

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

    def _asking(self) -> list[tuple[Tensor, Tensor]]:
        """What makes of a place what is multiplied with places, [D, D] and [D] of each head."""
        query, key_DD = self.query, self.key_value.weight[: self.query.out_features]
        scale = math.sqrt(len(key_DD) // self.heads)
        heads = [(key_DD[rows] / scale, rows) for rows in self._rows_by_head()]
        return [(key_WD.T @ query.weight[rows], query.bias[rows] @ key_WD) for key_WD, rows in heads]

    def _mixing(self) -> list[tuple[Tensor, Tensor]]:
        """What makes of a place what it adds to those that attend to it, [D, D] and [D] of each head."""
        dim, joined = self.query.out_features, self.joined
        weight, bias = self.key_value.weight[dim:], self.key_value.bias[dim:]
        heads = [(joined.weight[:, rows], rows) for rows in self._rows_by_head()]
        return [(mix @ weight[rows], mix @ bias[rows] + joined.bias / self.heads) for mix, rows in heads]

    def _rows_by_head(self) -> list[slice]:
        width = self.query.out_features // self.heads
        return [slice(start, start + width) for start in range(0, self.query.out_features, width)]

    def _dropped(self, x: Tensor) -> Tensor:
        return F.dropout(x, self.dropout, self.training)
