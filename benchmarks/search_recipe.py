"""Recipes of the shops that searches are measured on: a few hundred steps in large batches."""

from dataclasses import replace

from winnow.recipes.config import Config
from winnow.training.ranking import RankingConfig
from winnow.training.retrieval import RetrievalConfig


def search() -> Config:
    """One pass over the first half of two weeks; the second half asks. Towers and clicks, no ranker."""
    retrieval = RetrievalConfig(epochs=1, batch_size=8192, uniform_negatives=2048)
    return Config(name="search", holdout_days=7.0, retrieval=retrieval, ranking=None)


def search_and_rank() -> Config:
    """The same with a ranker, for requests."""
    return replace(search(), name="search_and_rank", ranking=RankingConfig(requests=6_000))
