"""Pictures go along with a data set: written, it opens again as the same one, in any place."""

import errno
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.data.picture_shop import write_picture_shop
from winnow.data.export_retail_demo_store import check_export_target, export_retail_demo_store
from winnow.data.open_dataset import open_dataset
from winnow.data.pictures import Pictures
from winnow.data.write_dataset import check_data_target, write_dataset
from winnow.data.write_pictures import write_pictures
from winnow.schema.errors import DataError
from winnow.schema.progress import silent

WRITERS = {"import": write_dataset, "export": export_retail_demo_store}
PICTURES = {"a.png": b"a", "shoes/b.png": b"b", "shoes/b-back.png": b"back"}


@pytest.fixture
def shop(tmp_path):
    return write_picture_shop(tmp_path / "shop")


@pytest.fixture(params=WRITERS)
def write(request):
    return WRITERS[request.param]


def content(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def contents(dataset):
    """What each item's pictures are."""
    return [list(Pictures(dataset.media, dataset.items[column].to_pylist())) for column in ("front", "back")]


def test_what_was_written_opens_again_as_the_same_data_set_with_its_pictures(shop, tmp_path, write):
    dataset = open_dataset(shop)
    before = contents(dataset)
    write(dataset, tmp_path / "out")
    shutil.rmtree(shop)
    (tmp_path / "out").rename(tmp_path / "moved")
    again = open_dataset(tmp_path / "moved")
    assert again.digest == dataset.digest
    assert again.schema == dataset.schema
    assert again.report.findings == ()
    assert again.media == tmp_path / "moved" / "pictures"
    assert contents(again) == before == [[b"a", b"b", None], [None, b"back", b"a"]]


def test_named_pictures_come_along_with_their_folders_and_no_others(shop, tmp_path, write):
    write(open_dataset(shop), tmp_path / "out")
    assert content(tmp_path / "out" / "pictures") == PICTURES
    assert "media: pictures" in (tmp_path / "out" / "schema.yaml").read_text().splitlines()


def test_what_was_written_can_be_written_again(shop, tmp_path, write):
    write(open_dataset(shop), tmp_path / "one")
    write(open_dataset(tmp_path / "one"), tmp_path / "two")
    assert content(tmp_path / "two" / "pictures") == PICTURES
    assert open_dataset(tmp_path / "two").digest == open_dataset(shop).digest


def test_a_picture_is_linked_and_takes_no_room(shop, tmp_path):
    write_dataset(open_dataset(shop), tmp_path / "out")
    for name in PICTURES:
        assert (tmp_path / "out" / "pictures" / name).samefile(shop / "photos" / name)


@pytest.mark.parametrize("reason", [errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP])
def test_where_it_cannot_be_linked_it_is_copied(shop, tmp_path, monkeypatch, reason):
    def refuse(*_):
        raise OSError(reason, os.strerror(reason))

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write_dataset(open_dataset(shop), tmp_path / "out")
    assert content(tmp_path / "out" / "pictures") == PICTURES
    assert not (tmp_path / "out" / "pictures" / "a.png").samefile(shop / "photos" / "a.png")


def test_a_linked_name_gets_the_picture_itself(shop, tmp_path):
    (shop / "photos" / "a.png").unlink()
    (shop / "photos" / "a.png").symlink_to("nobody.png")
    write_dataset(open_dataset(shop), tmp_path / "out")
    written = tmp_path / "out" / "pictures" / "a.png"
    assert written.read_bytes() == b"named by none"
    assert not written.is_symlink()


def test_names_that_are_one_file_in_two_spellings_are_written_once_and_harm_nothing(tmp_path):
    shop = write_picture_shop(tmp_path / "shop", "item_id,front,back\na,a.png,./a.png\nb,.//a.png,a.png/\n")
    told = []
    write_dataset(open_dataset(shop), tmp_path / "out", lambda *step: told.append(step))
    assert contents(open_dataset(tmp_path / "out")) == [[b"a", b"a"], [b"a", b"a"]]
    assert [each for each in told if each[0] == "Writing pictures"] == [("Writing pictures", 1, 1)]


def test_a_disk_for_which_two_names_are_one_keeps_the_picture_that_is_there(shop, tmp_path, monkeypatch):
    really = Path.hardlink_to

    def linked_twice(target, source):
        really(target, source)
        really(target, source)

    monkeypatch.setattr(Path, "hardlink_to", linked_twice)
    write_dataset(open_dataset(shop), tmp_path / "out")
    assert content(tmp_path / "out" / "pictures") == PICTURES
    assert (shop / "photos" / "a.png").read_bytes() == b"a"


def test_what_cannot_be_had_stays_behind_and_both_reports_count_it(shop, tmp_path, write):
    (tmp_path / "secret.png").write_bytes(b"secret")
    (shop / "photos" / "out.png").symlink_to("../../secret.png")
    rows = ["a,a.png,", "b,../../secret.png,", "c,out.png,", f"d,{tmp_path}/secret.png,", "e,gone.png,"]
    (shop / "things.csv").write_text("\n".join(["item_id,front,back", *rows, ""]))
    dataset = open_dataset(shop)
    write(dataset, tmp_path / "out")
    assert content(tmp_path / "out" / "pictures") == {"a.png": b"a"}
    again = open_dataset(tmp_path / "out")
    assert again.digest == dataset.digest
    assert [each.count for each in again.report.findings] == [each.count for each in dataset.report.findings] == [4]
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert [each["count"] for each in report["findings"]] == [4]


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "full"), OSError(errno.EIO, "broken"), KeyboardInterrupt()])
def test_a_fault_among_the_pictures_leaves_the_older_folder_and_no_traces(shop, tmp_path, fault, write, monkeypatch):
    write(open_dataset(shop), tmp_path / "out")
    before = content(tmp_path / "out")

    def refuse(*_):
        raise fault if isinstance(fault, KeyboardInterrupt) else OSError(errno.EXDEV, "another disk")

    def break_off(*_):
        raise fault

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    monkeypatch.setattr(shutil, "copyfile", break_off)
    full = getattr(fault, "errno", None) == errno.ENOSPC
    with pytest.raises(DataError if full else type(fault), match="is full; nothing was written" if full else None):
        write(open_dataset(shop), tmp_path / "out", force=True)
    assert content(tmp_path / "out") == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out", "shop"]


def test_a_folder_with_pictures_is_replaced_when_forced_and_recognised_before_long_work(shop, tmp_path):
    for name, check in {"import": check_data_target, "export": check_export_target}.items():
        WRITERS[name](open_dataset(shop), tmp_path / name)
        check(tmp_path / name, force=True)
        with pytest.raises(DataError, match="already holds a data set"):
            check(tmp_path / name, force=False)
        WRITERS[name](open_dataset(tmp_path / name), tmp_path / name, force=True)
        assert content(tmp_path / name / "pictures") == PICTURES, "a data set may take its own place"


def test_pictures_of_ones_own_are_left_alone_with_force_too(shop, tmp_path):
    (tmp_path / "mine" / "pictures").mkdir(parents=True)
    for force in (False, True):
        with pytest.raises(DataError, match=r"holds something else \(pictures\)"):
            write_dataset(open_dataset(shop), tmp_path / "mine", force=force)


def test_progress_counts_the_pictures_to_the_end(shop, tmp_path, write):
    told = []
    write(open_dataset(shop), tmp_path / "out", lambda *step: told.append(step))
    assert [each for each in told if each[0] == "Writing pictures"] == [("Writing pictures", n, 3) for n in (1, 2, 3)]


def test_the_layout_of_another_has_no_pictures_and_the_export_says_so(shop, tmp_path):
    losses = export_retail_demo_store(open_dataset(shop), tmp_path / "out")
    assert "items.csv.gz: the layout has no pictures; Winnow alone reads front and back." in losses


def test_items_without_pictures_get_no_folder(shop, tmp_path):
    dataset = open_dataset(shop)
    bare = replace(dataset, schema=replace(dataset.schema, features=dataset.schema.features[:1]))
    write_dataset(bare, tmp_path / "out")
    assert not (tmp_path / "out" / "pictures").exists()
    assert "media" not in (tmp_path / "out" / "schema.yaml").read_text()
    assert open_dataset(tmp_path / "out").media is None


def test_a_data_set_made_by_hand_that_names_pictures_and_no_folder_is_refused_and_nothing_written(shop, tmp_path):
    dataset = replace(open_dataset(shop), media=None)
    with pytest.raises(DataError, match=r"The column 'front' names pictures, and the data set .* has no folder"):
        write_dataset(dataset, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_through_a_name(shop, tmp_path):
    (tmp_path / "out").mkdir()
    (shop / "things.csv").write_text("item_id,front,back\na,a.png,../../../a.png\nb,a.png,/tmp/winnow-a.png\n")
    assert write_pictures(open_dataset(shop), tmp_path / "out", silent) == "pictures"
    assert sorted(str(each.relative_to(tmp_path)) for each in tmp_path.rglob("*a.png")) == [
        "out/pictures/a.png",
        "shop/photos/a.png",
    ]
