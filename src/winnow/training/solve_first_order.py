"""The wide part, solved: its loss is convex, so that nothing depends on a seed, a rate or an order of rows."""

import torch
from torch import Tensor
from torch.nn import functional as F

from winnow.models.first_order import FirstOrder
from winnow.training.labelled_rows import LabelledRows

STEPS = 200
"""At most; some tens are usual."""
DONE = 1e-6
"""Nats of one row by which a weight may still pull when it is called solved."""


def solve_first_order(wide: FirstOrder, rows: LabelledRows, penalty: float) -> None:
    """Sets the weights under which the labels are likeliest, with a normal prior on all but the bias.

    Args:
        wide: is changed in place.
        rows: all at once are in memory.
        penalty: one over the variance of the prior, above 0.

    Source:
        Liu and Nocedal, On the limited memory BFGS method for large scale optimization, 1989.
    """
    optimizer = torch.optim.LBFGS(
        wide.parameters(), max_iter=STEPS, history_size=20, tolerance_grad=DONE, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        optimizer.zero_grad()
        squares = wide.codes.table.weight.square().sum() + wide.values.square().sum()
        loss = F.binary_cross_entropy_with_logits(wide(rows.inputs), rows.clicked)
        loss = loss + penalty / (2 * len(rows)) * squares
        loss.backward()
        return loss

    optimizer.step(closure)
