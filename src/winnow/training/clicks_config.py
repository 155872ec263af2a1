"""How the click model is trained."""

import math
from dataclasses import dataclass, field

from winnow.models.click_sizes import ClickSizes
from winnow.schema.errors import RecipeError
from winnow.training.item_dropout import ItemDropout
from winnow.training.positive import check_positive
from winnow.training.tastes import TastesConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class ClicksConfig:
    """How the click model is trained.

    Attributes:
        sizes: its kind, its networks, and how long a history it reads.
        epochs: passes over the impressions.
        batch_size: impressions a step.
        learning_rate: highest rate of AdamW; falls to zero along a cosine.
        weight_decay: share of the weights that a step of rate 1 takes away.
        dropout: of content, so that items without it are judged by what else they are; ids are not read.
        half_lives_days: after which looks and clicks of the days before weigh half, in what is told of each item.
        tastes: how it is learned what each user likes.
        propensity_cap: by how many times the mean an impression may weigh more that was unlikely to be shown, from 1;
            see `capped_weights`. None, where every impression weighs the same.
    """

    sizes: ClickSizes = field(default_factory=ClickSizes)
    epochs: int = 2
    batch_size: int = 1_024
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    dropout: ItemDropout = field(default_factory=ItemDropout)
    half_lives_days: tuple[float, ...] = (1.0, 4.0, 16.0)
    tastes: TastesConfig = field(default_factory=TastesConfig)
    propensity_cap: float | None = None

    def __post_init__(self) -> None:
        check_positive("clicks", self, ("epochs", "batch_size", "learning_rate", "weight_decay"))
        halves = self.half_lives_days
        if not halves or not all(isinstance(each, int | float) and 0 < each < math.inf for each in halves):
            raise RecipeError(
                f"The recipe's clicks have the half-lives {halves!r}; finite numbers of days above 0 are wanted, at "
                "least one."
            )
        cap = self.propensity_cap
        if cap is not None and not (isinstance(cap, int | float) and 1 <= cap < math.inf):
            raise RecipeError(
                f"The recipe's clicks have the propensity_cap {cap!r}; a finite number from 1 is wanted, or None."
            )
