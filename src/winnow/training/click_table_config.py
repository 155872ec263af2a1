"""How a click model is trained on a table of clicks."""

from dataclasses import dataclass, field

from winnow.features.category_limits import CategoryLimits
from winnow.models.click_table_sizes import ClickTableSizes
from winnow.schema.errors import RecipeError
from winnow.training.positive import check_positive


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickTableConfig:
    """The penalty stands beside the sum over all rows, as a prior: right for few rows, and nothing beside many.

    Attributes:
        sizes: kind and widths of the model.
        limits: of the codes of categories.
        validation: share of the rows, the latest, by which is found how far the deep part is believed.
        deep_min_count: rows that a code needs to have an embedding of its own in the deep part; rarer ones of a column
            share one. The wide part has a weight for each.
        wide_penalty: half of it times the squared weights is added to the total loss of the wide part.
        weight_decay: share of the weights of the deep part that a step of rate 1 takes away.
        epochs: passes of the deep part over the rows.
        batch_size: rows a step.
        learning_rate: highest rate of AdamW; falls to zero along a cosine.

    Raises:
        RecipeError: a number is not above 0, or the share not below 1.
    """

    sizes: ClickTableSizes = field(default_factory=ClickTableSizes)
    limits: CategoryLimits = field(default_factory=CategoryLimits)
    validation: float = 0.2
    deep_min_count: int = 100
    wide_penalty: float = 100.0
    weight_decay: float = 1.0
    epochs: int = 10
    batch_size: int = 128
    learning_rate: float = 2e-3

    def __post_init__(self) -> None:
        sizes = ("validation", "deep_min_count", "epochs", "batch_size")
        rates = ("wide_penalty", "weight_decay", "learning_rate")
        check_positive("click table", self, (*sizes, *rates))
        if self.validation >= 1:
            raise RecipeError(f"The click table's validation is {self.validation!r}; less than 1 is wanted.")
