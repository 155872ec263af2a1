"""What a click model of a table must not be worse than: logistic regression and boosted trees, each tuned a little.

Both are tuned as ours is: on the latest fifth of the training rows, by log loss, and then fitted on all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from scipy import sparse
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from winnow.data.click_split import split_clicks
from winnow.data.click_table import ClickTable
from winnow.features.category_limits import CategoryLimits
from winnow.features.click_features import ClickFeatures
from winnow.features.fit_click_features import fit_click_features
from winnow.features.signed_log_number import signed_log
from winnow.metrics.binary import logloss
from winnow.schema.column import Array

Fit = Callable[[ClickTable, ClickTable], Array]
"""Training rows and rows to judge, to the chance of a click on each of the latter, float64 [N]."""

TUNED_SHARE = 0.2
INVERSE_PENALTIES = (0.01, 0.03, 0.05, 0.1, 0.3, 1.0)
TREES: Sequence[Mapping[str, Any]] = tuple(
    {"learning_rate": rate, "max_iter": rounds, "max_leaf_nodes": leaves, "early_stopping": False}
    for rate, rounds in ((0.03, 100), (0.03, 200), (0.1, 50))
    for leaves in (8, 16, 31)
)
MOST_CATEGORIES = 255
"""Of a column, which is what the trees can tell apart; the rarest are one."""


def logistic_regression(train: ClickTable, test: ClickTable) -> Array:
    """One-hot categories, those that training did not have hashed, and numbers; tuned are C and the form of numbers.

    The form: whether a number is the standardised log of it, or its log without the fraction as one more category.
    """
    return _tuned(
        [_logistic(each, whole_logs=whole) for whole in (False, True) for each in INVERSE_PENALTIES], train, test
    )


def boosted_trees(train: ClickTable, test: ClickTable) -> Array:
    """Histogram gradient boosting on numbers and on categories as such; rate, rounds and leaves are tuned."""
    return _tuned([_trees(options) for options in TREES], train, test)


def _tuned(fits: Sequence[Fit], train: ClickTable, test: ClickTable) -> Array:
    split = split_clicks(train, test=TUNED_SHARE)
    losses = [logloss(split.test.label, fit(split.train, split.test)) for fit in fits]
    return fits[int(np.argmin(losses))](train, test)


def _logistic(inverse_penalty: float, *, whole_logs: bool) -> Fit:
    def fit(train: ClickTable, test: ClickTable) -> Array:
        rows = [_with_whole_logs(each) if whole_logs else each for each in (train, test)]
        features, _ = fit_click_features(rows[0], CategoryLimits(min_count=1))
        seen, judged = (_one_hot(features, each) for each in rows)
        model = LogisticRegression(C=inverse_penalty, max_iter=1_000).fit(seen, train.label)
        return model.predict_proba(judged)[:, 1]

    return fit


def _with_whole_logs(table: ClickTable) -> ClickTable:
    """Without numbers, and with a category for each of them that is not missing."""
    categories = table.categories
    for name, column in zip(table.number_names, signed_log(table.numbers).T, strict=True):
        texts = [None if np.isnan(each) else str(int(np.floor(each))) for each in column]
        categories = categories.append_column(name, pa.array(texts, pa.string()).dictionary_encode())
    form = replace(table.form, numbers=(), categories=tuple(categories.column_names))
    return replace(table, form=form, numbers=table.numbers[:, :0], categories=categories)


def _one_hot(features: ClickFeatures, table: ClickTable) -> Any:
    arrays, sizes = features(table), list(features.code_sizes.values())
    places = arrays.codes + np.cumsum([0, *sizes[:-1]])
    rows = np.repeat(np.arange(len(table)), places.shape[1])
    codes = sparse.csr_array((np.ones(places.size), (rows, places.ravel())), shape=(len(table), sum(sizes)))
    return sparse.hstack([codes, sparse.csr_array(arrays.values)], format="csr")


def _trees(options: Mapping[str, Any]) -> Fit:
    def fit(train: ClickTable, test: ClickTable) -> Array:
        features, _ = fit_click_features(train, CategoryLimits(max_size=MOST_CATEGORIES - 2, tail_buckets=1))
        categorical = np.arange(train.numbers.shape[1], train.numbers.shape[1] + len(features.code_sizes))
        model = HistGradientBoostingClassifier(**options, categorical_features=categorical, random_state=0)
        return model.fit(_columns(features, train), train.label).predict_proba(_columns(features, test))[:, 1]

    return fit


def _columns(features: ClickFeatures, table: ClickTable) -> Array:
    return np.hstack([table.numbers, features(table).codes])
