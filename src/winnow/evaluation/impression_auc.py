"""How well clicks among what was shown can be told apart from the rest: by popularity, reference and oracle."""

import numpy as np

from winnow.data.shop.impression_log import ImpressionLog
from winnow.data.shop.truth import Truth
from winnow.evaluation.report import ImpressionRow
from winnow.metrics.binary import auc
from winnow.schema.column import Array, Bools

SOME, MANY = 10, 30
"""Clicks in the training time from which a user has some, and many."""


def impression_auc(truth: Truth, log: ImpressionLog, train_until: float, inferred: Array) -> list[ImpressionRow]:
    """AUC on the impressions from `train_until` on (UTC seconds), for all and by what is known of the visitor.

    Nobody is told the position on the page. All know the clicks of the visit before the page.

    Args:
        truth: of the shop.
        log: all logged impressions.
        train_until: UTC seconds.
        inferred: float32 [U + 1, F], likings of the reference; the last row is an anonymous visitor.
    """
    before = log.at < train_until
    test = log.take(np.flatnonzero(~before))
    moment = (test.items, test.at, test.devices, test.clicks)
    popular = np.bincount(log.items[before & log.clicked], minlength=len(truth.world.items))
    scores = {
        "popular": popular[test.items].astype(np.float64),
        "reference": truth.logit_of(inferred, np.where(test.known, test.users, len(inferred) - 1), *moment),
        "oracle": truth.click_logit(test.users, *moment),
    }
    clicks = np.bincount(log.users[before & log.known & log.clicked], minlength=len(inferred))[test.users]
    return [
        ImpressionRow(model=model, slice=name, impressions=int(rows.sum()), auc=_auc(test.clicked[rows], score[rows]))
        for name, rows in _slices(test.known, clicks).items()
        if rows.any()
        for model, score in scores.items()
    ]


def _auc(clicked: Bools, scores: Array) -> float | None:
    return auc(clicked, scores) if clicked.any() and not clicked.all() else None


def _slices(known: Bools, clicks: Array) -> dict[str, Bools]:
    return {
        "all": np.ones(len(known), np.bool_),
        "anonymous": ~known,
        "no clicks": known & (clicks == 0),
        f"1 to {SOME - 1} clicks": known & (clicks > 0) & (clicks < SOME),
        f"{SOME} to {MANY - 1} clicks": known & (clicks >= SOME) & (clicks < MANY),
        f"{MANY} clicks or more": known & (clicks >= MANY),
    }
