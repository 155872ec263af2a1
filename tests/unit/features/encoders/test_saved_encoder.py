import json

import pytest

from tests.unit.features.encoders.small_encoders import SCALING
from winnow.features.encoders.saved_encoder import ENCODER_FILE, SavedEncoder
from winnow.schema.errors import BundleError

SAVED = SavedEncoder(kind="pictures", id="clip-pictures größe 1", width=24, scaling=SCALING)


def test_what_is_loaded_is_what_was_saved(tmp_path):
    SAVED.save(tmp_path)
    assert SavedEncoder.load(tmp_path) == SAVED
    assert "größe" in (tmp_path / ENCODER_FILE).read_text(encoding="utf-8")


@pytest.mark.parametrize("content", [None, b"", b"[1]", b"{", b"\xff", b"{}", b"3"])
def test_a_damaged_file_is_told(tmp_path, content):
    if content is not None:
        (tmp_path / ENCODER_FILE).write_bytes(content)
    with pytest.raises(BundleError, match=r"The encoder in .* cannot be read .* train again\.$"):
        SavedEncoder.load(tmp_path)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "sounds"}, "its kind is 'sounds', known are texts and pictures"),
        ({"width": "24"}, "a number"),
        ({"scaling": []}, "an object"),
        ({"later": 1}, "later"),
    ],
)
def test_what_this_version_does_not_know_is_told(tmp_path, changed, said):
    SAVED.save(tmp_path)
    told = json.loads((tmp_path / ENCODER_FILE).read_text())
    (tmp_path / ENCODER_FILE).write_text(json.dumps(told | changed))
    with pytest.raises(BundleError, match=said):
        SavedEncoder.load(tmp_path)
