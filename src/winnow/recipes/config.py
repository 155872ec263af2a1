"""Everything that a training job is told, in one value."""

import json
import math
from dataclasses import asdict, dataclass, field
from typing import Any

from winnow.data.dataset import Dataset
from winnow.data.leave_out import leave_last_out
from winnow.data.split import Split, split_by_time
from winnow.index.index_config import IndexConfig
from winnow.pipeline.pipeline_config import PipelineConfig
from winnow.schema.errors import RecipeError
from winnow.training.clicks_config import ClicksConfig
from winnow.training.contents import EncodersConfig
from winnow.training.counting import CountingConfig
from winnow.training.ranking import RankingConfig
from winnow.training.retrieval import RetrievalConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A complete recipe.

    Attributes:
        name: first part of the names of its bundles.
        holdout_days: newest days of the data that training never sees, above 0; evaluation is on these.
        leave_out: last positive events of every user that training never sees, a whole number from 1, instead of days:
            evaluation asks for the last one. For data without times, and to compare with the academic field.
        seed: of all randomness, a whole number from 0.
        encoders: who reads words and pictures.
        counting: what sources count of the training events.
        retrieval, ranking: how the models are trained; without `ranking` the bundle is retrieval-only.
        clicks: how it is learned from logged impressions how likely a click is; without it, or without any, it is not.
        index: how the nearest items are found.
        pipeline: how requests are answered.

    Raises:
        RecipeError: days or events to hold out are no such number, or the seed is no whole number from 0.
    """

    name: str
    holdout_days: float = 7.0
    leave_out: int | None = None
    seed: int = 0
    encoders: EncodersConfig = field(default_factory=EncodersConfig)
    counting: CountingConfig = field(default_factory=CountingConfig)
    retrieval: RetrievalConfig = field(default_factory=RetrievalConfig)
    ranking: RankingConfig | None = field(default_factory=RankingConfig)
    clicks: ClicksConfig | None = field(default_factory=ClicksConfig)
    index: IndexConfig = field(default_factory=IndexConfig)
    pipeline: PipelineConfig = field(default_factory=PipelineConfig)

    def __post_init__(self) -> None:
        self._check_held_out()
        if not isinstance(self.seed, int) or self.seed < 0:
            raise RecipeError(f"The recipe '{self.name}' has the seed {self.seed!r}; a whole number from 0 is wanted.")

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as a bundle's manifest holds them."""
        return json.loads(json.dumps(asdict(self)))

    def split(self, dataset: Dataset) -> Split:
        """What of a data set is for training, and what is held out.

        Raises:
            DataError: nothing would be left on one of the sides.
        """
        if self.leave_out is None:
            return split_by_time(dataset, self.holdout_days)
        return leave_last_out(dataset, self.leave_out)

    def _check_held_out(self) -> None:
        days, events = self.holdout_days, self.leave_out
        if not (isinstance(days, int | float) and math.isfinite(days) and days > 0):
            raise RecipeError(f"The recipe '{self.name}' holds out {days!r} days; a finite number above 0 is wanted.")
        if events is not None and (not isinstance(events, int) or isinstance(events, bool) or events < 1):
            raise RecipeError(
                f"The recipe '{self.name}' leaves out {events!r} events of every user; a whole number from 1 is "
                "wanted, or None for a cut in time."
            )
