import json

import numpy as np
import pytest

from winnow.features.encoders.fit_projection import fit_projection
from winnow.features.encoders.saved_projection import load_projection, save_projection
from winnow.schema.errors import BundleError

VECTORS = np.random.default_rng(0).normal(size=(40, 10)).astype(np.float32)


@pytest.fixture
def projection():
    return fit_projection("an encoder", [VECTORS], 4)


def test_what_is_loaded_gives_the_same_bytes(projection, tmp_path):
    save_projection(projection, tmp_path)
    loaded = load_projection(tmp_path)
    assert loaded.encoder == "an encoder"
    assert loaded(VECTORS).tobytes() == projection(VECTORS).tobytes()
    np.testing.assert_array_equal(loaded.explained, projection.explained)


def test_people_can_read_what_it_is(projection, tmp_path):
    save_projection(projection, tmp_path)
    told = json.loads((tmp_path / "projection.json").read_text())
    share = round(float(projection.explained.sum()), 4)
    assert told == {"encoder": "an encoder", "encoder_width": 10, "width": 4, "explained": share}


@pytest.mark.parametrize("name", ["projection.json", "projection.npz"])
@pytest.mark.parametrize("damage", ["absent", "empty", "torn"])
def test_a_damaged_file_is_told(projection, tmp_path, name, damage):
    save_projection(projection, tmp_path)
    file = tmp_path / name
    content = file.read_bytes()
    file.unlink()
    if damage != "absent":
        file.write_bytes(b"" if damage == "empty" else content[: len(content) // 2])
    with pytest.raises(BundleError, match=r"The projection in .* cannot be read .* train again"):
        load_projection(tmp_path)


def test_files_of_two_projections_are_told(projection, tmp_path):
    save_projection(fit_projection("other", [VECTORS], 3), tmp_path)
    text = (tmp_path / "projection.json").read_text()
    save_projection(projection, tmp_path)
    (tmp_path / "projection.json").write_text(text)
    with pytest.raises(BundleError, match="do not belong together"):
        load_projection(tmp_path)
