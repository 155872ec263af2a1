"""The recipe of the shops that searches are measured on: towers only, a few hundred steps in large batches."""

from winnow.recipes.config import Config
from winnow.training.retrieval import RetrievalConfig


def search() -> Config:
    """One pass over the first half of two weeks; the second half asks."""
    retrieval = RetrievalConfig(epochs=1, batch_size=8192, uniform_negatives=2048)
    return Config(name="search", holdout_days=7.0, retrieval=retrieval, ranking=None)
