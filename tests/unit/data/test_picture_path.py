"""Which file a name stands for: only one that is in the folder, whatever the name says."""

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from winnow.data.picture_path import NoPictureError, picture_path


@pytest.fixture
def root(tmp_path):
    """A folder of pictures, with files that are not beside it."""
    root = tmp_path / "shop" / "pictures"
    (root / "sub").mkdir(parents=True)
    (root / "a.png").write_bytes(b"a")
    (root / "sub" / "b c.PNG").write_bytes(b"b")
    (tmp_path / "shop" / "secret.png").write_bytes(b"secret")
    (tmp_path / "shop" / "pictures-too").mkdir()
    (tmp_path / "shop" / "pictures-too" / "c.png").write_bytes(b"secret")
    return root.resolve()


@pytest.mark.parametrize("name", ["a.png", "./a.png", "sub/b c.PNG", "sub//b c.PNG", "sub/./b c.PNG"])
def test_a_file_in_the_folder_or_below_is_found(root, name):
    assert picture_path(root, name) == Path(os.path.normpath(root / name))


@pytest.mark.parametrize("name", ["../secret.png", "sub/../../secret.png", "..", "sub/../a.png", "../pictures/a.png"])
def test_a_name_never_goes_up_not_even_to_come_back(root, name):
    with pytest.raises(NoPictureError, match=r"^it is not relative to the folder of pictures$"):
        picture_path(root, name)


def test_an_absolute_name_is_refused_even_of_a_picture_that_would_stay_behind_when_the_data_set_moves(root):
    for name in (root / "a.png", root.parent / "secret.png", "/etc/passwd"):
        with pytest.raises(NoPictureError, match="not relative"):
            picture_path(root, str(name))


@pytest.mark.parametrize("name", ["https://shop.example/a.png", "file:///a.png", "s3://bucket/a.png"])
def test_an_address_is_refused_and_nothing_is_fetched(root, name):
    with pytest.raises(NoPictureError, match=r"^it is an address and nothing is fetched$"):
        picture_path(root, name)


def test_a_link_may_lead_about_in_the_folder_and_not_out_of_it(root):
    (root / "same.png").symlink_to("sub/b c.PNG")
    (root / "folder").symlink_to("sub")
    (root / "out.png").symlink_to("../secret.png")
    (root / "beside").symlink_to("../pictures-too")
    (root / "sub" / "up").symlink_to(root.parent)
    assert picture_path(root, "same.png") == picture_path(root, "folder/b c.PNG") == root / "sub" / "b c.PNG"
    for name in ("out.png", "beside/c.png", "sub/up/secret.png", "sub/up/pictures-too/c.png"):
        with pytest.raises(NoPictureError, match=r"^it is a link that leads out of the folder of pictures$"):
            picture_path(root, name)


def test_links_in_a_circle_and_to_nothing_are_told(root):
    (root / "one").symlink_to("two")
    (root / "two").symlink_to("one")
    (root / "gone.png").symlink_to("was-here.png")
    with pytest.raises(NoPictureError, match="symbolic links"):
        picture_path(root, "one")
    with pytest.raises(NoPictureError, match="No such file"):
        picture_path(root, "gone.png")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gone.png", "No such file or directory"),
        ("a.png/more", "Not a directory"),
        ("sub", "it is no file"),
        (".", "it is no file"),
        ("", "it is no file"),
        ("a.png\0.jpg", "null byte"),
        ("x" * 5_000, "File name too long"),
        ("x/" * 5_000, "No such file or directory|File name too long"),
        ("\udcff.png", "surrogates|No such file"),
    ],
)
def test_what_is_no_file_is_told_in_the_systems_words_and_never_with_the_name(root, name, words):
    with pytest.raises(NoPictureError, match=f"^[^/]*({words})[^/]*$"):
        picture_path(root, name)


def test_a_pipe_which_would_be_waited_for_without_end_is_no_file(root):
    os.mkfifo(root / "pipe.png")
    with pytest.raises(NoPictureError, match="it is no file"):
        picture_path(root, "pipe.png")


def test_a_file_that_may_not_be_read_is_told(root, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: (path, mode) != (root / "a.png", os.R_OK))
    with pytest.raises(NoPictureError, match="it may not be read"):
        picture_path(root, "a.png")
    assert picture_path(root, "sub/b c.PNG")


@given(name=st.text(max_size=30) | st.lists(st.sampled_from(["..", ".", "/", "sub", "a.png", "b", "\\"])).map("/".join))
@example(name="sub/../../pictures/a.png")
def test_whatever_the_name_it_is_a_file_of_the_folder_or_a_reason(name, tmp_path_factory):
    root = tmp_path_factory.mktemp("any").resolve() / "pictures"
    (root / "sub").mkdir(parents=True)
    (root / "a.png").touch()
    try:
        path = picture_path(root, name)
    except NoPictureError:
        return
    assert path == root / "a.png"
