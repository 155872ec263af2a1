"""Everything that a training job is told, in one value."""

from dataclasses import dataclass, field

from winnow.pipeline.pipeline_config import PipelineConfig
from winnow.schema.errors import RecipeError
from winnow.training.contents import EncodersConfig
from winnow.training.counting import CountingConfig
from winnow.training.ranking import RankingConfig
from winnow.training.retrieval import RetrievalConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A complete recipe.

    Attributes:
        name: first part of the names of its bundles.
        holdout_days: newest days of the data that training never sees; evaluation is on these.
        seed: of all randomness, a whole number from 0.
        encoders: who reads words and pictures.
        counting: what sources count of the training events.
        retrieval, ranking: how the models are trained; without `ranking` the bundle is retrieval-only.
        pipeline: how requests are answered.

    Raises:
        RecipeError: the seed is no whole number from 0.
    """

    name: str
    holdout_days: float = 7.0
    seed: int = 0
    encoders: EncodersConfig = field(default_factory=EncodersConfig)
    counting: CountingConfig = field(default_factory=CountingConfig)
    retrieval: RetrievalConfig = field(default_factory=RetrievalConfig)
    ranking: RankingConfig | None = field(default_factory=RankingConfig)
    pipeline: PipelineConfig = field(default_factory=PipelineConfig)

    def __post_init__(self) -> None:
        if not isinstance(self.seed, int) or self.seed < 0:
            raise RecipeError(f"The recipe '{self.name}' has the seed {self.seed!r}; a whole number from 0 is wanted.")
