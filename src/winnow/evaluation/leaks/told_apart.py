"""Features that know by themselves which events are positive: they were written when that was known."""

import numpy as np

from winnow.evaluation.leaks.feature_codes import FeatureCodes, declared, feature_codes
from winnow.evaluation.leaks.finding import MOST_ROWS, Evidence, Finding
from winnow.evaluation.leaks.split_events import SplitEvents
from winnow.schema.column import Array
from winnow.schema.feature import Entity, Kind

CHECK = "target-like features"
MOST_AUC = 0.98
"""A feature that tells positives from others better than this is no feature but the answer."""
FEWEST = 50
"""Positives, and others, that each half of the users must have."""
KINDS = {
    Entity.CONTEXT: (Kind.ID, Kind.CATEGORY, Kind.NUMBER),
    Entity.USER: (Kind.CATEGORY, Kind.NUMBER),
    Entity.ITEM: (Kind.CATEGORY, Kind.NUMBER),
}


def told_apart(events: SplitEvents) -> Finding:
    """A leak where one feature tells the positives of the training time from its other events."""
    positive = events.train.positive
    if not positive.any() or positive.all():
        sentence = (
            f"All {len(positive):,} training events are {'' if positive.any() else 'not '}positive: nothing to tell."
        )
        return Finding(check=CHECK, severity="none", sentence=sentence)
    features = [each for entity, kinds in KINDS.items() for each in declared(events, entity, kinds)]
    coded = [feature_codes(events, each, ranges=True) for each in features]
    aucs = [crossed_auc(each, events.train.users, positive) for each in coded]
    measured = sorted((-each, place) for place, each in enumerate(aucs) if not np.isnan(each))
    looked = (
        f"{len(measured)} of {len(features)} features had enough of the {len(positive):,} training events to be judged"
    )
    if not measured:
        return Finding(check=CHECK, severity="none", sentence=f"{looked}.")
    worst, place = -measured[0][0], measured[0][1]
    return Finding(
        check=CHECK,
        severity="leak" if worst > MOST_AUC else "none",
        sentence=f"{looked}; '{coded[place].name}' of the {coded[place].entity} tells positives from others best, with "
        f"an AUC of {worst:.3f} (above {MOST_AUC} is a leak).",
        evidence=_values(coded[place], positive) if worst > MOST_AUC else (),
    )


def crossed_auc(feature: FeatureCodes, users: Array, positive: Array) -> float:
    """How well values tell positives apart, each half of the users being judged by what the other half did.

    A value that one user alone has, such as a session, therefore tells nothing. Where a user or an item has no value,
    the event does not count; that a request has none may be the very thing that tells.

    Returns:
        in [0, 1]; NaN where one half has fewer than FEWEST of either kind.
    """
    counted = np.ones(len(users), bool) if feature.entity is Entity.CONTEXT else feature.codes > 0
    size = len(feature.values)
    halves = [counted & (users % 2 == half) for half in (0, 1)]
    tallies = [_tally(feature.codes[half], positive[half], size) for half in halves]
    if min(int(each.sum()) for pair in tallies for each in pair) < FEWEST:
        return float("nan")
    return float(np.mean([_auc(tallies[half], tallies[1 - half]) for half in (0, 1)]))


def _tally(codes: Array, positive: Array, size: int) -> tuple[Array, Array]:
    """Positives and others by value."""
    yes = np.bincount(codes[positive], minlength=size)
    return yes, np.bincount(codes, minlength=size) - yes


def _auc(judged: tuple[Array, Array], judge: tuple[Array, Array]) -> float:
    """AUC of the values' rates in the other half; an unknown value has the rate of all."""
    yes, no = judge
    mean = yes.sum() / (yes.sum() + no.sum())
    rates = (yes + mean) / (yes + no + 1)
    return weighted_auc(rates, *judged)


def weighted_auc(scores: Array, positives: Array, others: Array) -> float:
    """The AUC of rows that come in numbers: `positives[i]` and `others[i]` of them have `scores[i]`."""
    _, group = np.unique(scores, return_inverse=True)
    yes, no = (np.bincount(group, weights=each) for each in (positives, others))
    below = np.cumsum(no) - no
    return float((yes * (below + no / 2)).sum() / (yes.sum() * no.sum()))


def _values(feature: FeatureCodes, positive: Array) -> Evidence:
    """The most frequent values, with what they told."""
    yes, no = _tally(feature.codes, positive, len(feature.values))
    shown = np.argsort(-(yes + no), kind="stable")[:MOST_ROWS].tolist()
    return tuple(
        {feature.name: feature.values[code], "positives": int(yes[code]), "others": int(no[code])}
        for code in shown
        if yes[code] + no[code]
    )
