"""AUC and log loss against all pairs, closed forms and the golden values."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.metrics.binary import auc, logloss, normalised_entropy

ROWS = st.lists(st.tuples(st.booleans(), st.integers(-3, 3)), min_size=1, max_size=30)


@given(rows=ROWS)
def test_auc_is_the_share_of_ordered_pairs(rows: list[tuple[bool, int]]) -> None:
    positives = [score for label, score in rows if label]
    negatives = [score for label, score in rows if not label]
    value = auc(np.array([label for label, _ in rows]), np.array([score for _, score in rows]))
    if not positives or not negatives:
        assert math.isnan(value)
        return
    won = sum((p > n) + 0.5 * (p == n) for p in positives for n in negatives)
    assert value == pytest.approx(won / (len(positives) * len(negatives)))


def test_logloss_of_a_fair_coin_is_ln_2() -> None:
    assert logloss(np.array([0, 1, 1]), np.full(3, 0.5)) == pytest.approx(math.log(2))


def test_logloss_of_hand_worked_rows() -> None:
    expected = -(math.log(0.9) + math.log(1 - 0.2) + math.log(0.4)) / 3
    assert logloss(np.array([1, 0, 1]), np.array([0.9, 0.2, 0.4])) == pytest.approx(expected)


def test_logloss_of_a_certain_mistake_is_finite() -> None:
    assert logloss(np.array([1]), np.array([0.0])) == pytest.approx(36.04, abs=0.01)
    assert logloss(np.array([0]), np.array([1.0], np.float32)) == pytest.approx(36.04, abs=0.01)


def test_normalised_entropy_of_the_base_rate_is_one() -> None:
    assert normalised_entropy(np.array([1, 0, 0, 0]), np.full(4, 0.25)) == pytest.approx(1)


def test_normalised_entropy_of_hand_worked_rows() -> None:
    entropy = -(math.log(1 / 3) + 2 * math.log(2 / 3)) / 3
    expected = -(math.log(0.9) + math.log(1 - 0.2) + math.log(1 - 0.4)) / 3 / entropy
    assert normalised_entropy(np.array([1, 0, 0]), np.array([0.9, 0.2, 0.4])) == pytest.approx(expected)


def test_normalised_entropy_of_repeated_rows_is_that_of_the_rows() -> None:
    labels, chances = np.array([1, 0, 0]), np.array([0.9, 0.2, 0.4])
    assert normalised_entropy(np.tile(labels, 7), np.tile(chances, 7)) == pytest.approx(
        normalised_entropy(labels, chances)
    )


@pytest.mark.parametrize("label", [0, 1])
def test_normalised_entropy_of_one_class_is_not_a_number(label: int) -> None:
    assert math.isnan(normalised_entropy(np.full(3, label), np.array([0.1, 0.2, 0.3])))


def test_values_agree_with_the_golden_file(winnow_data: Path) -> None:
    golden = json.loads((winnow_data.parent / "golden" / "metrics_microsoft_recommenders.json").read_text())
    rated, scored = golden["rating_true"], golden["rating_pred"]
    labels = {pair[:2]: pair[2] >= 3 for pair in zip(rated["user"], rated["item"], rated["rating"], strict=True)}
    pairs = zip(scored["user"], scored["item"], scored["score"], strict=True)
    scores = {pair[:2]: pair[2] for pair in pairs if pair[:2] in labels}
    raw = np.array(list(scores.values()), np.float64)
    scaled = (raw - raw.min()) / (raw.max() - raw.min())
    wanted = np.array([labels[pair] for pair in scores])
    assert auc(wanted, scaled) == pytest.approx(golden["binary"]["auc"], rel=golden["tolerance_rel"])
    assert logloss(wanted, scaled) == pytest.approx(golden["binary"]["logloss"], rel=golden["tolerance_rel"])
