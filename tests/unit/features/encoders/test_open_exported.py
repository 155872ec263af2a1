import sys

import pytest

from tests.unit.features.encoders.small_encoders import write_pictures, write_texts
from winnow.features.encoders.onnx_pictures import OnnxPictures
from winnow.features.encoders.onnx_texts import OnnxTexts
from winnow.features.encoders.open_exported import open_embedded, open_exported
from winnow.schema.errors import BundleError, EncoderError


@pytest.mark.parametrize(("write", "kind"), [(write_texts, OnnxTexts), (write_pictures, OnnxPictures)])
def test_a_folder_says_itself_what_it_encodes(write, kind, tmp_path):
    write(tmp_path)
    assert isinstance(open_exported(tmp_path), kind)


@pytest.mark.parametrize(("write", "package"), [(write_texts, "tokenizers"), (write_pictures, "PIL")])
def test_a_package_that_is_not_installed_is_named(write, package, tmp_path, monkeypatch):
    write(tmp_path)
    for name in [each for each in sys.modules if each.startswith("winnow.features.encoders.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(EncoderError, match=rf"needs the package '{package}': pip install 'winnow-recsys\[items\]'"):
        open_exported(tmp_path)


def test_pictures_without_weights_need_pillow_alone(monkeypatch):
    assert open_embedded().id == "picture-statistics 1"
    monkeypatch.delitem(sys.modules, "winnow.features.encoders.picture_statistics")
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(EncoderError, match=r"needs the package 'PIL': pip install 'winnow-recsys\[items\]'"):
        open_embedded()


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(BundleError, match="cannot be read"):
        open_exported(tmp_path)
