"""The choice of a calibrator against planted truths."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.unit.calibration.drawn import drawn_labels, normal_logits, sigmoid_of, step
from winnow.calibration.fit_calibrator import fit_calibrator
from winnow.calibration.identity_calibrator import IdentityCalibrator
from winnow.calibration.isotonic_calibrator import IsotonicCalibrator
from winnow.calibration.platt_calibrator import PlattCalibrator
from winnow.schema.column import Array
from winnow.schema.errors import DataError


def rows_of(truth: Callable[[Array], Array], rows: int = 30_000, seed: int = 1) -> tuple[Array, Array]:
    logits = normal_logits(rows, seed)
    return logits, drawn_labels(truth(logits), seed)


def test_logits_that_are_right_are_left_alone() -> None:
    calibrator, report = fit_calibrator(*rows_of(sigmoid_of))
    assert isinstance(calibrator, IdentityCalibrator)
    assert (report.chosen, report.fitted, report.judged) == ("identity", 20_000, 10_000)


def test_logits_that_are_right_are_nearly_always_left_alone() -> None:
    chosen = [fit_calibrator(*rows_of(sigmoid_of, 1_500, seed))[1].chosen for seed in range(60)]
    assert chosen.count("identity") >= 55


def test_logits_that_are_stretched_and_moved_get_platt_fitted_on_all_rows() -> None:
    logits, labels = rows_of(lambda z: sigmoid_of(2 * z + 1))
    calibrator, report = fit_calibrator(logits, labels)
    assert calibrator == PlattCalibrator.fit(logits, labels)
    assert report.chosen == "platt"


def test_a_step_gets_isotonic_fitted_on_all_rows() -> None:
    logits, labels = rows_of(step)
    calibrator, report = fit_calibrator(logits, labels)
    assert isinstance(calibrator, IsotonicCalibrator)
    np.testing.assert_array_equal(calibrator.probabilities, IsotonicCalibrator.fit(logits, labels).probabilities)
    assert report.chosen == "isotonic"


def test_reported_losses_are_those_of_later_rows_under_what_earlier_ones_gave() -> None:
    logits, labels = rows_of(lambda z: sigmoid_of(2 * z + 1), rows=300)
    chances = PlattCalibrator.fit(logits[:200], labels[:200])(logits[200:]).astype(np.float64)
    expected = -np.mean(np.where(labels[200:], np.log(chances), np.log(1 - chances)))
    _, report = fit_calibrator(logits, labels)
    assert report.log_losses["platt"] == pytest.approx(expected)
    assert list(report.log_losses) == ["identity", "platt", "isotonic"]


def test_what_held_only_in_the_past_is_not_chosen() -> None:
    logits = normal_logits(3_000, seed=2)
    past = np.arange(3_000) < 2_000
    labels = drawn_labels(np.where(past, sigmoid_of(3 * logits + 2), sigmoid_of(logits)), seed=2)
    assert fit_calibrator(logits, labels)[1].chosen == "identity"


def test_the_same_rows_give_the_same_calibrator() -> None:
    rows = rows_of(lambda z: sigmoid_of(2 * z + 1), rows=3_000)
    assert fit_calibrator(*rows) == fit_calibrator(*rows)


def test_a_single_class_is_refused_in_all_rows_and_in_the_earlier_ones() -> None:
    with pytest.raises(DataError, match="Of 9 rows 0 are clicks"):
        fit_calibrator(np.arange(9.0), np.zeros(9, np.int64))
    with pytest.raises(DataError, match="Of 6 rows 0 are clicks"):
        fit_calibrator(np.arange(9.0), np.array([0] * 8 + [1]))
