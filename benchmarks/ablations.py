"""The two towers of the demo without one thing each, so that it shows what each is worth."""

from collections.abc import Mapping
from dataclasses import replace

from benchmarks.cold_items import without_features
from winnow.data.dataset import Dataset
from winnow.recipes.config import Config
from winnow.schema.feature import Entity, Kind
from winnow.schema.transform import History

SAMPLED = {"full_softmax_up_to": 0}
"""The demo's catalogue is small enough for the full softmax, which needs neither negatives nor their correction."""


def ablations(dataset: Dataset, config: Config) -> Mapping[str, tuple[Dataset, Config]]:
    """What each is called, the data that it reads and its recipe; `whole` is without nothing."""
    context = [each.name for each in dataset.schema.of(Entity.CONTEXT)]
    content = [each.name for each in dataset.schema.of(Entity.ITEM) if each.kind in (Kind.TEXT, Kind.IMAGE)]
    return {
        "whole": (dataset, config),
        "without_history": (without_history(dataset), config),
        "without_context": (without_features(dataset, *context), config),
        "without_content": (without_features(dataset, *content), config),
        "sampled": (dataset, _changed(config, **SAMPLED)),
        "sampled_without_logq": (dataset, _changed(config, **SAMPLED, logq=False)),
        "in_batch_only": (dataset, _changed(config, **SAMPLED, uniform_negatives=0)),
    }


def without_history(dataset: Dataset) -> Dataset:
    """The same data whose models read no event; what users had is known to filters all the same."""
    features = tuple(
        replace(each, transform=replace(each.transform, types=())) if isinstance(each.transform, History) else each
        for each in dataset.schema
    )
    return replace(dataset, schema=replace(dataset.schema, features=features))


def _changed(config: Config, **changes: int | bool) -> Config:
    return replace(config, retrieval=replace(config.retrieval, **changes))
