from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from winnow.stores.named_arrays import load_named_arrays, save_named_arrays

ARRAYS = {"rows": np.arange(6, dtype=np.int8).reshape(3, 2), "none": np.empty((0, 4), np.float32)}


@given(names=st.lists(st.text()))
def test_names_of_any_characters_come_back_as_they_were(names):
    with TemporaryDirectory() as folder:
        save_named_arrays(Path(folder) / "a.npz", names, {})
        assert load_named_arrays(Path(folder) / "a.npz") == (tuple(names), {})


def test_arrays_come_back_with_their_shapes_and_types(tmp_path):
    save_named_arrays(tmp_path / "a.npz", ("ann",), ARRAYS)
    names, arrays = load_named_arrays(tmp_path / "a.npz")
    assert names == ("ann",)
    assert {key: (each.dtype, each.shape) for key, each in arrays.items()} == {
        "rows": (np.int8, (3, 2)),
        "none": (np.float32, (0, 4)),
    }
    np.testing.assert_array_equal(arrays["rows"], ARRAYS["rows"])
