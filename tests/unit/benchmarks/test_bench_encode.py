from benchmarks import bench_encode
from benchmarks.inputs import Inputs
from winnow.data.shop.items import make_items
from winnow.data.shop.shop_spec import spec_of


def test_all_texts_and_pictures_of_a_shop_are_encoded_and_measured(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_encode, "RECIPE", "tiny")
    text, image = bench_encode.rows(Inputs(data=tmp_path, cache=tmp_path / "cache"))
    assert (text.name, image.name) == ("encode.text.embedded.120.seconds", "encode.image.embedded.120.seconds")
    assert {(each.unit, each.better) for each in (text, image)} == {("s", "lower")}
    assert min(text.value, image.value) > 0
    assert "; 120 texts of " in text.how
    assert "; 120 PNG files of " in image.how
    assert list(tmp_path.iterdir()) == []


def test_texts_say_title_and_description():
    items = make_items(spec_of("tiny"))
    assert len(bench_encode.texts(items)) == len(items)
    assert all(len(text.split()) > 10 for text in bench_encode.texts(items))
