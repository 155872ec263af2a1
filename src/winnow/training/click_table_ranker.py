"""What training on a table of clicks learned."""

from collections.abc import Mapping
from dataclasses import dataclass

from winnow.calibration.sigmoid import inside, sigmoid
from winnow.features.click_features import ClickFeatures
from winnow.features.click_rows import ClickRows
from winnow.models.click_table_model import ClickTableModel
from winnow.schema.column import Array
from winnow.training.labelled_rows import logits_of, tensors_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClickTableRanker:
    """Rows in, chances out.

    Attributes:
        features: fitted on the rows that the model learned from.
        model: in evaluation mode; without a deep part where the validation rows believe nothing of it.
        metrics: on the validation rows, before the model learned from them too: `auc`, `logloss` (nats), and
            `wide_auc` and `wide_logloss` of the wide part alone; `believed`, the share of the deep part that is added.
        warnings: sentences about the rows.
    """

    features: ClickFeatures
    model: ClickTableModel
    metrics: Mapping[str, float]
    warnings: tuple[str, ...]

    def __call__(self, rows: ClickRows) -> Array:
        """The chance of a click on each row, float32 [N], above 0 and below 1.

        Raises:
            SchemaError: the rows have other columns than those that were trained on.
        """
        return inside(sigmoid(self.logits(rows)))

    def logits(self, rows: ClickRows) -> Array:
        """The log-odds of a click on each row, float32 [N]; a calibrator may be fitted on those of later rows.

        Raises:
            SchemaError: the rows have other columns than those that were trained on.
        """
        return logits_of(self.model, tensors_of(self.features(rows)))
