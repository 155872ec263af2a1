"""How likely a row of a table of clicks is clicked: plain weights, and beside them what only meetings tell.

Source: Cheng et al., Wide and deep learning for recommender systems, DLRS 2016.
"""

from collections.abc import Callable, Mapping

from torch import Tensor, nn

from winnow.models.click_table_sizes import ClickTableSizes, Kind
from winnow.models.code_embedding import CodeEmbedding
from winnow.models.dcn_part import DcnPart
from winnow.models.deep_fm_part import DeepFmPart
from winnow.models.dlrm_part import DlrmPart
from winnow.models.first_order import FirstOrder
from winnow.models.inputs import Inputs

START = 0.05
"""Standard deviation of a new embedding: a code that few rows have says next to nothing until they pull at it."""
PARTS: Mapping[Kind, Callable[[Inputs, ClickTableSizes], nn.Module]] = {
    "dlrm": DlrmPart,
    "dcn": DcnPart,
    "deep_fm": DeepFmPart,
}
"""Deep parts; `wide` has none."""


class ClickTableModel(nn.Module):
    """Log-odds of a click on each row.

    Args:
        inputs: widths of the arrays of a row.
        sizes: kind and widths of the deep part.

    Attributes:
        wide: the first-order part.
        deep: what is added to it; None where the kind is `wide`.
    """

    def __init__(self, inputs: Inputs, sizes: ClickTableSizes) -> None:
        super().__init__()
        self.wide = FirstOrder(inputs)
        self.deep = None if sizes.kind == "wide" else PARTS[sizes.kind](inputs, sizes)
        for table in self.deep_tables():
            nn.init.normal_(table, std=START)

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """`codes` int [B, K] and `values` float [B, V] -> logits [B]."""
        wide = self.wide(inputs)
        return wide if self.deep is None else wide + self.deep(inputs)

    def deep_tables(self) -> list[Tensor]:
        """Embeddings of the deep part, [codes, dim] each."""
        modules = () if self.deep is None else self.deep.modules()
        return [module.table.weight for module in modules if isinstance(module, CodeEmbedding)]
