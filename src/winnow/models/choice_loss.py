"""Which of the candidates was clicked."""

from torch import Tensor
from torch.nn import functional as F


def choice_loss(logits_BC: Tensor, labels_BC: Tensor) -> Tensor:
    """Mean negative log likelihood (nats) of the clicks, where each request chooses among its candidates.

    It asks which candidate is clicked, which is what a ranked list is judged by, and not of each whether it is, which
    is rare. So logits have no level: what is added to all candidates of a request changes nothing.

    Args:
        logits_BC: of C candidates of B requests.
        labels_BC: 1 where clicked, else 0; a request without a click counts nothing.

    Source:
        Cao et al., Learning to rank: from pairwise approach to listwise approach, ICML 2007.
    """
    shares_BC = labels_BC / labels_BC.sum(dim=1, keepdim=True).clamp(min=1)
    return F.cross_entropy(logits_BC, shares_BC)
