"""What happened between two scrapes: increases, rates and quantiles."""

import math
from dataclasses import dataclass

from winnow.ui.operations.scrape import Scrape


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The time between two scrapes.

    Attributes:
        before: an empty one for all since the service began.
        after: the later one.
    """

    before: Scrape
    after: Scrape

    @property
    def seconds(self) -> float:
        """How long it is; 0 where it began with the service, for then nobody looked."""
        return self.after.at - self.before.at if self.before.samples else 0.0

    def increase(self, name: str, **wanted: str) -> float:
        """By how much a counter grew, summed over the labels that are not said."""
        return sum(self._grown(name, "", **wanted).values())

    def by(self, name: str, label: str, **wanted: str) -> dict[str, float]:
        """The same for each value of a label."""
        return self._grown(name, label, **wanted)

    def rate(self, name: str, **wanted: str) -> float:
        """A second; NaN in a span without length."""
        return self.increase(name, **wanted) / self.seconds if self.seconds > 0 else math.nan

    def quantile(self, share: float, name: str, **wanted: str) -> float:
        """A quantile of a histogram, in its unit, as PromQL's `histogram_quantile` has it: even within a bucket.

        Args:
            share: 0 to 1.
            name: of the histogram, without `_bucket`.
            wanted: labels.

        Returns:
            NaN where nothing was counted; the last finite bound where the quantile lies above it.
        """
        grown = self._grown(f"{name}_bucket", "le", **wanted)
        counts = sorted((float(bound), count) for bound, count in grown.items())
        if not counts or counts[-1][1] <= 0:
            return math.nan
        rank, low, below = share * counts[-1][1], 0.0, 0.0
        for bound, count in counts:
            if count >= rank and count > below:
                return low if math.isinf(bound) else low + (bound - low) * (rank - below) / (count - below)
            low, below = (low if math.isinf(bound) else bound), count
        return low

    def _grown(self, name: str, label: str, **wanted: str) -> dict[str, float]:
        earlier = {tuple(sorted(labels.items())): value for labels, value in self.before.of(name, **wanted)}
        grown: dict[str, float] = {}
        for labels, value in self.after.of(name, **wanted):
            was = earlier.get(tuple(sorted(labels.items())), 0.0)
            # A counter that fell began anew with its process: what it says now is what it grew by.
            more = value - was if value >= was else value
            grown[labels.get(label, "")] = grown.get(labels.get(label, ""), 0.0) + more
        return grown
