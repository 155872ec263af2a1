import hashlib
import threading

import pytest

from winnow.schema.errors import DataError, Unavailable
from winnow.serving.items.picture_store import PictureStore


@pytest.fixture
def store(tmp_path):
    return PictureStore(folder=tmp_path / "new" / "pictures")


def test_a_picture_comes_back_by_its_digest_and_equal_ones_are_one_file(store):
    names = [store.keep(content) for content in (b"one", b"two", b"one")]
    assert names == [hashlib.sha256(content).hexdigest() for content in (b"one", b"two", b"one")]
    assert [store.read(name) for name in names] == [b"one", b"two", b"one"]
    assert sorted(path.name for path in store.folder.iterdir()) == sorted(set(names))


def test_a_picture_that_was_damaged_is_mended_when_it_comes_again(store):
    name = store.keep(b"one")
    (store.folder / name).write_bytes(b"on")
    with pytest.raises(DataError, match="is damaged"):
        store.read(name)
    assert store.keep(b"one") == name
    assert store.read(name) == b"one"


@pytest.mark.parametrize("name", ["../secret", "0" * 64])
def test_what_is_not_a_kept_picture_is_not_given_out(store, name):
    store.keep(b"one")
    (store.folder.parent / "secret").write_bytes(b"secret")
    with pytest.raises(DataError):
        store.read(name)


def test_a_folder_that_cannot_be_made_is_a_sentence(store):
    store.folder.parent.parent.joinpath("new").write_text("a file")
    with pytest.raises(Unavailable, match=r"The picture cannot be written to .*pictures: Not a directory\."):
        store.keep(b"one")


def test_many_threads_may_keep_the_same_picture(store):
    contents = [bytes([number]) * 200_000 for number in range(4)] * 4
    threads = [threading.Thread(target=store.keep, args=[content]) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = {path.name: path.read_bytes() for path in store.folder.iterdir()}
    assert kept == {hashlib.sha256(content).hexdigest(): content for content in contents}
