"""The two towers: items and requests become vectors of one space, whose inner product is a logit.

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
QUERY_OUTPUTS = ("query", "history_vector", "moment_vector")
"""What the query tower returns, in order."""
SMALL = 0.02
"""Standard deviation with which begins what is added to something else, so that it counts once it has learned."""


class ItemTower(nn.Module):
    """Item features to a vector: what the item is like, and what only its id tells.

    The id enters by addition alone. Through a layer, what is learned of one item would be shared with all of them.

    Args:
        item: widths of the item's arrays.
        dim: width of the space.
    """

    def __init__(self, item: Inputs, dim: int) -> None:
        super().__init__()
        self.dim = dim
        self.id_columns = list(item.ids)
        self.code_columns = [each for each in range(len(item.codes)) if each not in item.ids]
        self.ids = _embedding([item.codes[each] for each in self.id_columns], dim)
        self.codes = _embedding([item.codes[each] for each in self.code_columns], dim)
        if self.ids is not None:
            nn.init.normal_(self.ids.table.weight, std=SMALL)
        self.names = tuple(item.vectors)
        self.content = nn.ModuleList(ContentVector(each) for each in item.vectors.values())
        width = len(self.code_columns) * dim + item.values + sum(item.vectors.values())
        self.head = ResidualHead(width, dim) if width else None

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """`item_codes` [I, F], `item_values` [I, V], `item_vector_<name>` [I, W] -> [I, D]."""
        vectors = [] if self.head is None else [self.head(torch.cat(self._likeness(inputs), dim=1))]
        if self.ids is not None:
            vectors.append(self.ids(inputs["item_codes"][:, self.id_columns]).sum(1))
        return torch.stack(vectors).sum(0)

    def _likeness(self, inputs: Mapping[str, Tensor]) -> list[Tensor]:
        parts = [] if self.codes is None else [self.codes(inputs["item_codes"][:, self.code_columns]).flatten(1)]
        parts += [inputs[name] for name in ("item_values",) if name in inputs]
        named = zip(self.names, self.content, strict=True)
        return [*parts, *(content(inputs[f"item_vector_{name}"]) for name, content in named)]


def _embedding(cardinalities: list[int], dim: int) -> CodeEmbedding | None:
    return CodeEmbedding(cardinalities, dim) if cardinalities else None


class QueryTower(nn.Module):
    """What somebody did so far, who they are and the moment of asking to a vector.

    Events enter as what they were about (an item vector, never an item's name), of which type they were, and how long
    after the event before. The query is the state behind the last event, the mean of all, and what user, moment and the
    time since add to it. Where nothing is known of a history, a user or a moment, the rest still gives a vector.

    Args:
        user, context: widths of their arrays.
        dim: width of the space.
        sizes: of the encoder of events.
        longest: events of a history at most.
    """

    def __init__(self, user: Inputs, context: Inputs, dim: int, sizes: EncoderSizes, longest: int) -> None:
        super().__init__()
        self.longest = longest
        self.user_codes = CodeEmbedding(user.codes, dim) if user.codes else None
        self.context_codes = CodeEmbedding(context.codes, dim) if context.codes else None
        self.types = nn.Embedding(len(EventType), dim)
        nn.init.normal_(self.types.weight, std=SMALL)
        self.gaps = TimeGaps(dim)
        nn.init.zeros_(self.gaps.mix.weight)
        self.encoder = SequenceEncoder(dim, sizes)
        self.rest = TimeGaps(dim)
        width = (1 + len(user.codes) + len(context.codes)) * dim + user.values + context.values
        self.head = ResidualHead(width, dim)
        nn.init.zeros_(self.head.straight.weight)
        nn.init.zeros_(self.head.out.weight)
        self.root = dim**0.5
        self.history_weight = nn.Parameter(torch.ones(()))
        self.dropout = sizes.dropout

    def forward(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """One request for each history.

        Args:
            inputs: request arrays, and of the last L events, oldest first and padded behind: `history_vectors`
                [B, L, D], `history_types` int [B, L], `history_ages` float64 [B, L] in seconds before the
                request, `history_present` [B, L].

        Returns:
            the query, the mean of the history's vectors, and what of the query is not of the history, all [B, D].
        """
        vectors, present, ages = (inputs[f"history_{name}"] for name in ("vectors", "present", "ages"))
        lengths_B = present.sum(1).long()
        states = self.encoder(self.events(vectors, inputs["history_types"], -ages))
        last_ages = F.pad(ages.float() * present, (1, 0))
        state, last_age = (each[torch.arange(len(each)), lengths_B] for each in (states, last_ages))
        mean = (present.unsqueeze(1) @ vectors).squeeze(1) / present.sum(1, keepdim=True).clamp(min=1.0)
        moment = self._moment(inputs, self.rest(last_age))
        return self._joined(state, mean, moment), mean, moment

    def served(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """As `forward` does it in service, for less work: of one request, whose history has no padding."""
        vectors_LD, types_L, ages_L = (inputs[f"history_{name}"].squeeze(0) for name in ("vectors", "types", "ages"))
        now, present_1L = torch.zeros(1, dtype=ages_L.dtype), inputs["history_present"]
        # Seconds from each event to the next one, and from the last one to now; before the first no time is counted.
        gaps_S = (torch.cat([now, ages_L]) - torch.cat([ages_L, now])).float()
        shares, mix = self.gaps.shares(gaps_S), self.gaps.mix
        kinds_LD = F.embedding(types_L, self.types.weight + mix.bias)
        events_LD = torch.addmm(vectors_LD, shares[:-1], mix.weight.T, beta=self.root) + kinds_LD
        state = self.encoder.last(events_LD, self.longest)
        mean = present_1L @ vectors_LD / present_1L.sum(1, keepdim=True).clamp(min=1.0)
        moment = self._moment(inputs, self.rest.mix(shares[-1:]))
        return self._joined(state, mean, moment), mean, moment

    def events(self, vectors_BLD: Tensor, types_BL: Tensor, at_BL: Tensor) -> Tensor:
        """What the encoder reads of events [B, L, D]: numbers of about 1.

        `at` is their time in seconds from any instant, as float64: in half a year float32 no longer knows a second.
        """
        before_BL = torch.cat([at_BL[:, :1], at_BL], dim=1)[:, :-1]
        return vectors_BLD * self.root + self.types(types_BL) + self.gaps((at_BL - before_BL).float())

    def of_state(self, inputs: Mapping[str, Tensor], state: Tensor, mean: Tensor, last_age: Tensor) -> Tensor:
        """Request arrays and what is known of each history -> queries [B, D].

        Args:
            inputs: request arrays.
            state: of each history, [B, D].
            mean: of each history's vectors, [B, D].
            last_age: of each history's last event [B], in seconds, 0 where there is none.
        """
        return self._joined(state, mean, self._moment(inputs, self.rest(last_age)))

    def _moment(self, inputs: Mapping[str, Tensor], rest: Tensor) -> Tensor:
        """What user, moment and the time since the last event, as `rest` has it, add to a query, [B, D]."""
        parts = [rest]
        for name, embedding in (("user_codes", self.user_codes), ("context_codes", self.context_codes)):
            if embedding is not None:
                parts.append(embedding(inputs[name]).flatten(1))
        parts += [inputs[name] for name in ("user_values", "context_values") if name in inputs]
        return self.head(F.dropout(torch.cat(parts, dim=1), self.dropout, self.training))

    def _joined(self, state: Tensor, mean: Tensor, moment: Tensor) -> Tensor:
        return state + self.history_weight * self.root * mean + moment


class ResidualHead(nn.Module):
    """One hidden layer beside a straight linear path, so that what is linear need not be learned twice."""

    def __init__(self, width: int, dim: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(width, HIDDEN)
        self.out = nn.Linear(HIDDEN, dim)
        self.straight = nn.Linear(width, dim, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """[N, width] -> [N, dim]."""
        straight = F.linear(x, self.straight.weight, self.out.bias)
        return torch.addmm(straight, F.relu(self.hidden(x)), self.out.weight.T)
