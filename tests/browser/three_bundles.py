"""A registry of three bundles from one training: one was judged, one weighs diversity, one draws lots."""

from pathlib import Path
from typing import Any

from tests.reranked_bundle import write_reranked
from winnow.bundle.bundle import EVALUATION, Bundle
from winnow.bundle.registry import Registry

FIRST, DIVERSE, DRAWN = "first", "diverse", "drawn"
RECIPES: dict[str, dict[str, Any]] = {
    FIRST: {},
    DIVERSE: {"select": "mmr", "reranking": {"diversity": 0.1, "diversity_limits": [0, 1]}},
    DRAWN: {"select": "sample", "temperature": 0.5, "reranking": {"explore_limits": [0, 2]}},
}


def write_three(bundle: Path, registry: Path) -> None:
    """They are called as their folders are, and the first serves."""
    for name, pipeline in RECIPES.items():
        write_reranked(bundle, registry / name, **pipeline)
    Bundle.open(registry / FIRST).attach(EVALUATION, _evaluation())
    Registry(registry).promote(FIRST)


def _evaluation() -> dict[str, Any]:
    where = {"seen": "masked", "k": 10, "metric": "ndcg", "low": 0.1, "high": 0.4}
    values = {"winnow": 0.3, "popular": 0.1}
    slices = ("all", "cold")
    return {
        "rows": [{**where, "model": m, "value": v, "slice": each} for m, v in values.items() for each in slices],
        "funnel": [{"seen": "masked", "stage": "retrieve", "recall": 0.5, "candidates": 100.0}],
        "users": [{"seen": "masked", "slice": each, "users": 9} for each in slices],
        "reliability": [{"model": "winnow", "slice": "all", "mean_probability": 0.1, "share_of_clicks": 0.12}],
    }
