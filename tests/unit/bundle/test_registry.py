import os

import pytest

from tests.unit.bundle.small_bundle import write_bundle
from winnow.bundle.pointer import Pointer
from winnow.bundle.registry import Registry
from winnow.schema.errors import BundleError


@pytest.fixture
def registry(tmp_path):
    for name in ("one", "two", "three"):
        write_bundle(tmp_path / "registry" / name)
    return Registry(tmp_path / "registry")


def test_a_bundle_is_no_registry_and_neither_is_nothing(registry):
    assert Registry.at(registry.folder) == registry
    assert Registry.at(registry.folder / "one") is None
    with pytest.raises(BundleError, match="is not a bundle, and no folder of bundles either"):
        Registry.at(registry.folder / "nowhere")


def test_the_one_that_served_is_the_previous_one(registry):
    assert registry.pointer() == Pointer()
    for name, expected in (("one", None), ("two", "one"), ("two", "one"), ("three", "two"), ("two", "three")):
        assert registry.promote(name) == registry.pointer() == Pointer(current=name, previous=expected)
    assert (registry.current(), registry.previous()) == ("two", "three")
    assert sorted(each.name for each in registry.folder.iterdir()) == ["one", "serving.json", "three", "two"]


def test_before_the_first_was_promoted_it_says_how_to(registry):
    with pytest.raises(BundleError, match=r"it has: one, three, two\. Say which one serves: winnow bundle promote"):
        registry.current()
    with pytest.raises(BundleError, match="there is no way back"):
        registry.previous()


def test_a_folder_without_a_bundle_says_how_to_make_one(tmp_path):
    with pytest.raises(BundleError, match=f"is a folder without a bundle.*winnow train .*--out {tmp_path}/"):
        Registry(tmp_path).current()


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../registry/one", "one/", "/one", "one\n", ".hidden", "empty", "link", "x" * 129, "file"]
)
def test_what_is_not_a_bundle_in_the_folder_has_no_name(registry, tmp_path, name):
    (registry.folder / "empty").mkdir()
    (registry.folder / "file").write_text("")
    write_bundle(tmp_path / "outside")
    (registry.folder / "link").symlink_to(tmp_path / "outside")
    (registry.folder / ".hidden").symlink_to(tmp_path / "outside")
    for ask in (registry.path_of, registry.manifest_of, registry.promote):
        with pytest.raises(BundleError, match=r"in the registry; it has: one, three, two\."):
            ask(name)
    assert registry.names() == ("one", "three", "two")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"current": 1, "previous": null}', '{"current": "one"}'])
def test_a_damaged_pointer_is_a_sentence_that_names_it(registry, content):
    (registry.folder / "serving.json").write_text(content)
    with pytest.raises(BundleError, match=r"serving\.json does not say which bundle serves"):
        registry.pointer()


def test_a_pointer_that_cannot_be_written_stays_as_it_was(registry, monkeypatch):
    registry.promote("one")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            registry.promote("two")
    assert registry.pointer() == Pointer(current="one")
    assert len(list(registry.folder.iterdir())) == 4
