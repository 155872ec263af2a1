import numpy as np
import pytest

from tests.unit.features.encoders.small_encoders import write_pictures, write_texts
from winnow.features.encoders.onnx_network import OnnxNetwork
from winnow.schema.errors import BundleError


def test_inputs_are_told_with_the_lengths_that_are_fixed(tmp_path):
    write_pictures(tmp_path)
    assert OnnxNetwork.open(tmp_path, 3).shapes == {"pixel_values": (None, 3, 2, 2)}


@pytest.mark.parametrize("number", [1, 3])
def test_any_number_of_rows_goes_through(tmp_path, number):
    write_texts(tmp_path)
    codes = np.arange(number * 5).reshape(number, 5)
    vectors = OnnxNetwork.open(tmp_path, 2)({"input_ids": codes, "attention_mask": np.ones_like(codes)})
    np.testing.assert_array_equal(vectors, [[row.sum(), 5] for row in codes])
    assert vectors.dtype == np.float32


def test_a_network_of_another_width_is_told(tmp_path):
    write_pictures(tmp_path)
    with pytest.raises(BundleError, match=r"makes vectors of shape \[3\], and a width of 4 .* parts of two encoders"):
        OnnxNetwork.open(tmp_path, 4)
