"""Mean and deviation of numbers, all columns in one pass."""

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from winnow.features.rows import Rows
from winnow.features.scaled_number import ScaledNumber
from winnow.schema.errors import SchemaError
from winnow.schema.feature import Feature
from winnow.schema.transform import LogStandardise

_HUGE = 1e100  # the squares of larger numbers do not fit a float64


def fit_numbers(features: Sequence[Feature], rows: Rows) -> dict[str, ScaledNumber]:
    """The fitted transform of each feature by name; NaN and null are missing and do not count.

    Raises:
        SchemaError: a column has no number at all, infinite or absurd ones, or negative ones before a logarithm.
    """
    if not features:
        return {}
    table = rows.of(*(feature.column for feature in features))
    figures = [_figures(table, feature) for feature in features]
    named = [each.name(f"{place} {name}") for place, one in enumerate(figures) for name, each in one.items()]
    answer = rows.answer(table.aggregate(named)).to_pylist()[0]
    return {
        feature.name: _scaled(feature, {name: answer[f"{place} {name}"] for name in figures[place]})
        for place, feature in enumerate(features)
    }


def _figures(table: ir.Table, feature: Feature) -> dict[str, Any]:
    raw = table[feature.column].cast("float64")
    number = _where(~raw.isnan(), raw)
    sane = _where(number.abs() <= _HUGE, number)
    if isinstance(feature.transform, LogStandardise):
        sane = _where(sane >= 0, (sane + 1).ln())
    return {
        "rows": table.count(),
        "numbers": number.count(),
        "huge": (number.abs() > _HUGE).sum(),
        "negative": (number < 0).sum(),
        "least": number.min(),
        "mean": sane.mean(),
        "deviation": sane.std(how="pop"),
        "low": sane.min(),
        "high": sane.max(),
    }


def _where(condition: Any, value: Any) -> Any:
    """The value, or null where the condition does not hold."""
    return ibis.ifelse(condition, value, ibis.null("float64"))


def _scaled(feature: Feature, figures: dict[str, Any]) -> ScaledNumber:
    log = isinstance(feature.transform, LogStandardise)
    column = f"The column '{feature.column}' of the {feature.entity} feature '{feature.name}'"
    if not figures["numbers"]:
        raise SchemaError(
            f"{column} has no number in any of {figures['rows']} rows; fill it, or leave the feature out."
        )
    if figures["huge"]:
        raise SchemaError(f"{column} has {figures['huge']} values that are infinite or beyond {_HUGE:g}; mend them.")
    if log and figures["negative"]:
        raise SchemaError(
            f"{column} has {figures['negative']} negative values, for example {figures['least']:g}; "
            "ln(1 + x) wants 0 or more: mend them, or use standardise."
        )
    # A constant says nothing and becomes 0 everywhere.
    deviation = 1.0 if figures["low"] == figures["high"] else figures["deviation"]
    return ScaledNumber(mean=figures["mean"], deviation=deviation, log=log)
