"""Learns from training rows of clicks what their features need. A leaf: serving never imports it."""

from collections.abc import Iterator

import numpy as np

from winnow.features.category_limits import CategoryLimits
from winnow.features.click_features import ClickFeatures
from winnow.features.click_rate import ClickRate
from winnow.features.click_rate_odds import click_rate_odds
from winnow.features.click_rows import ClickRows
from winnow.features.distinct_values import DistinctValues, distinct_values
from winnow.features.fitted import FittedFeature, FittedFeatures
from winnow.features.signed_log_number import SignedLogNumber, signed_log
from winnow.features.tail_codes import TailCodes
from winnow.schema.column import Array, Bools
from winnow.schema.errors import SchemaError
from winnow.schema.feature import Entity

LIMITS = CategoryLimits()


def fit_click_features(
    rows: ClickRows, limits: CategoryLimits = LIMITS, clicked: Bools | None = None
) -> tuple[ClickFeatures, tuple[str, ...]]:
    """Features of a table of clicks, and warnings.

    A number becomes sign(x) ln(1 + |x|), standardised, and a code of that without its fraction. The values of a
    category that enough rows have get codes of their own, the most frequent first, ties by value; all others share
    codes by their hash. Whole logarithms likewise, but that the others have the code of the nearest. Where labels are
    given, each value of a category that any row has also becomes a number, its click rate.

    Args:
        rows: training rows only, at least one; with others among them evaluation would flatter.
        limits: of the codes.
        clicked: bool [N], for features with click rates; what learns from these very rows needs `cross_fitted_rates` in
            their place.

    Returns:
        The features, and sentences about columns that say nothing in these rows or have more frequent values than the
        limit allows.

    Raises:
        SchemaError: there are no rows.
    """
    if not len(rows.numbers):
        raise SchemaError("There are no training rows to fit the features of clicks on; at least one is wanted.")
    warnings, kept = list[str](), list[FittedFeature]()
    for place, name in enumerate(rows.number_names):
        kept.append(
            FittedFeature(name=name, column=name, transform=_number(name, rows.numbers[:, place], limits, warnings))
        )
    rates = list[FittedFeature]()
    for name in rows.categories.column_names:
        values = distinct_values(rows.categories[name])
        kept.append(FittedFeature(name=name, column=name, transform=_category(name, values, limits, warnings)))
        if clicked is not None:
            rates.append(FittedFeature(name=f"{name}_rate", column=name, transform=_rate(values, clicked)))
    kept += rates
    return ClickFeatures(fitted=FittedFeatures(entity=Entity.CONTEXT, features=tuple(kept))), tuple(warnings)


def _number(name: str, column: Array, limits: CategoryLimits, warnings: list[str]) -> SignedLogNumber:
    present = column[np.isfinite(column)]
    warnings += _silent(name, len(column), len(present), bool(len(present)) and present.min() == present.max())
    if not len(present):
        return SignedLogNumber(mean=0.0, deviation=1.0, wholes=())
    logs = signed_log(present.astype(np.float64))
    # A constant says nothing and becomes 0 everywhere.
    deviation = 1.0 if present.min() == present.max() else float(logs.std())
    return SignedLogNumber(mean=float(logs.mean()), deviation=deviation, wholes=_frequent_wholes(logs, limits))


def _frequent_wholes(logs: Array, limits: CategoryLimits) -> tuple[int, ...]:
    wholes, counts = np.unique(np.floor(logs).astype(np.int64), return_counts=True)
    ordered = sorted(zip((-counts).tolist(), wholes.tolist(), strict=True))
    return tuple(whole for count, whole in ordered[: limits.max_size] if -count >= limits.min_count)


def _category(name: str, column: DistinctValues, limits: CategoryLimits, warnings: list[str]) -> TailCodes:
    counts = column.counts()
    warnings += _silent(name, len(column.places), int(counts.sum()), np.count_nonzero(counts) == 1)
    frequent = np.flatnonzero(counts >= limits.min_count)
    ordered = sorted(zip((-counts[frequent]).tolist(), column.values[frequent].tolist(), strict=True))
    if len(ordered) > limits.max_size:
        cut, rest = -sum(count for count, _ in ordered[limits.max_size :]), len(ordered) - limits.max_size
        warnings.append(
            f"The category '{name}' has {len(ordered):,} values in at least {limits.min_count:,} training rows, more "
            f"than the {limits.max_size:,} that may have codes of their own; the other {rest:,}, in {cut:,} rows, "
            f"share the {limits.tail_buckets:,} codes of the tail. "
            "Raise max_size or min_count if that is not meant."
        )
    known = tuple(value for _, value in ordered[: limits.max_size])
    return TailCodes(known=known, tail_buckets=limits.tail_buckets)


def _rate(column: DistinctValues, clicked: Bools) -> ClickRate:
    there = np.flatnonzero(column.counts())
    odds = click_rate_odds(column.places, clicked, len(column.values))
    return ClickRate(known=tuple(column.values[there].tolist()), log_odds=tuple(odds[there].tolist()))


def _silent(name: str, rows: int, present: int, is_constant: bool) -> Iterator[str]:
    if not present:
        yield f"The column '{name}' has no value in any of the {rows:,} training rows and says nothing; leave it out."
    elif is_constant:
        yield f"The column '{name}' has one and the same value in {present:,} of {rows:,} training rows and no other."
