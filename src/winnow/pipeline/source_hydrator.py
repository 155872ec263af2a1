"""What the sources said of a candidate, as numbers for the ranker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.hydrators import HAD
from winnow.pipeline.merge import RANKS, SCORES
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array, Bools, Column

SOURCE_FEATURES = "source_features"
FIGURES = 4
"""Of each source."""
LITTLE = 0.01
"""Scores far above it enter as their logarithm: what twice the score is worth is the same everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHydrator:
    """Adds `source_features` float32 [N, 4 S]: four figures of each source, each figure of all sources together.

    1 if the source proposed the item; 1 / (1 + rank), which tells the first few apart; -ln(1 + rank), which tells
    apart the others; and the score s as sign(s) ln(1 + |s| / LITTLE). All four are 0 if it did not.

    Of an item that nobody has had yet, a source that counts what people have has no way to speak, and its silence is
    no verdict: the item gets what such a source says in the mean of the request's other candidates, those aside that
    the user had.

    Attributes:
        names: of the S sources, in the order in which they were merged; the ranker's columns follow it.
        counting: those of them that know only items which somebody had, each once, together with bool [I], items that
            somebody had when these sources counted.
    """

    names: Sequence[str]
    counting: Sequence[tuple[Sequence[str], Bools]]

    def columns(self, requests: Requests, candidates: Candidates) -> Mapping[str, Column]:
        """From the columns that `merge` left, and from `match`."""
        ranks, scores = candidates.array(RANKS), candidates.array(SCORES)
        figures = np.empty((len(candidates), FIGURES, len(self.names)), np.float32)
        figures[:, 0] = 1
        # NumPy has a quick logarithm for float32, and none for log1p; what is lost lies below 1e-7.
        places = ranks + 1
        np.reciprocal(places, out=figures[:, 1])
        np.negative(np.log(places), out=figures[:, 2])
        np.copysign(np.log(np.abs(scores) / LITTLE + 1), scores, out=figures[:, 3])
        np.copyto(figures, 0, where=np.isnan(ranks)[:, None])
        for names, had in self.counting:
            counting = [place for place, name in enumerate(self.names) if name in names]
            _speak_of_the_new(figures, counting, candidates, had)
        return {SOURCE_FEATURES: figures.reshape(len(candidates), FIGURES * len(self.names))}


def _speak_of_the_new(figures: Array, counting: Sequence[int], candidates: Candidates, had: Bools) -> None:
    """Figures [N, 4, S], changed in place for the sources that count."""
    new = ~had[candidates.item_rows]
    if not (new.any() and counting):
        return
    others = (~new & (candidates.array("match")[:, HAD] == 0)).astype(np.float32)[:, None, None]
    filled = candidates.counts > 0
    starts = candidates.offsets[:-1][filled]
    request_of = np.repeat(np.arange(len(starts)), candidates.counts[filled])
    sums = np.add.reduceat(figures[:, :, counting] * others, starts)
    means = sums / np.maximum(np.add.reduceat(others, starts), 1)
    for number, place in enumerate(counting):
        figures[new, :, place] = means[request_of[new], :, number]
