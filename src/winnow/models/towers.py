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
from winnow.models.sequence_encoder import EncoderSizes, SequenceEncoder
from winnow.models.time_gaps import TimeGaps
from winnow.schema.schema import EventType

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
    """What somebody did so far, who they are and the moment of asking to a unit vector.

    Events enter as what they were about (an item vector, never an item's name), of which type they were, and how long
    after the event before. Where nothing is known of a history, a user or a moment, the rest still gives a vector. The
    encoder works with numbers of about 1, the space is one of unit vectors: the root of the width leads to and fro.

    Args:
        user, context: widths of their arrays.
        dim: width of the space.
        sizes: of the encoder of events.
    """

    def __init__(self, user: Inputs, context: Inputs, dim: int, sizes: EncoderSizes) -> None:
        super().__init__()
        self.user_codes = CodeEmbedding(user.codes, dim) if user.codes else None
        self.context_codes = CodeEmbedding(context.codes, dim) if context.codes else None
        self.event = nn.Linear(dim, dim)
        self.types = nn.Embedding(len(EventType), dim)
        nn.init.normal_(self.types.weight, std=0.1)
        self.gaps = TimeGaps(dim)
        self.encoder = SequenceEncoder(dim, sizes)
        self.rest = TimeGaps(dim)
        width = (2 + len(user.codes) + len(context.codes)) * dim + user.values + context.values
        self.head = ResidualHead(width, dim)
        self.root = dim**0.5
        self.history_weight = nn.Parameter(torch.ones(()))

    def forward(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        """One request for each history.

        Args:
            inputs: request arrays, and of the last L events, oldest first and padded behind: `history_vectors`
                [B, L, D], `history_types` int [B, L], `history_ages` float64 [B, L] in seconds before the
                request, `history_present` [B, L].

        Returns:
            the query and the mean of the history's vectors, both [B, D].
        """
        vectors, present = inputs["history_vectors"], inputs["history_present"]
        ages = inputs["history_ages"]
        lengths = present.sum(1).long()
        state = self.encoder.last(self.events(vectors, inputs["history_types"], -ages), lengths)
        mean = (vectors * present.unsqueeze(2)).sum(1) / present.sum(1, keepdim=True).clamp(min=1.0)
        last_age = torch.gather(ages.float() * present, 1, (lengths - 1).clamp(min=0).unsqueeze(1)).squeeze(1)
        return self.of_state(inputs, state, mean, last_age), mean

    def events(self, vectors_BLD: Tensor, types_BL: Tensor, at_BL: Tensor) -> Tensor:
        """What the encoder reads of events [B, L, D].

        `at` is their time in seconds from any instant, as float64: in half a year float32 no longer knows a second.
        """
        before_BL = torch.cat([at_BL[:, :1], at_BL], dim=1)[:, :-1]
        return self.event(vectors_BLD * self.root) + self.types(types_BL) + self.gaps((at_BL - before_BL).float())

    def of_state(self, inputs: Mapping[str, Tensor], state: Tensor, mean: Tensor, last_age: Tensor) -> Tensor:
        """Request arrays and what is known of each history -> unit queries [B, D].

        Args:
            inputs: request arrays.
            state: of each history, [B, D].
            mean: of each history's vectors, [B, D].
            last_age: of each history's last event [B], in seconds, 0 where there is none.
        """
        parts = [state / self.root, self.rest(last_age)]
        for name, embedding in (("user_codes", self.user_codes), ("context_codes", self.context_codes)):
            if embedding is not None:
                parts.append(embedding(inputs[name]).flatten(1))
        parts += [inputs[name] for name in ("user_values", "context_values") if name in inputs]
        query = self.head(torch.cat(parts, dim=1)) + self.history_weight * mean
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
