"""Contents of files, in order, one after the other."""

from pathlib import Path

import pytest

from winnow.data import pictures as module
from winnow.data.pictures import Pictures


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "pictures"
    (folder / "sub").mkdir(parents=True)
    for name in ("a", "b", "sub/c"):
        (folder / f"{name}.png").write_bytes(f"picture {name}".encode())
    (tmp_path / "secret.png").write_bytes(b"secret")
    return folder


def test_contents_come_in_the_order_of_the_names_as_often_as_they_are_named(folder):
    names = ["sub/c.png", None, "a.png", "b.png", "a.png"]
    pictures = Pictures(folder, names)
    wanted = [b"picture sub/c", None, b"picture a", b"picture b", b"picture a"]
    assert len(pictures) == 5
    assert list(pictures) == list(pictures) == wanted
    assert pictures.problems == {}


def test_some_of_them_are_those_of_the_places_in_the_order_asked(folder):
    some = Pictures(folder, ["a.png", None, "gone.png", "b.png"]).of([3, 2, 1, 3])
    assert list(some) == [b"picture b", None, None, b"picture b"]
    assert list(some.problems) == [1]


def test_what_cannot_be_had_is_none_at_its_place_with_a_sentence_that_names_it(folder):
    (folder / "out.png").symlink_to("../secret.png")
    names = ["a.png", "../secret.png", str(folder / "a.png"), "out.png", "https://x.example/a.png", "sub", "gone", None]
    pictures = Pictures(folder, names)
    assert list(pictures) == [b"picture a", *[None] * 7]
    assert list(pictures.problems) == [1, 2, 3, 4, 5, 6]
    assert pictures.problems[1] == (
        "The picture '../secret.png' cannot be read: it is not relative to the folder of pictures."
    )
    assert pictures.problems[6] == "The picture 'gone' cannot be read: No such file or directory."


@pytest.mark.parametrize("name", ["a\0b", "x" * 100_000, "\x1b[2J", "a\nb"])
def test_a_name_of_any_characters_is_told_in_one_short_printable_line(folder, name):
    pictures = Pictures(folder, [name])
    assert list(pictures) == [None]
    assert pictures.problems[0].isprintable()
    assert len(pictures.problems[0]) < 400


def test_a_file_is_read_when_its_turn_comes_and_no_earlier(folder):
    pictures = iter(Pictures(folder, ["a.png", "b.png", "later.png"]))
    assert next(pictures) == b"picture a"
    (folder / "b.png").write_bytes(b"changed")
    (folder / "later.png").write_bytes(b"new")
    assert [*pictures] == [b"changed", b"new"]


def test_only_one_is_in_memory_at_a_time(folder, monkeypatch):
    alive = []

    class Told(bytes):
        """Bytes that say when they go."""

        def __del__(self):
            alive.pop()

    def content(*_):
        assert alive == [], "the one before has gone"
        alive.append(1)
        return Told(b"x")

    monkeypatch.setattr(module, "_content", content)
    pictures = iter(Pictures(folder, ["a.png"] * 5))
    for _ in range(5):
        next(pictures)
    assert alive == []


def test_of_a_large_file_no_more_is_read_than_encoders_could_take(folder, monkeypatch):
    monkeypatch.setattr(module, "LARGEST_BYTES", 7)
    assert list(Pictures(folder, ["a.png"])) == [b"picture"]


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")])
def test_a_file_that_cannot_be_read_after_all_is_told(folder, monkeypatch, error):
    def refuse(*_):
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    pictures = Pictures(folder, ["a.png"])
    assert list(pictures) == [None]
    assert pictures.problems == {0: f"The picture 'a.png' cannot be read: {error.strerror}."}


def test_the_folder_may_itself_be_a_link(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder)
    assert list(Pictures(tmp_path / "link", ["sub/c.png"])) == [b"picture sub/c"]


def test_a_content_is_among_them_or_not(folder):
    pictures = Pictures(folder, ["a.png"])
    assert b"picture a" in pictures
    assert b"picture b" not in pictures
