"""Training on a table of clicks: a wide part that is solved, and a deep part that later rows believe or do not.

How far the deep part is believed is found on the latest rows, which it does not see; then all of it is trained again on
all rows: the latest are the nearest to what comes.

Source: Wolpert, Stacked generalization, Neural Networks 1992.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from winnow.calibration.sigmoid import sigmoid
from winnow.data.click_split import split_clicks
from winnow.data.click_table import ClickTable
from winnow.features.click_features import ClickFeatures
from winnow.features.fit_click_features import fit_click_features
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

FINDING, LEARNING = "Finding how far to believe the click model", "Training the click model"
SHARES = np.linspace(0, 1, 21)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The share of the deep part that is believed, and what was said of the validation rows without it and with it."""

    believed: float
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
    for part, rows in (("from which it is learned", split.train), ("by which the deep part is believed", split.test)):
        _check_both(rows, part)
    features, _, rows = _fitted(split.train, config, seed)
    found = _find(features, rows, LabelledRows.of(features, split.test), config, seed, progress)
    features, warnings, rows = _fitted(table, config, seed)
    return ClickTableRanker(
        features=features,
        model=_learned(features, rows, config, found.believed, seed, progress),
        metrics={**_measured(found, split.test.label), "believed": found.believed},
        warnings=(*split.warnings, *warnings),
    )


def _check_both(rows: ClickTable, part: str) -> None:
    if rows.positives in (0, len(rows)):
        raise DataError(
            f"Of the {len(rows):,} rows {part}, {rows.positives:,} are clicks; clicks and misses are wanted. Bring "
            "more rows, or choose another share for validation."
        )


def _fitted(
    table: ClickTable, config: ClickTableConfig, seed: int
) -> tuple[ClickFeatures, tuple[str, ...], LabelledRows]:
    features, warnings = fit_click_features(table, config.limits, table.label)
    return features, warnings, LabelledRows.learned(features, table, np.random.default_rng(seed))


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
    wide = logits_of(model.wide, held.inputs)
    _learn(model, rows, config, generator, partial(progress, FINDING))
    added = logits_of(model, held.inputs) - wide
    losses = [logloss(held.clicked.numpy() > 0, sigmoid(wide + share * added)) for share in SHARES]
    believed = float(SHARES[np.argmin(losses)])
    return _Found(believed=believed, wide=wide, logits=wide + believed * added)


def _learned(
    features: ClickFeatures,
    rows: LabelledRows,
    config: ClickTableConfig,
    believed: float,
    seed: int,
    progress: Progress,
) -> ClickTableModel:
    """In evaluation mode; without a deep part where nothing of it is believed."""
    if not believed:
        config = replace(config, sizes=replace(config.sizes, kind="wide"))
    model, generator = _new_model(features, rows, config, seed)
    _learn(model, rows, config, generator, partial(progress, LEARNING))
    model.believed.fill_(believed)
    return model.eval()


def _learn(
    model: ClickTableModel,
    rows: LabelledRows,
    config: ClickTableConfig,
    generator: np.random.Generator,
    told: Callable[[int, int], None],
) -> None:
    if model.deep is not None:
        for epoch, _ in enumerate(deep_epochs(model, rows, config, generator), 1):
            told(epoch, config.epochs)


def _measured(found: _Found, labels: Array) -> Mapping[str, float]:
    return {
        "auc": auc(labels, found.logits),
        "logloss": logloss(labels, sigmoid(found.logits)),
        "wide_auc": auc(labels, found.wide),
        "wide_logloss": logloss(labels, sigmoid(found.wide)),
    }
