import errno
import hashlib
import subprocess
import sys
import weakref
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from winnow.data.shop import write_shop as written
from winnow.data.shop.calibration import Strength
from winnow.data.shop.day_log import DAY_S, DayLog
from winnow.data.shop.effects import SHARES
from winnow.data.shop.shop_spec import ShopSpec
from winnow.data.shop.tables import OPENING
from winnow.data.shop.write_shop import in_days, write_shop
from winnow.schema.errors import DataError

SMALL = ShopSpec(users=5_000, items=60, days=3, visits=0.05, logged=0.5)
ANOTHER_PROCESS = """
import sys
from pathlib import Path
from winnow.data.shop.shop_spec import ShopSpec
from winnow.data.shop.write_shop import write_shop
write_shop(ShopSpec(users=5_000, items=60, days=3, visits=0.05, logged=0.5), Path(sys.argv[1]), jobs=2)
"""


def content(folder):
    """Every file and what is in it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def quick(monkeypatch):
    """No calibration: for tests in which it does not matter how strong effects are."""
    strength = Strength(scale=dict.fromkeys(SHARES, 0.5), bias=-1.0)
    monkeypatch.setattr(written, "calibrated", lambda *_: strength)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shops") / "one"
    write_shop(SMALL, folder, jobs=1)
    return folder


def test_the_same_bytes_come_of_any_number_of_jobs(small, tmp_path):
    write_shop(SMALL, tmp_path / "three", jobs=3)
    assert content(tmp_path / "three") == content(small)


def test_the_same_bytes_come_of_another_process(small, tmp_path):
    subprocess.run([sys.executable, "-c", ANOTHER_PROCESS, str(tmp_path / "other")], check=True)
    assert content(tmp_path / "other") == content(small)


def test_another_seed_gives_other_bytes_in_every_file_that_is_drawn(small, tmp_path):
    write_shop(replace(SMALL, seed=1), tmp_path / "other")
    one, other = content(small), content(tmp_path / "other")
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] == other[name]] == ["schema.yaml"]


def test_a_shop_is_these_files_and_no_others(small):
    days = [f"{what}/day_{day:02d}.parquet" for what in ("events", "impressions") for day in range(3)]
    plots = [f"data_card/{name}.svg" for name in ("clicks_by_day", "clicks_by_rank", "rates_by_hour")]
    tables = [f"{name}.parquet" for name in ("users", "items", "calendar", "looks", "truth/visitors")]
    assert sorted(content(small)) == sorted([*days, *plots, *tables, "schema.yaml", "data_card.md", "truth/truth.json"])
    assert {path.name for path in small.iterdir()} <= set(written.OURS)


def test_days_are_named_so_that_they_sort(small, tmp_path, quick):
    write_shop(ShopSpec(users=20, items=40, days=102, visits=0.05), tmp_path / "long")
    names = sorted(path.name for path in (tmp_path / "long" / "events").iterdir())
    assert names == [f"day_{day:03d}.parquet" for day in range(102)]


def test_a_day_file_holds_the_events_of_its_day_delayed_purchases_included(tiny_folder, tiny):
    delayed, total = 0, 0
    for day, path in enumerate(sorted((tiny_folder / "events").iterdir())):
        at = pq.read_table(path)["at"].to_numpy() - OPENING
        assert at.min() >= day * DAY_S
        assert at.max() < (day + 1) * DAY_S
        assert (np.diff(at) >= 0).all()
        total += len(at)
        delayed += len(at) - (tiny.logs[day].events["at"] < (day + 1) * DAY_S).sum()
    assert total == sum(len(log.events["at"]) for log in tiny.logs)
    assert delayed == sum((log.events["at"] >= (day + 1) * DAY_S).sum() for day, log in enumerate(tiny.logs)) > 5


def test_every_file_of_a_kind_has_the_same_columns(tiny_folder):
    for kind in ("events", "impressions"):
        assert len({str(pq.read_schema(path)) for path in (tiny_folder / kind).iterdir()}) == 1


def test_a_folder_with_something_else_is_refused_with_force_or_without(tmp_path, quick):
    (tmp_path / "thesis.txt").write_text("years of work")
    for force in (False, True):
        with pytest.raises(DataError, match=r"holds something else \(thesis\.txt\); nothing was written"):
            write_shop(SMALL, tmp_path, force=force)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_folder_with_users_of_ones_own_is_refused_with_force_too(tmp_path, quick):
    (tmp_path / "users.parquet").write_text("mine")
    with pytest.raises(DataError, match="holds something else"):
        write_shop(SMALL, tmp_path, force=True)
    assert (tmp_path / "users.parquet").read_text() == "mine"


def test_a_file_is_no_folder(tmp_path, quick):
    (tmp_path / "shop").write_text("a file")
    for folder in (tmp_path / "shop", tmp_path / "shop" / "of" / "mine"):
        with pytest.raises(DataError, match="shop is a file; give the name of a folder"):
            write_shop(SMALL, folder, force=True)
    assert (tmp_path / "shop").read_text() == "a file"


def test_a_shop_is_replaced_with_force_only(tmp_path, quick):
    folder, fresh = tmp_path / "shop", tmp_path / "fresh"
    write_shop(SMALL, folder)
    before = content(folder)
    with pytest.raises(DataError, match=r"already holds a data set; nothing was written\..*--force"):
        write_shop(replace(SMALL, days=2), folder)
    assert content(folder) == before
    write_shop(replace(SMALL, days=2), folder, force=True)
    write_shop(replace(SMALL, days=2), fresh)
    assert content(folder) == content(fresh) != before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fresh", "shop"]


def test_an_empty_folder_and_missing_parents_are_fine(tmp_path, quick):
    (tmp_path / "empty").mkdir()
    write_shop(SMALL, tmp_path / "empty")
    write_shop(SMALL, tmp_path / "far" / "away")
    assert content(tmp_path / "empty") == content(tmp_path / "far" / "away")


def stumbling(error):
    """Fails on the third day."""

    def day_log(world, strength, day, run):
        if day == 2:
            raise error
        return written_day_log(world, strength, day, run)

    written_day_log = written.day_log
    return day_log


@pytest.mark.parametrize("error", [RuntimeError("a bug"), KeyboardInterrupt(), OSError(errno.EIO, "a broken disk")])
def test_an_error_in_the_middle_leaves_nothing_and_an_older_shop_as_it_was(error, tmp_path, quick, monkeypatch):
    write_shop(replace(SMALL, seed=3), tmp_path / "older")
    before = content(tmp_path / "older")
    monkeypatch.setattr(written, "day_log", stumbling(error))
    for name, force in (("new", False), ("older", True)):
        with pytest.raises(type(error)):
            write_shop(SMALL, tmp_path / name, force=force)
    assert content(tmp_path / "older") == before
    assert [path.name for path in tmp_path.iterdir()] == ["older"]


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("tables", range(0, 16, 3))
def test_a_full_disk_is_a_sentence_and_leaves_nothing(tables, tmp_path, quick, monkeypatch):
    write, room = pq.ParquetWriter.write_table, iter(range(tables))
    monkeypatch.setattr(
        pq.ParquetWriter, "write_table", lambda *each: full() if next(room, None) is None else write(*each)
    )
    with pytest.raises(DataError, match=r"The disk that .* is on is full; nothing was written\."):
        write_shop(replace(SMALL, days=4), tmp_path / "shop")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_at_the_very_end_is_a_sentence_and_leaves_nothing(tmp_path, quick, monkeypatch):
    monkeypatch.setattr(written, "write_data_card", full)
    with pytest.raises(DataError, match="is on is full"):
        write_shop(SMALL, tmp_path / "shop")
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told_of_the_items_and_after_every_day(tmp_path, quick):
    told = []
    write_shop(SMALL, tmp_path / "shop", lambda *each: told.append(each))
    days = [each for each in told if each[0] == "Simulating days"]
    assert days == told[-3:] == [("Simulating days", day, 3) for day in (1, 2, 3)]
    assert ("Writing items", 60, 60) in told


def test_a_day_is_written_and_let_go_before_the_next_but_one_is_drawn(tmp_path, quick, monkeypatch):
    alive, most, there = [], [], []
    draw = written.day_log

    def counted(world, strength, day, run):
        log = draw(world, strength, day, run)
        alive.append([weakref.ref(log.impressions["at"]), weakref.ref(log.events["at"])])
        most.append(sum(any(each() is not None for each in day) for day in alive))
        there.append(len(list(tmp_path.glob(".shop.*/new/impressions/*.parquet"))))
        return log

    monkeypatch.setattr(written, "day_log", counted)
    write_shop(replace(SMALL, days=8), tmp_path / "shop")
    assert there == list(range(8))
    assert max(most) <= 2


def test_events_are_handed_on_day_by_day():
    drawn = []

    def logs():
        for day in range(4):
            drawn.append(day)
            at = np.array([0.5, 0.9, 1.5, 2.9]) * DAY_S + day * DAY_S
            yield DayLog(events={"at": at, "day": np.full(4, day)}, impressions={"day": np.full(2, day)}, visitors={})

    days = in_days(logs())
    for day in range(4):
        events, impressions = next(days)
        assert impressions["day"].tolist() == [day] * 2
        assert drawn == list(range(day + 1))
        assert (events["at"] // DAY_S == day).all()
        assert (np.diff(events["at"]) >= 0).all()
        wanted = [day] * 2 + [day - 1] * (day > 0) + [day - 2] * (day > 1)
        assert sorted(events["day"].tolist()) == sorted(wanted)
