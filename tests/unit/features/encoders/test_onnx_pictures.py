import numpy as np
import pytest

from tests.unit.features.encoders.small_encoders import SCALING, write_pictures
from winnow.features.encoders.onnx_pictures import OnnxPictures
from winnow.features.encoders.saved_encoder import SavedEncoder
from winnow.schema.errors import BundleError


@pytest.fixture
def encoder(tmp_path):
    write_pictures(tmp_path)
    return OnnxPictures(tmp_path)


def test_vectors_are_those_that_are_known_by_hand(encoder, png):
    encoded = encoder.encode([png(255, 0, 0), png(51, 51, 0, size=(3, 7))])
    np.testing.assert_allclose(encoded.vectors, [[1, 0, 0], [0.5**0.5, 0.5**0.5, 0]], atol=1e-6)
    assert (encoder.id, encoder.width, encoded.vectors.dtype) == ("small pictures 1", 3, np.float32)


def test_a_broken_picture_is_a_problem_at_its_place_and_harms_no_other(encoder, png):
    encoded = encoder.encode([png(9, 0, 0), b"no picture", png(0, 9, 0)], batch_size=2)
    assert "cannot be read" in encoded.problems[1]
    assert encoded.vectors.tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 0]]


def test_a_line_of_pixels_is_refused_before_it_is_scaled(encoder, png):
    assert "one side may be" in encoder.encode([png(1, 1, 1, size=(40_000, 1))]).problems[0]


def test_progress_is_told_after_each_batch(encoder, png):
    heard = []
    encoder.encode([png(1, 1, 1)] * 3, batch_size=2, progress=lambda *step: heard.append(step))
    assert heard == [("pictures encoded", 2, 3), ("pictures encoded", 3, 3)]


def test_a_network_of_another_shape_is_told(encoder, tmp_path):
    write_pictures(tmp_path, side=5)
    with pytest.raises(BundleError, match=r"\(None, 3, 5, 5\).*\(None, 3, 2, 2\).* parts of two encoders were mixed"):
        OnnxPictures(tmp_path)


@pytest.mark.parametrize("scaling", [{}, SCALING | {"mean": [0]}, SCALING | {"std": None}])
def test_a_damaged_scaling_is_told(encoder, tmp_path, scaling):
    SavedEncoder(kind="pictures", id="small pictures 1", width=3, scaling=scaling).save(tmp_path)
    with pytest.raises(BundleError, match=r"The encoder in .* cannot be read .* train again"):
        OnnxPictures(tmp_path)
