"""How much each thing that is said of the candidates counts in the choice among them, solved to the end."""

import torch
from torch import Tensor

from winnow.models.choice_loss import choice_loss
from winnow.models.wide import weighed

STEPS = 100
"""Of L-BFGS at most; the loss is convex, and a hundred weights need about as many."""


def conditional_logit(
    said_RCF: Tensor,
    kinds_RC: Tensor,
    labels_RC: Tensor,
    start_KF: Tensor,
    penalty: float,
    beside_RC: Tensor | None = None,
) -> Tensor:
    """The weights under which the clicks are likeliest, drawn to `start_KF` where little speaks against it.

    Few rows can move weights only a little, many rows as far as they like: the penalty is that of a normal prior around
    the start, of variance 1 / penalty.

    Args:
        said_RCF: of C candidates of R requests, F numbers each; R may be 0.
        kinds_RC: int64 in 0..K-1, whose weights count for the candidate.
        labels_RC: 1 where clicked, else 0.
        start_KF: what is believed without any row.
        penalty: above 0, in nats for a squared distance of 2 from the start.
        beside_RC: logits that count as they are; by default none.

    Returns:
        float32 [K, F].

    Source:
        McFadden, Conditional logit analysis of qualitative choice behavior, 1973.
    """
    weights_KF = start_KF.clone().requires_grad_()
    solver = torch.optim.LBFGS([weights_KF], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        solver.zero_grad()
        distance = (weights_KF - start_KF).square().sum()
        total = penalty / 2 * distance
        if len(said_RCF):
            logits_RC = weighed(said_RCF, kinds_RC, weights_KF)
            logits_RC = logits_RC if beside_RC is None else logits_RC + beside_RC
            total = total + len(said_RCF) * choice_loss(logits_RC, labels_RC)
        mean = total / max(1, len(said_RCF))
        mean.backward()
        return mean

    solver.step(loss)
    return weights_KF.detach()
