"""The job with planted encoders: the right label of each item is known."""

import numpy as np
import pytest

from winnow.data.open_dataset import open_dataset
from winnow.data.pictures import Pictures
from winnow.features.encoders.encoded import Encoded
from winnow.features.encoders.label_space import LabelSpace
from winnow.features.encoders.label_vectors import FOR_PICTURES, FOR_TEXTS
from winnow.ops import suggest_labels as job_module
from winnow.ops.item_texts import item_texts
from winnow.ops.suggest_labels import LabelJob, labels_of_text, suggest_labels, suggest_labels_of_folder
from winnow.schema.errors import DataError, EncoderError
from winnow.schema.progress import silent

SCHEMA = """\
tables: {items: things.csv, events: clicks.csv}
events: {type: null}
title: name
features:
  - {name: kind, of: item, kind: category, column: what, transform: vocabulary}
  - {name: maker, of: item, kind: category, transform: vocabulary}
  - {name: price, of: item, kind: number, transform: standardise}
  - {name: device, of: context, kind: category, transform: vocabulary}
"""
ITEMS = """\
item_id,what,maker,price,name
a,shoe,,1,a shoe
b,,,2,a lamp
c,lamp,,3,a lamp and a lamp and a pan
d,,,4,
e,pan,,5,a shoe
f,,,6,a pan or a pan or a shoe
g,shoe,,7,one shoe
"""
WORDS = ["shoe", "lamp", "pan", "book"]


class Words:
    """Encodes how often each of four words occurs, in texts or in the bytes of what stands for a picture."""

    id, width = "words", 4

    def encode(self, contents, batch_size=32, progress=silent):
        texts = [each.decode() if isinstance(each, bytes) else each for each in contents]
        counts = np.array([[text.count(word) for word in WORDS] for text in texts], np.float32).reshape(-1, 4)
        progress("texts encoded", len(texts), len(texts))
        return Encoded(vectors=counts, problems={})


SPACE = LabelSpace(items=Words(), labels=Words(), templates=("{label}",))


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "schema.yaml").write_text(SCHEMA)
    (folder / "things.csv").write_text(ITEMS)
    (folder / "clicks.csv").write_text("user_id,item_id,timestamp,device\nu,a,1767268800,tv\nv,b,1767268801,\n")
    return folder


@pytest.fixture
def shop(folder):
    return open_dataset(folder)


def run(shop, **job):
    return suggest_labels(shop, item_texts(shop), SPACE, LabelJob(**{"feature": "kind", "k": 1} | job))


def test_only_items_without_a_value_get_suggestions_and_these_are_the_planted_ones(shop):
    report = run(shop)
    assert report.rows.to_pylist() == [
        {"item_id": "b", "title": "a lamp", "rank": 1, "suggestion": "lamp", "score": 1.0},
        {"item_id": "f", "title": "a pan or a pan or a shoe", "rank": 1, "suggestion": "pan", "score": 0.9999},
    ]
    assert (report.num_items, report.num_missing) == (7, 3)


def test_labels_are_the_values_that_the_feature_has_the_most_frequent_first(shop):
    assert run(shop).labels == ("shoe", "lamp", "pan")


def test_several_suggestions_of_an_item_are_ranked(shop):
    rows = run(shop, k=2).rows
    assert rows["item_id"].to_pylist() == ["b", "b", "f", "f"]
    assert rows["rank"].to_pylist() == [1, 2, 1, 2]
    assert rows["suggestion"].to_pylist()[2:] == ["pan", "shoe"]


def test_labels_may_be_given_and_are_then_the_only_ones(shop):
    report = run(shop, labels=("book", "shoe", "book"), k=5)
    assert report.labels == ("book", "shoe")
    assert report.rows["suggestion"].to_pylist() == ["book", "shoe", "shoe", "book"]
    assert report.check.num_items == 2, "an item whose own label is not among them says nothing of the suggestions"


def test_it_measures_itself_on_the_items_that_have_a_label(shop):
    check = run(shop).check
    assert (check.num_items, check.top_1, check.frequent, check.frequent_1) == (4, 0.75, "shoe", 0.5)


def test_items_without_text_are_neither_labelled_nor_checked(shop):
    contents = [None, "a lamp", *[None] * 4, "a pan"]
    report = suggest_labels(shop, contents, SPACE, LabelJob(feature="kind", k=1))
    assert report.rows["item_id"].to_pylist() == ["b"]
    assert (report.check.num_items, report.check.top_1) == (1, 0.0)


def test_the_check_is_drawn_by_chance_but_always_the_same(shop):
    asked = []

    class Recorded(Words):
        def encode(self, contents, batch_size=32, progress=silent):
            asked.append(contents)
            return super().encode(contents, batch_size, progress)

    space = LabelSpace(items=Recorded(), labels=Words(), templates=("{label}",))
    for _ in range(2):
        report = suggest_labels(shop, item_texts(shop), space, LabelJob(feature="kind", checked=2))
        assert report.check.num_items == 2
    assert asked[0] == asked[1]
    assert run(shop, checked=0).check is None


def test_pictures_are_labelled_by_the_same_job(shop):
    pictures = [b"shoe", b"lamp", b"lamp", b"pan", None, None, b"pan"]
    report = suggest_labels(shop, pictures, SPACE, LabelJob(feature="kind", k=1))
    assert dict(zip(*(report.rows[each].to_pylist() for each in ("item_id", "suggestion")), strict=True)) == {
        "b": "lamp",
        "d": "pan",
    }


def test_pictures_in_a_folder_are_read_for_the_items_asked_and_no_others(shop, tmp_path):
    for name, content in {"b": b"lamp", "d": b"pan", "g": b"shoe"}.items():
        (tmp_path / f"{name}.png").write_bytes(content)
    names = ["../a.png", "b.png", "gone.png", "d.png", None, "../f.png", "g.png"]
    report = suggest_labels(shop, Pictures(tmp_path, names), SPACE, LabelJob(feature="kind", k=1))
    rows = dict(zip(*(report.rows[each].to_pylist() for each in ("item_id", "suggestion")), strict=True))
    assert rows == {"b": "lamp", "d": "pan"}
    assert (report.check.num_items, report.check.top_1) == (1, 1.0)
    assert "3 of 7 items have no kind; 1 of them have nothing to tell it from" in report.lines()[0]


@pytest.mark.parametrize(
    ("feature", "words"),
    [
        ("colour", r"'colour' is not in the schema; .* there are: kind, maker"),
        ("what", "'what' is not in the schema"),
        ("price", "'price' is a number of the item; labels are suggested for a category of items"),
        ("device", "'device' is a category of the context"),
    ],
)
def test_a_feature_that_is_no_category_of_items_is_refused(feature, words, shop):
    with pytest.raises(DataError, match=words):
        run(shop, feature=feature)


def test_a_feature_that_no_item_has_asks_for_labels(shop):
    with pytest.raises(DataError, match=r"No item has a value of 'maker'.*name them with --labels"):
        run(shop, feature="maker")
    report = run(shop, feature="maker", labels=("lamp", "shoe"))
    assert report.num_missing == 7
    assert report.check is None
    assert report.lines()[-1] == "No item could be checked."


@pytest.mark.parametrize(("text", "labels"), [(None, ()), ("a", ("a",)), (" a , b c,", ("a", "b c"))])
def test_labels_stand_between_commas(text, labels):
    assert labels_of_text(text) == labels


@pytest.mark.parametrize("text", ["", " , ,"])
def test_a_text_without_labels_is_refused(text):
    with pytest.raises(DataError, match="holds no label; write them with commas"):
        labels_of_text(text)


@pytest.fixture
def planted(monkeypatch):
    monkeypatch.setattr(job_module, "open_text_labels", lambda spec, templates: SPACE)


@pytest.mark.usefixtures("planted")
def test_a_folder_is_read_and_not_changed_and_the_suggestions_written(folder, tmp_path):
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    heard = []
    out = tmp_path / "new" / "labels.csv"
    suggest_labels_of_folder(folder, None, LabelJob(feature="kind", k=1), lambda *step: heard.append(step), out)
    assert out.read_text().splitlines()[1] == '"b","a lamp",1,"lamp",1'
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before
    assert heard[-1] == ("texts encoded", 7, 7)


@pytest.mark.usefixtures("planted")
def test_suggestions_never_take_the_place_of_the_shops_own_file(folder):
    with pytest.raises(DataError, match="is there already"):
        suggest_labels_of_folder(folder, None, LabelJob(feature="kind"), silent, folder / "things.csv")
    assert (folder / "things.csv").read_text() == ITEMS


@pytest.mark.usefixtures("planted")
def test_after_a_refusal_nothing_is_written(folder, tmp_path):
    with pytest.raises(DataError, match="is not in the schema"):
        suggest_labels_of_folder(folder, None, LabelJob(feature="colour"), silent, tmp_path / "labels.csv")
    assert [each.name for each in tmp_path.iterdir()] == ["shop"]


@pytest.mark.parametrize(("place", "feature", "words"), [("nowhere", "kind", "does not exist"), ("", "x", "schema")])
def test_data_and_feature_are_looked_at_before_a_model_is_sought(place, feature, words, folder, monkeypatch):
    monkeypatch.setattr(job_module, "open_text_labels", lambda *_: pytest.fail("A model was sought."))
    with pytest.raises(DataError, match=words):
        suggest_labels_of_folder(folder / place, None, LabelJob(feature=feature), silent)


def test_each_way_has_its_own_encoder_and_templates_by_default(monkeypatch):
    asked = []
    for name in ("open_text_labels", "open_picture_labels"):
        monkeypatch.setattr(job_module, name, lambda *given, name=name: asked.append((name, *given)))
    for by in ("texts", "pictures"):
        job_module._space(LabelJob(feature="kind", by=by))
        job_module._space(LabelJob(feature="kind", by=by, encoder="clip:ours", templates=("{label}",)))
    assert asked == [
        ("open_text_labels", "sentence-bert", FOR_TEXTS),
        ("open_text_labels", "clip:ours", ("{label}",)),
        ("open_picture_labels", "clip", FOR_PICTURES),
        ("open_picture_labels", "clip:ours", ("{label}",)),
    ]


@pytest.mark.usefixtures("planted")
def test_a_shop_without_pictures_is_told_so(folder, monkeypatch):
    monkeypatch.setattr(job_module, "open_picture_labels", lambda spec, templates: SPACE)
    with pytest.raises(DataError, match="no feature of kind image"):
        suggest_labels_of_folder(folder, None, LabelJob(feature="kind", by="pictures"), silent)


@pytest.mark.parametrize(
    ("job", "words"),
    [
        ({"encoder": "word2vec"}, "'word2vec' is no encoder of texts; there are: sentence-bert, clip"),
        ({"templates": ("a photo",)}, r"has no \{label\}"),
        ({"by": "pictures", "templates": ("a photo",)}, r"has no \{label\}"),
        (
            {"by": "pictures", "encoder": "sentence-bert"},
            "'sentence-bert' is no encoder of pictures and labels; there are: clip",
        ),
        ({"by": "pictures", "encoder": "embedded"}, "'embedded' is no encoder of pictures and labels"),
    ],
)
def test_what_is_wrong_with_the_words_for_an_encoder_is_told_before_the_data_is_read(job, words, tmp_path):
    with pytest.raises(EncoderError, match=words):
        suggest_labels_of_folder(tmp_path / "absent", None, LabelJob(feature="kind", **job), silent)


def test_weights_that_are_not_there_are_told_once_the_data_is_good(folder):
    with pytest.raises(EncoderError, match=r"There is no folder \./absent"):
        suggest_labels_of_folder(folder, None, LabelJob(feature="kind", encoder="sentence-bert:./absent"), silent)
