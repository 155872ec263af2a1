"""How well each outcome that the click model tells is told: a click, what follows on it, a dismissal."""

from dataclasses import replace

import numpy as np

from winnow.data.dataset import OUTCOME
from winnow.data.positive_outcomes import AS_SHOWN, came_of
from winnow.evaluation.head_row import ENOUGH, HeadRow
from winnow.evaluation.held_impressions import HeldImpressions
from winnow.evaluation.judgement import Judgement
from winnow.metrics.binary import auc, logloss, normalised_entropy
from winnow.metrics.reliability import calibration_error
from winnow.pipeline.reranking_config import CLICK
from winnow.schema.column import Array, Bools


def head_rows(held: HeldImpressions, judged: Judgement) -> list[HeadRow]:
    """A row for each outcome of which the model knows chances; that of a click is of where the item stood.

    Args:
        held: the impressions.
        judged: what the model says of them.
    """
    rows: list[HeadRow] = []
    if judged.chances is not None:
        asked = HeadRow(outcome=CLICK, of="shown", impressions=len(held), positives=int(held.clicked.sum()))
        rows.append(_scored(asked, held.clicked, judged.chances))
    came = came_of(held.table[OUTCOME].to_pylist(), tuple(judged.further))
    for (name, chances), outcome in zip(judged.further.items(), came.T, strict=True):
        about = np.ones(len(held), np.bool_) if name in AS_SHOWN else held.clicked
        asked = HeadRow(
            outcome=name,
            of="shown" if name in AS_SHOWN else "clicked",
            impressions=int(about.sum()),
            positives=int(outcome[about].sum()),
        )
        rows.append(_scored(asked, outcome[about], chances[about]))
    return rows


def _scored(row: HeadRow, came: Bools, chances: Array) -> HeadRow:
    if min(row.positives, row.impressions - row.positives) < ENOUGH:
        return row
    return replace(
        row,
        auc=auc(came, chances),
        log_loss=logloss(came, chances),
        entropy=normalised_entropy(came, chances),
        calibration_error=calibration_error(came, chances),
    )
