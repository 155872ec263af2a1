"""The second-order term of a factorisation machine."""

from torch import Tensor


def factor_pairs(vectors: Tensor) -> Tensor:
    """The sum of the dot products of all pairs of F vectors, in time that is linear in F.

    Args:
        vectors: float [B, F, D].

    Returns:
        [B].

    Source:
        Rendle, Factorization machines, ICDM 2010, lemma 3.1.
    """
    return (vectors.sum(dim=1).square() - vectors.square().sum(dim=1)).sum(dim=1) / 2
