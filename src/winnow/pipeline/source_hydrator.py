"""What the sources said of a candidate, as numbers for the ranker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.schema.column import Column

SOURCE_FEATURES = "source_features"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHydrator:
    """Adds `source_features` float32 [N, 2 S]: of each source 1 / (1 + rank), then of each the score, damped.

    The rank's figure is in 0..1, and 0 where the source did not propose the item. The score s becomes
    sign(s) ln(1 + |s|), likewise: sums of counts may be of any size, and networks like small numbers.

    Attributes:
        names: of the S sources, in the order of the ranker's columns.
    """

    names: Sequence[str]

    def columns(self, requests: Requests, candidates: Candidates) -> Mapping[str, Column]:
        """From the columns that `merge` left."""
        size = len(self.names)
        features = np.empty((2 * size, len(candidates)), np.float32)
        for place, name in enumerate(self.names):
            features[place] = candidates.array(f"{name}_rank")
            features[size + place] = candidates.array(f"{name}_score")
        absent = np.isnan(features)
        ranks, scores = features[:size], features[size:]
        ranks += 1
        np.reciprocal(ranks, out=ranks)
        np.copysign(np.log1p(np.abs(scores)), scores, out=scores)
        features[absent] = 0
        return {SOURCE_FEATURES: np.ascontiguousarray(features.T)}
