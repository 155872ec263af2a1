"""What the sources said of a candidate, as numbers for the ranker."""

from collections.abc import Container, Mapping, Sequence
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
    """Adds `source_features` float32 [N, 4 S]: four figures of each of S sources, each figure of all of them together.

    1 if the source proposed the item; 1 / (1 + rank), which tells the first few apart; -ln(1 + rank), which tells
    apart the others; and the score s as sign(s) ln(1 + |s| / LITTLE). All four are 0 if it did not.

    Of an item that nobody has had yet, a source that counts what people have has no way to speak, and its silence is
    no verdict: the item gets what such a source says in the mean of the request's other candidates, those aside that
    the user had.

    Attributes:
        heard: int64 [S], their places among all sources that were merged.
        speaks: bool [I, S], whether a source has a way to speak of an item.
    """

    heard: Array
    speaks: Bools

    @staticmethod
    def of(
        names: Sequence[str],
        num_items: int,
        counting: Sequence[tuple[Sequence[str], Bools]] = (),
        heard: Container[str] | None = None,
    ) -> "SourceHydrator":
        """For some sources over some items.

        Args:
            names: of all sources, in the order in which they were merged; the ranker's columns follow it.
            num_items: I.
            counting: those of them that know only items which somebody had, each once, together with bool [I], items
                that somebody had when these sources counted.
            heard: names of those of which anything is said; by default all.
        """
        places = [place for place, name in enumerate(names) if heard is None or name in heard]
        # Row by row in memory: of a request's candidates, rows are taken, and from any other order NumPy copies it all.
        speaks = np.ones((num_items, len(places)), bool)
        for those, had in counting:
            speaks[:, [column for column, place in enumerate(places) if names[place] in those]] = had[:, None]
        return SourceHydrator(heard=np.array(places, np.int64), speaks=speaks)

    def columns(self, requests: Requests, candidates: Candidates) -> Mapping[str, Column]:
        """From the columns that `merge` left, and from `match`."""
        ranks, scores = (candidates.array(each) for each in (RANKS, SCORES))
        # Figure by figure in memory until the end: few long rows take NumPy less than many short ones.
        figures = _figures(ranks.T.take(self.heard, axis=0), scores.T.take(self.heard, axis=0))
        self._speak_of_the_new(figures, candidates)
        return {SOURCE_FEATURES: np.ascontiguousarray(figures.reshape(FIGURES * len(self.heard), len(ranks)).T)}

    def _speak_of_the_new(self, figures: Array, candidates: Candidates) -> None:
        """Figures [4, S, N], changed in place where a source cannot speak."""
        speaks = np.ascontiguousarray(self.speaks.take(candidates.item_rows, axis=0).T)
        silent, new = (~speaks).nonzero()
        if not len(new):
            return
        others = speaks & (candidates.array("match")[:, HAD] == 0)
        starts, whose = candidates.offsets[:-1], 0
        if len(starts) > 1:
            filled = candidates.counts > 0
            starts, whose = starts[filled], (np.cumsum(filled) - 1)[candidates.request_of()[new]]
        number = np.add.reduceat(others, starts, axis=-1, dtype=np.float32)
        means = np.add.reduceat(figures * others, starts, axis=-1) / np.maximum(number, 1)
        figures[:, silent, new] = means[:, silent, whose]


def _figures(ranks: Array, scores: Array) -> Array:
    """float32 [4, S, N], from what S sources said of N candidates."""
    there = ~np.isnan(ranks)
    # What is absent is worked out as the first place with a score of 0, of which all figures but the second are 0.
    places, said = np.where(there, ranks, 0) + 1, np.where(there, scores, 0)
    figures = np.empty((FIGURES, *ranks.shape), np.float32)
    figures[0] = there
    np.divide(there, places, out=figures[1])
    # NumPy has a quick logarithm for float32, and none for log1p; what is lost lies below 1e-7.
    np.subtract(0, np.log(places), out=figures[2])
    np.copysign(np.log(np.abs(said) / LITTLE + 1), said, out=figures[3])
    return figures
