"""The softmax over a sample of items, with its gradients, in one pass that never holds all logits.

Shapes: B examples, N sampled items, C examples of a chunk, D width.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

LOGITS_AT_ONCE = 1 << 20
"""4 MiB of logits stay in the cache of a core; going through them once more then costs little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What is known of N sampled items besides their vectors.

    Attributes:
        log_chance: float32 [N], logarithm of each one's chance to be in the sample, as `log_chance` gives it.
        own: int [M] examples, rising, and int [M] sampled items that are left out of them: the example's own positives
            of any time.
    """

    log_chance: Tensor
    own: tuple[Tensor, Tensor]


class SampledSoftmax(torch.autograd.Function):
    """Cross-entropy over the whole catalogue, estimated from the distinct items of a sample.

    A sampled item stands for `1 / chance` items of its kind, so its logit is lowered by the logarithm of its chance to
    be in the sample (logQ correction). The positive was not sampled for being one, and is not corrected. With the whole
    catalogue as the sample every chance is 1, and this is the full softmax.

    The gradients follow from the probabilities, so they are made while a chunk of these is at hand: four passes over
    logits in the cache instead of some twenty through memory.

    Source: Bengio and Senecal, Adaptive importance sampling to accelerate training of a neural probabilistic language
    model, 2008; Khrylchenko et al., Correcting the LogQ correction, RecSys 2025.
    """

    @staticmethod
    def forward(
        ctx: Any, query_BD: Tensor, items_ND: Tensor, positive_B: Tensor, weight_B: Tensor, sample: Sample
    ) -> Tensor:
        """The weighted sum of the losses, in nats.

        Args:
            ctx: keeps the gradients.
            query_BD: queries, times the scale of logits.
            items_ND: vectors of the sampled items.
            positive_B: int, which of the sampled items is the positive.
            weight_B: what each example counts.
            sample: where the items come from.
        """
        own = sample.own
        loss = query_BD.new_zeros(())
        query_grad, items_grad = torch.empty_like(query_BD), torch.zeros_like(items_ND)
        step = max(1, LOGITS_AT_ONCE // max(1, len(items_ND)))
        cuts = torch.searchsorted(own[0], torch.arange(0, len(query_BD) + step, step)).tolist()
        for number, start in enumerate(range(0, len(query_BD), step)):
            part, pairs = slice(start, start + step), slice(cuts[number], cuts[number + 1])
            query_CD, positive_C1 = query_BD[part], positive_B[part].unsqueeze(1)
            logits_CN = torch.addmm(-sample.log_chance, query_CD, items_ND.T)
            logits_CN[own[0][pairs] - start, own[1][pairs]] = float("-inf")
            right_C1 = (query_CD * items_ND[positive_C1.squeeze(1)]).sum(1, keepdim=True)
            logits_CN.scatter_(1, positive_C1, right_C1)
            highest_C1 = logits_CN.amax(1, keepdim=True)
            chances_CN = logits_CN.sub_(highest_C1).exp_()
            total_C1 = chances_CN.sum(1, keepdim=True)
            weight_C1 = weight_B[part].unsqueeze(1)
            loss += ((total_C1.log() + highest_C1 - right_C1) * weight_C1).sum()
            gradient_CN = chances_CN.mul_(weight_C1 / total_C1)
            gradient_CN.scatter_add_(1, positive_C1, -weight_C1)
            torch.mm(gradient_CN, items_ND, out=query_grad[part])
            items_grad.addmm_(gradient_CN.T, query_CD)
        ctx.save_for_backward(query_grad, items_grad)
        return loss

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        """Of queries and items; the rest is not learned."""
        query_grad, items_grad = ctx.saved_tensors
        return query_grad * gradients[0], items_grad * gradients[0], None, None, None
