"""Training on a table of clicks: a wide part that is solved, and a deep part that is stopped by later rows.

Whether and how long the deep part learns is found on the latest rows, which it does not see; then all of it is trained
again, for as long, on all rows: the latest are the nearest to what comes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from winnow.calibration.sigmoid import sigmoid
from winnow.data.click_split import split_clicks
from winnow.data.click_table import ClickTable
from winnow.features.click_features import ClickFeatures
from winnow.features.fit_click_features import fit_click_features
from winnow.metrics.beyond_doubt import unbeaten
from winnow.metrics.binary import auc, logloss
from winnow.models.click_table_model import ClickTableModel
from winnow.schema.column import Array
from winnow.schema.errors import DataError
from winnow.training.click_table_config import ClickTableConfig
from winnow.training.click_table_ranker import ClickTableRanker
from winnow.training.deep_epochs import deep_epochs
from winnow.training.labelled_rows import LabelledRows, frequent_codes, inputs_of, logits_of
from winnow.training.progress import Progress
from winnow.training.seeding import seeded
from winnow.training.solve_first_order import solve_first_order

FINDING, LEARNING = "Finding how long to train the click model", "Training the click model"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """How long to train: `epochs`, and what the validation rows said of the wide part and of that."""

    epochs: int
    wide: Array
    logits: Array


def train_click_table(table: ClickTable, config: ClickTableConfig, seed: int, progress: Progress) -> ClickTableRanker:
    """Trains a click model.

    Args:
        table: rows to train on, none that the model will be judged by.
        config: how.
        seed: of weights, order, masks and dropout; the same seed gives the same model.
        progress: told after every pass.

    Raises:
        DataError: there are too few rows to leave any for each part, or a part has only clicks or none.
    """
    split = split_clicks(table, test=config.validation)
    for part, rows in (("from which it is learned", split.train), ("by which training is stopped", split.test)):
        _check_both(rows, part)
    features, _ = fit_click_features(split.train, config.limits)
    held = LabelledRows.of(features, split.test)
    found = _find(features, LabelledRows.of(features, split.train), held, config, seed, progress)
    features, warnings = fit_click_features(table, config.limits)
    return ClickTableRanker(
        features=features,
        model=_learned(features, LabelledRows.of(features, table), config, found.epochs, seed, progress),
        metrics={**_measured(found, split.test.label), "epochs": float(found.epochs)},
        warnings=(*split.warnings, *warnings),
    )


def _check_both(rows: ClickTable, part: str) -> None:
    if rows.positives in (0, len(rows)):
        raise DataError(
            f"Of the {len(rows):,} rows {part}, {rows.positives:,} are clicks; clicks and misses are wanted. Bring "
            "more rows, or choose another share for validation."
        )


def _new_model(
    features: ClickFeatures, rows: LabelledRows, config: ClickTableConfig, seed: int
) -> tuple[ClickTableModel, np.random.Generator]:
    """With the wide part solved and the deep one untouched."""
    generator = seeded(seed)
    frequent = frequent_codes(rows, config.deep_min_count)
    model = ClickTableModel(inputs_of(features), frequent, config.sizes)
    solve_first_order(model.wide, rows, config.wide_penalty)
    return model, generator


def _find(
    features: ClickFeatures,
    rows: LabelledRows,
    held: LabelledRows,
    config: ClickTableConfig,
    seed: int,
    progress: Progress,
) -> _Found:
    model, generator = _new_model(features, rows, config, seed)
    said = [logits_of(model.wide, held.inputs)]
    if model.deep is not None:
        for epoch, _ in enumerate(deep_epochs(model, rows, config, generator), 1):
            progress(FINDING, epoch, config.epochs)
            said.append(logits_of(model, held.inputs))
    # Noise of few rows is no reason to stop early.
    epochs = unbeaten([_losses(held.clicked.numpy(), each) for each in said])[-1]
    return _Found(epochs=epochs, wide=said[0], logits=said[epochs])


def _learned(
    features: ClickFeatures,
    rows: LabelledRows,
    config: ClickTableConfig,
    epochs: int,
    seed: int,
    progress: Progress,
) -> ClickTableModel:
    """In evaluation mode; without a deep part where none of its passes is wanted."""
    if not epochs:
        config = replace(config, sizes=replace(config.sizes, kind="wide"))
    model, generator = _new_model(features, rows, config, seed)
    if epochs:
        for epoch, _ in enumerate(islice(deep_epochs(model, rows, config, generator), epochs), 1):
            progress(LEARNING, epoch, epochs)
    return model.eval()


def _measured(found: _Found, labels: Array) -> Mapping[str, float]:
    return {
        "auc": auc(labels, found.logits),
        "logloss": logloss(labels, sigmoid(found.logits)),
        "wide_auc": auc(labels, found.wide),
        "wide_logloss": logloss(labels, sigmoid(found.wide)),
    }


def _losses(labels: Array, logits: Array) -> Array:
    """float64 [N], nats of each row; log(1 + exp(-z)) for a click, and for a miss that of the opposite."""
    return np.logaddexp(0.0, np.where(labels > 0, -1.0, 1.0) * logits)
