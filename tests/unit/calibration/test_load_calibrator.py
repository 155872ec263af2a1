"""Calibrators to disk and back, and files that are none."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.unit.calibration.drawn import drawn_labels, normal_logits, sigmoid_of
from winnow.calibration.calibrator import Calibrator
from winnow.calibration.identity_calibrator import IdentityCalibrator
from winnow.calibration.isotonic_calibrator import IsotonicCalibrator
from winnow.calibration.load_calibrator import load_calibrator
from winnow.calibration.platt_calibrator import PlattCalibrator
from winnow.schema.errors import BundleError

LOGITS = normal_logits(500, seed=1)
LABELS = drawn_labels(sigmoid_of(LOGITS), seed=1)
CALIBRATORS = [IdentityCalibrator(), PlattCalibrator.fit(LOGITS, LABELS), IsotonicCalibrator.fit(LOGITS, LABELS)]


@pytest.mark.parametrize("calibrator", CALIBRATORS, ids=lambda each: type(each).__name__)
def test_what_is_read_back_answers_to_the_last_bit(calibrator: Calibrator, tmp_path: Path) -> None:
    calibrator.save(tmp_path)
    loaded = load_calibrator(tmp_path)
    assert type(loaded) is type(calibrator)
    np.testing.assert_array_equal(loaded(LOGITS), calibrator(LOGITS))


def test_the_file_says_what_it_is(tmp_path: Path) -> None:
    PlattCalibrator(slope=2.0, shift=1.0).save(tmp_path)
    assert json.loads((tmp_path / "calibrator.json").read_text()) == {"kind": "platt", "slope": 2.0, "shift": 1.0}


def test_an_unknown_kind_is_named_beside_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "calibrator.json").write_text('{"kind": "spline", "knots": []}')
    with pytest.raises(BundleError, match="kind 'spline'; this program knows identity, platt, isotonic"):
        load_calibrator(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"calibrator\.json is not a calibrator .*No such file"):
        load_calibrator(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "\x00",
        "3",
        "null",
        "[]",
        '[["kind", "identity"]]',
        "{}",
        '{"kind": "platt"}',
        '{"kind": "platt", "slope": 1.0, "shift": 0.0, "more": 1}',
        '{"kind": "platt", "slope": "1", "shift": 0.0}',
        '{"kind": "platt", "slope": -1.0, "shift": 0.0}',
        '{"kind": "platt", "slope": 1.0, "shift": NaN}',
        '{"kind": "platt", "slope": 1.0, "shift": 1' + "0" * 400 + "}",
        '{"kind": "identity", "slope": 1.0}',
        '{"kind": "isotonic", "logits": [], "probabilities": []}',
        '{"kind": "isotonic", "logits": [0.0, [1.0]], "probabilities": [0.1, 0.2]}',
        '{"kind": "isotonic", "logits": [0.0, null], "probabilities": [0.1, 0.2]}',
        '{"kind": "isotonic", "logits": [0.0, 1.0], "probabilities": [0.2, 0.1]}',
        '{"kind": "isotonic", "logits": 1.0, "probabilities": 0.5}',
        '{"kind": "isotonic", "logits": ["a"], "probabilities": [0.5]}',
    ],
)
def test_a_damaged_file_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "calibrator.json").write_text(text)
    with pytest.raises(BundleError, match=r"calibrator\.json is not a calibrator"):
        load_calibrator(tmp_path)
