"""What a click model of a table must not be worse than: logistic regression and boosted trees, each tuned a little.

All are tuned inside the training rows: three times on all rows before a tenth and judged by it, by log loss, and then
fitted on all of them.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import FeatureHasher
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import TargetEncoder

from winnow.data.click_table import ClickTable
from winnow.features.category_limits import CategoryLimits
from winnow.features.click_features import ClickFeatures
from winnow.features.fit_click_features import fit_click_features
from winnow.metrics.binary import logloss
from winnow.schema.column import Array

Fit = Callable[[ClickTable, ClickTable], Array]
"""Training rows and rows to judge, to the chance of a click on each of the latter, float64 [N]."""

FOLDS = (0.7, 0.8, 0.9)
"""Shares of the training rows before each tenth that settings are judged by."""
INVERSE_PENALTIES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
HASHED = 2**20
TREES: Sequence[Mapping[str, Any]] = tuple(
    {"learning_rate": rate, "max_iter": rounds, "max_leaf_nodes": leaves, "early_stopping": False}
    for rate, rounds in ((0.03, 100), (0.03, 200), (0.1, 50))
    for leaves in (8, 16, 31)
)
ALL, MOST = CategoryLimits(min_count=1), CategoryLimits(max_size=253, tail_buckets=1)
"""Categories of a column: all that training has, and as many as the trees can tell apart; the rarest are one."""
PRIOR_ROWS = 10.0
"""Rows of the usual chance that are added to those of a category before its click rate is taken."""


def logistic_regression(train: ClickTable, test: ClickTable) -> Array:
    """Numbers, and one-hot codes of them and of categories, those that training did not have hashed.

    Tuned are C and whether click rates of the categories stand beside them.
    """
    return _tuned([_logistic(each, rates=rates) for rates in (False, True) for each in INVERSE_PENALTIES], train, test)


def published_logistic_regression(train: ClickTable, test: ClickTable) -> Array:
    """Codes as the winners of Criteo's contest made them, hashed; tuned is C.

    A number above 2 becomes the whole of its squared logarithm; other numbers and categories stand for themselves.

    Source: Juan et al., 3 Idiots' approach for the display advertising challenge, Kaggle 2014.
    """
    return _tuned([partial(_published, each) for each in INVERSE_PENALTIES], train, test)


def boosted_trees(train: ClickTable, test: ClickTable) -> Array:
    """Histogram gradient boosting on numbers and categories.

    Tuned are rate, rounds and leaves, and whether the categories enter as such or as their click rates.
    """
    return _tuned([_trees(options, rates=rates) for rates in (False, True) for options in TREES], train, test)


def _tuned(fits: Sequence[Fit], train: ClickTable, test: ClickTable) -> Array:
    ends = [round(len(train) * share) for share in (*FOLDS, 1.0)]
    folds = [(train.slice(0, start), train.slice(start, stop)) for start, stop in pairwise(ends)]
    losses = [np.mean([logloss(after.label, fit(before, after)) for before, after in folds]) for fit in fits]
    return fits[int(np.argmin(losses))](train, test)


def _logistic(inverse_penalty: float, *, rates: bool) -> Fit:
    def fit(train: ClickTable, test: ClickTable) -> Array:
        features, _ = fit_click_features(train, ALL)
        seen, judged = (_one_hot(features, each) for each in (train, test))
        if rates:
            seen, judged = (
                sparse.hstack([one, sparse.csr_array(other)], format="csr")
                for one, other in zip((seen, judged), _click_rates(features, train, test), strict=True)
            )
        model = LogisticRegression(C=inverse_penalty, max_iter=1_000).fit(seen, train.label)
        return model.predict_proba(judged)[:, 1]

    return fit


def _published(inverse_penalty: float, train: ClickTable, test: ClickTable) -> Array:
    hasher = FeatureHasher(HASHED, input_type="string", alternate_sign=False)
    seen, judged = (hasher.transform(_published_codes(each)) for each in (train, test))
    return LogisticRegression(C=inverse_penalty, max_iter=1_000).fit(seen, train.label).predict_proba(judged)[:, 1]


def _published_codes(table: ClickTable) -> Iterator[list[str]]:
    """Of each row, what its columns say."""
    categories = table.categories.to_pylist()
    for numbers, values in zip(table.numbers.tolist(), categories, strict=True):
        squared = [int(math.log(each) ** 2) if each > 2 else f"as such {each}" for each in numbers]
        yield [f"{name}={value}" for name, value in (*zip(table.number_names, squared, strict=True), *values.items())]


def _one_hot(features: ClickFeatures, table: ClickTable) -> Any:
    arrays, sizes = features(table), list(features.code_sizes.values())
    places = arrays.codes + np.cumsum([0, *sizes[:-1]])
    rows = np.repeat(np.arange(len(table)), places.shape[1])
    codes = sparse.csr_array((np.ones(places.size), (rows, places.ravel())), shape=(len(table), sum(sizes)))
    return sparse.hstack([codes, sparse.csr_array(arrays.values)], format="csr")


def _trees(options: Mapping[str, Any], *, rates: bool) -> Fit:
    def fit(train: ClickTable, test: ClickTable) -> Array:
        features, _ = fit_click_features(train, ALL if rates else MOST)
        said = _click_rates(features, train, test) if rates else [_categories(features, each) for each in (train, test)]
        seen, judged = (np.hstack([table.numbers, each]) for table, each in zip((train, test), said, strict=True))
        as_such: Mapping[str, Any] = {"categorical_features": np.arange(train.numbers.shape[1], seen.shape[1])}
        model = HistGradientBoostingClassifier(**options, **({} if rates else as_such), random_state=0)
        return model.fit(seen, train.label).predict_proba(judged)[:, 1]

    return fit


def _categories(features: ClickFeatures, table: ClickTable) -> Array:
    """Their codes, int32 [N, K]."""
    return features(table).codes[:, table.numbers.shape[1] :]


def _click_rates(features: ClickFeatures, train: ClickTable, test: ClickTable) -> tuple[Array, Array]:
    """Log-odds of each category's click rate, less the usual ones; of training rows by the other rows.

    Source: Micci-Barreca, A preprocessing scheme for high-cardinality categorical attributes, SIGKDD Explorations 2001.
    """
    settings: Mapping[str, Any] = {"smooth": PRIOR_ROWS, "cv": StratifiedKFold(5, shuffle=True, random_state=0)}
    encoder = TargetEncoder(**settings)
    seen = encoder.fit_transform(_categories(features, train), train.label)
    judged = encoder.transform(_categories(features, test))
    usual = _log_odds(np.array(train.label.mean()))
    return _log_odds(seen) - usual, _log_odds(judged) - usual


def _log_odds(chances: Array) -> Array:
    return np.log(chances) - np.log1p(-chances)
