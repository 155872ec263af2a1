"""How well clicks among what was shown are told from the rest, and whether chances are what they say."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from winnow.evaluation.held_impressions import HeldImpressions
from winnow.evaluation.impression_slices import impression_slices
from winnow.evaluation.judgement import Judgement
from winnow.evaluation.report import ImpressionRow, ReliabilityBin
from winnow.evaluation.setting import BEST
from winnow.metrics.binary import auc, logloss, normalised_entropy
from winnow.metrics.grouped_auc import auc_by_group
from winnow.metrics.reliability import calibration_error, reliability
from winnow.metrics.scored_lists import ndcg_of_scores
from winnow.schema.column import Array, Bools
from winnow.schema.schema import Schema


def impression_rows(
    held: HeldImpressions, judged: Mapping[str, Judgement], schema: Schema
) -> tuple[list[ImpressionRow], list[ReliabilityBin]]:
    """The figures of every model on every slice of the impressions, and the bins of those that know chances.

    Args:
        held: the impressions.
        judged: of each model, in the order of the report.
        schema: names the context features.
    """
    rows: list[ImpressionRow] = []
    bins: list[ReliabilityBin] = []
    for name, chosen in impression_slices(held, schema).items():
        figures = {model: _row(held, model, each, name, chosen) for model, each in judged.items()}
        best = {model: figures[model] for model in BEST if model in figures}
        rows += [replace(row, shares=_shares(row, best)) for row in figures.values()]
        for model, each in judged.items():
            if each.chances is not None:
                bins += _bins(model, name, held.clicked[chosen], each.chances[chosen])
    return rows, bins


def _row(held: HeldImpressions, model: str, judged: Judgement, name: str, rows: Bools) -> ImpressionRow:
    clicked, scores = held.clicked[rows], judged.scores[rows]
    ndcg = ndcg_of_scores(held.clicked_by_page(rows), scores)
    row = ImpressionRow(
        model=model,
        slice=name,
        impressions=len(clicked),
        clicks=int(clicked.sum()),
        auc=_known(auc(clicked, scores)),
        auc_within_users=_known(auc_by_group(clicked, scores, held.visitors[rows]).value),
        ndcg=float(ndcg.mean()) if len(ndcg) else None,
    )
    if judged.chances is None:
        return row
    chances = judged.chances[rows]
    return replace(
        row,
        log_loss=logloss(clicked, chances),
        entropy=_known(normalised_entropy(clicked, chances)),
        calibration_error=calibration_error(clicked, chances),
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _shares(row: ImpressionRow, best: Mapping[str, ImpressionRow]) -> dict[str, float]:
    """Of what the best models gain over knowing nothing, where they gain something."""
    ours = _gains(row)
    return {
        f"{model}_share_{metric}": ours[metric] / gain
        for model, reached in best.items()
        for metric, gain in _gains(reached).items()
        if metric in ours and gain > 0
    }


def _gains(row: ImpressionRow) -> dict[str, float]:
    """Who knows nothing has an AUC of 0.5 and an entropy of 1."""
    gains = {"auc": row.auc and row.auc - 0.5, "entropy": row.entropy and 1 - row.entropy}
    return {metric: gain for metric, gain in gains.items() if gain is not None}


def _bins(model: str, name: str, clicked: Array, chances: Array) -> Iterator[ReliabilityBin]:
    drawn = reliability(clicked, chances)
    columns = (drawn.mean_probability.tolist(), drawn.share_of_positives.tolist(), drawn.rows.tolist())
    for said, came, number in zip(*columns, strict=True):
        yield ReliabilityBin(model=model, slice=name, mean_probability=said, share_of_clicks=came, impressions=number)
