import pytest

from winnow.features.encoders.weights import loading, revision_of, short_name
from winnow.schema.errors import EncoderError


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "here" / "model"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "weights").write_bytes(b"12")
    return folder


def test_a_folder_has_one_name_and_revision_wherever_it_lies(model, tmp_path):
    moved = tmp_path / "there" / "model"
    before = short_name(str(model)), revision_of(str(model), None)
    model.parent.rename(moved.parent)
    assert (short_name(str(moved)), revision_of(str(moved), None)) == before


@pytest.mark.parametrize(("file", "content"), [("weights", b"13"), ("config.json", b"{ }"), ("vocab", b"")])
def test_the_revision_changes_with_any_file(model, file, content):
    before = revision_of(str(model), None)
    (model / file).write_bytes(content)
    assert revision_of(str(model), None) != before


def test_bytes_that_move_from_one_file_to_the_next_change_the_revision(model):
    before = revision_of(str(model), None)
    (model / "config.json").write_text("{}1")
    (model / "weights").write_bytes(b"2")
    assert revision_of(str(model), None) != before


def test_a_downloaded_model_is_known_by_its_commit():
    assert revision_of("openai/clip", "0123456789abcdef0123") == "0123456789abcdef"
    assert short_name("openai/clip") == "openai/clip"


def test_a_downloaded_model_without_a_commit_is_refused():
    with pytest.raises(EncoderError, match="revision of the model 'openai/clip' is not known"):
        revision_of("openai/clip", None)


@pytest.mark.parametrize("name", ["./absent", "/absent/model", "a/b/c", "~/absent"])
def test_what_looks_like_a_folder_and_is_none_is_not_looked_for_elsewhere(name):
    with (
        pytest.raises(EncoderError, match=f"There is no folder {name}; a CLIP model was wanted"),
        loading(name, "CLIP model"),
    ):
        pytest.fail("the block ran")


def test_a_failure_of_a_library_becomes_one_sentence(model):
    with pytest.raises(EncoderError) as raised, loading(str(model), "CLIP model"):
        raise OSError("It has no weights.\nA page of advice follows.")
    assert f"in the folder '{model}' (OSError: It has no weights)." in str(raised.value)
    assert "advice" not in str(raised.value)
