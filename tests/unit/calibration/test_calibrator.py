"""What all calibrators promise, whatever they were fitted on."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.calibration.calibrator import Calibrator
from winnow.calibration.identity_calibrator import IdentityCalibrator
from winnow.calibration.isotonic_calibrator import IsotonicCalibrator
from winnow.calibration.platt_calibrator import PlattCalibrator
from winnow.schema.errors import DataError

LOGITS = st.floats(-1e6, 1e6, width=32)
ROWS = st.lists(st.tuples(LOGITS | st.integers(-3, 3), st.booleans()), max_size=20).map(
    lambda rows: [*rows, (-1.0, False), (0.5, True)]
)
Rows = list[tuple[float, bool]]
Fitted = type[PlattCalibrator] | type[IsotonicCalibrator]
FITTED = pytest.mark.parametrize("kind", [PlattCalibrator, IsotonicCalibrator])


def fitted(rows: Rows) -> list[Calibrator]:
    logits, labels = np.array([logit for logit, _ in rows], np.float64), np.array([label for _, label in rows])
    return [IdentityCalibrator(), PlattCalibrator.fit(logits, labels), IsotonicCalibrator.fit(logits, labels)]


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@given(rows=ROWS, asked=st.lists(LOGITS, max_size=30))
def test_answers_are_probabilities_that_never_fall_and_never_reach_the_ends(
    kind: type, rows: Rows, asked: list[float]
) -> None:
    logits = np.sort(np.array([*asked, *(logit for logit, _ in rows), -math.inf, math.inf])).astype(kind)
    for calibrator in fitted(rows):
        answer = calibrator(logits)
        assert (answer.dtype, answer.shape) == (np.float32, logits.shape)
        assert ((answer > 0) & (answer < 1)).all()
        assert (np.diff(answer) >= 0).all()


def test_no_rows_give_no_answers() -> None:
    for calibrator in fitted([(0.0, False), (1.0, True)]):
        assert calibrator(np.zeros(0, np.float32)).shape == (0,)


@FITTED
def test_shapes_that_differ_are_refused(kind: Fitted) -> None:
    with pytest.raises(ValueError, match=r"shape \(3,\) and the labels \(2,\)"):
        kind.fit(np.zeros(3), np.array([0, 1]))


@FITTED
def test_logits_that_are_not_finite_are_refused(kind: Fitted) -> None:
    with pytest.raises(ValueError, match="2 of 3 logits are not finite, first in row 1"):
        kind.fit(np.array([0, math.nan, math.inf]), np.array([0, 1, 1]))


@FITTED
def test_labels_that_are_neither_0_nor_1_are_refused(kind: Fitted) -> None:
    with pytest.raises(ValueError, match="1 of 3 labels are neither 0 nor 1, for example 2"):
        kind.fit(np.zeros(3), np.array([0, 1, 2]))


@FITTED
@pytest.mark.parametrize("labels", [[], [0, 0], [1, 1]])
def test_labels_of_one_class_are_refused(kind: Fitted, labels: list[int]) -> None:
    with pytest.raises(DataError, match=rf"Of {len(labels)} rows {sum(labels)} are clicks"):
        kind.fit(np.arange(len(labels)), np.array(labels, np.int64))


def test_the_identity_is_the_sigmoid() -> None:
    logits = np.array([-80, -3.0, 0, 2.5, 10])
    expected = [1 / (1 + math.exp(-logit)) for logit in logits.tolist()]
    np.testing.assert_allclose(IdentityCalibrator()(logits), expected, rtol=1e-6)
