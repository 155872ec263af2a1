import json
from pathlib import Path

import pytest

from tests.unit.bundle.small_bundle import fill, manifest_of, raw_manifest, write_bundle
from winnow.bundle.bundle import Bundle
from winnow.bundle.manifest import MANIFEST_NAME
from winnow.bundle.writer import check_target, writing_bundle
from winnow.schema.errors import BundleError


def names(folder):
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if not file.is_dir())


def test_nothing_is_at_the_target_before_the_end_and_nothing_else_after_it(tmp_path):
    target = tmp_path / "deep" / "bundle"
    with writing_bundle(target) as writer:
        fill(writer)
        assert not target.exists()
        writer.finish(manifest_of(writer.parts()))
        assert not target.exists()
    assert [file.name for file in target.parent.iterdir()] == ["bundle"]
    assert names(target) == [
        "index/index.json",
        "index/space.json",
        "manifest.json",
        "popularity/weights.npy",
        "query/space.json",
        "query/weights/layer.bin",
        "schema/schema.json",
    ]


def test_the_manifest_comes_last_and_names_every_other_file(tmp_path):
    with writing_bundle(tmp_path / "bundle") as writer:
        fill(writer)
        before = names(writer.folder)
        assert MANIFEST_NAME not in before
        writer.finish(manifest_of(writer.parts()))
        assert sorted([*before, MANIFEST_NAME]) == names(writer.folder)
    parts = raw_manifest(tmp_path / "bundle")["parts"]
    assert sorted(name for files in parts.values() for name in files) == before
    assert set(parts) == {"index", "popularity", "query", "schema"}


def test_only_parts_that_lie_in_the_space_are_sealed(tmp_path):
    bundle = write_bundle(tmp_path / "bundle", space_id="b" * 64)
    sealed = sorted(file.parent.name for file in bundle.path.rglob("space.json"))
    assert sealed == ["index", "query"]
    assert json.loads((bundle.part("index") / "space.json").read_text()) == {"space_id": "b" * 64}


def test_a_part_is_written_once(tmp_path):
    with writing_bundle(tmp_path / "bundle") as writer:
        fill(writer)
        with pytest.raises(FileExistsError):
            writer.part("query")
        writer.finish(manifest_of(writer.parts()))


def interrupted_write(target, error, *, finished=False, force=False):
    with writing_bundle(target, force=force) as writer:
        fill(writer)
        if finished:
            writer.finish(manifest_of(writer.parts()))
        raise error


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("finished", [True, False])
def test_an_interruption_leaves_neither_target_nor_scraps(tmp_path, error, finished):
    with pytest.raises(error):
        interrupted_write(tmp_path / "bundle", error, finished=finished)
    assert list(tmp_path.iterdir()) == []


def test_a_block_that_forgets_the_manifest_is_a_defect_and_leaves_nothing(tmp_path):
    with pytest.raises(BundleError, match="without its manifest"), writing_bundle(tmp_path / "bundle") as writer:
        fill(writer)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_may_become_a_bundle(tmp_path):
    (tmp_path / "bundle").mkdir()
    assert write_bundle(tmp_path / "bundle").has("query")


def test_a_bundle_is_replaced_by_force_only(tmp_path):
    write_bundle(tmp_path / "bundle", name="first").attach("evaluation", {})
    with pytest.raises(BundleError, match=r"already holds a bundle; nothing was written\..* --force"):
        write_bundle(tmp_path / "bundle", name="second")
    assert Bundle.open(tmp_path / "bundle").manifest.name == "first"
    second = write_bundle(tmp_path / "bundle", name="second", force=True)
    assert second.manifest.name == "second"
    assert second.attachment("evaluation") is None
    assert [file.name for file in tmp_path.iterdir()] == ["bundle"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_interruption_by_force_leaves_the_bundle_that_was_there(tmp_path, error):
    write_bundle(tmp_path / "bundle", name="first")
    with pytest.raises(error):
        interrupted_write(tmp_path / "bundle", error, finished=True, force=True)
    assert Bundle.open(tmp_path / "bundle").manifest.name == "first"
    assert [file.name for file in tmp_path.iterdir()] == ["bundle"]


def test_an_interruption_between_the_two_moves_puts_the_old_bundle_back(tmp_path, monkeypatch):
    write_bundle(tmp_path / "bundle", name="first")
    move = Path.replace

    def interrupted(self, target):
        if self.name == "new":
            raise KeyboardInterrupt
        return move(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_bundle(tmp_path / "bundle", name="second", force=True)
    assert Bundle.open(tmp_path / "bundle").manifest.name == "first"
    assert [file.name for file in tmp_path.iterdir()] == ["bundle"]


def overtaken_write(target):
    with writing_bundle(target) as writer:
        fill(writer)
        writer.finish(manifest_of(writer.parts(), name="slow"))
        write_bundle(target, name="quick")


def test_a_bundle_that_came_in_the_meantime_is_not_overwritten(tmp_path):
    with pytest.raises(BundleError, match="already holds a bundle"):
        overtaken_write(tmp_path / "bundle")
    assert Bundle.open(tmp_path / "bundle").manifest.name == "quick"
    assert [file.name for file in tmp_path.iterdir()] == ["bundle"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("notes.txt", "mine"),
        (MANIFEST_NAME, '{"name": "A web app", "icons": []}'),
        (MANIFEST_NAME, "[]"),
        (MANIFEST_NAME, "not JSON"),
    ],
)
@pytest.mark.parametrize("force", [True, False])
def test_a_folder_of_somebody_else_is_never_touched(tmp_path, name, text, force):
    foreign = tmp_path / "photos"
    foreign.mkdir()
    (foreign / name).write_text(text)
    with pytest.raises(BundleError, match="photos exists and is not a bundle; nothing was written"):
        write_bundle(foreign, force=force)
    assert (foreign / name).read_text() == text
    assert [file.name for file in tmp_path.iterdir()] == ["photos"]


def test_a_file_is_never_touched(tmp_path):
    (tmp_path / "bundle").write_text("mine")
    with pytest.raises(BundleError, match="exists and is not a bundle"):
        check_target(tmp_path / "bundle", force=True)


def test_a_bundle_of_another_format_may_be_replaced_by_force(tmp_path):
    bundle = write_bundle(tmp_path / "bundle")
    (bundle.path / MANIFEST_NAME).write_text(json.dumps({**raw_manifest(bundle.path), "format": 99}))
    check_target(bundle.path, force=True)


def test_a_target_that_is_not_there_is_free(tmp_path):
    check_target(tmp_path / "nowhere", force=False)
