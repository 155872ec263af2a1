"""The weights of EASE, in closed form."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import get_lapack_funcs

BLOCK = 1024


def ease_weights(had: sparse.csr_array, penalty: float) -> NDArray[np.float32]:
    """Ridge regressions of each item on all others: B = I - P diag(1 / diag P), with P the inverse of X'X + penalty I.

    Args:
        had: float32 sparse [U, K], X: 1 where a user had an item.
        penalty: above 0.

    Returns:
        float32 [K, K], from the item had to the item scored; zero on the diagonal.

    Source:
        Steck, Embarrassingly shallow autoencoders for sparse data, WWW 2019.
    """
    gram = np.asarray((had.T @ had).toarray(), np.float32, order="F")
    gram[np.diag_indices(len(gram))] += penalty
    weights = _inverse(gram)
    weights /= -np.diag(weights)
    np.fill_diagonal(weights, 0.0)
    return weights


def _inverse(gram: NDArray[np.float32]) -> NDArray[np.float32]:
    """The inverse of a positive definite matrix in the order of Fortran, in its own memory, by Cholesky."""
    potrf, potri = get_lapack_funcs(("potrf", "potri"), (gram,))
    factor, failed = potrf(gram, lower=1, overwrite_a=1, clean=0)
    inverse, singular = potri(factor, lower=1, overwrite_c=1)
    if failed or singular:
        raise ArithmeticError("The matrix of EASE has no inverse in spite of its penalty; this is a defect.")
    for start in range(0, len(inverse), BLOCK):
        end = start + BLOCK
        inverse[start:end, end:] = inverse[end:, start:end].T
        own = np.tril(inverse[start:end, start:end])
        inverse[start:end, start:end] = own + np.tril(own, -1).T
    return inverse
