import errno
from pathlib import Path

import pytest

from winnow.data.link_pictures import link_pictures


@pytest.fixture
def media(tmp_path):
    folder = tmp_path / "shop" / "pictures"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.png").write_bytes(b"a")
    (folder / "deep" / "b.png").write_bytes(b"b")
    (tmp_path / "shop" / "secret").write_bytes(b"secret")
    (folder / "way out").symlink_to(tmp_path / "shop" / "secret")
    return folder


NAMES = [
    "a.png",
    "deep/b.png",
    "gone.png",
    "../secret",
    "deep/../../secret",
    "way out",
    "http://x/y.png",
    "deep",
    "a\0",
]


def there(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_in_the_folder_is_gathered_and_nothing_else(media, tmp_path):
    new = tmp_path / "new"
    new.mkdir()
    (new / "kept").write_bytes(b"kept")
    link_pictures(media, [*NAMES, str(tmp_path / "shop" / "secret"), "kept"], new)
    assert there(new) == {"a.png": b"a", "deep/b.png": b"b", "kept": b"kept"}
    assert (new / "a.png").samefile(media / "a.png")


def test_where_links_cannot_be_made_pictures_are_copied(media, tmp_path, monkeypatch):
    def no_link(*_):
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", no_link)
    link_pictures(media, NAMES, tmp_path / "new")
    assert there(tmp_path / "new") == {"a.png": b"a", "deep/b.png": b"b"}
