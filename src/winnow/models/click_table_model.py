"""How likely a row of a table of clicks is clicked: plain weights, and beside them what only meetings tell.

Source: Cheng et al., Wide and deep learning for recommender systems, DLRS 2016.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn

from winnow.models.click_table_sizes import ClickTableSizes, Kind
from winnow.models.code_embedding import CodeEmbedding
from winnow.models.dcn_part import DcnPart
from winnow.models.deep_fm_part import DeepFmPart
from winnow.models.dlrm_part import DlrmPart
from winnow.models.first_order import FirstOrder
from winnow.models.inputs import Inputs

START = 0.05
"""Standard deviation of a new embedding: what two codes say together is next to nothing at the start."""
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
        frequent: of each column, how many codes the deep part tells apart, the first ones; to it all others are one.
        sizes: kind and widths of the deep part.

    Attributes:
        wide: the first-order part.
        deep: of the inputs that `deep_inputs` gives; None where the kind is `wide`.
        believed: share of what the deep part says that is added, from 0 to 1; 1 of a new model.
    """

    def __init__(self, inputs: Inputs, frequent: Sequence[int], sizes: ClickTableSizes) -> None:
        super().__init__()
        self.frequent: Tensor
        self.register_buffer("frequent", torch.tensor(frequent, dtype=torch.int32))
        self.wide = FirstOrder(inputs)
        coarse = replace(inputs, codes=tuple(each + 1 for each in frequent))
        self.believed: Tensor
        self.register_buffer("believed", torch.ones(()))
        self.deep = None if sizes.kind == "wide" else PARTS[sizes.kind](coarse, sizes)
        for module in () if self.deep is None else self.deep.modules():
            if isinstance(module, CodeEmbedding):
                nn.init.normal_(module.table.weight, std=START)

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """`codes` int [B, K] and `values` float [B, V] -> logits [B]."""
        wide = self.wide(inputs)
        return wide if self.deep is None else wide + self.believed * self.deep(self.deep_inputs(inputs))

    def deep_inputs(self, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The same rows with one code for all that are rare in a column: few rows tell nothing of its meetings."""
        return {**inputs, "codes": torch.minimum(inputs["codes"], self.frequent)}
