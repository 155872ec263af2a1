"""Simulates a shop into a folder, day by day."""

import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from winnow.data.shop.calibration import Strength, calibrated
from winnow.data.shop.data_card import CARD_FILE, CARD_FOLDER, write_data_card
from winnow.data.shop.day_log import DAY_S, Columns, DayLog, Run, by_time, day_log, joined
from winnow.data.shop.looks import LOOKS_FILE, looks_table
from winnow.data.shop.shop_schema import MEDIA, shop_schema
from winnow.data.shop.shop_spec import ShopSpec
from winnow.data.shop.tables import (
    VISITORS,
    calendar_table,
    events_table,
    impressions_table,
    item_ids,
    items_tables,
    user_ids,
    users_table,
    visitors_table,
)
from winnow.data.shop.tally import Tally, empty_tally
from winnow.data.shop.truth import FOLDER, SIMULATOR_VERSION, TRUTH_FILE, VISITORS_FILE, truth_to_dict
from winnow.data.shop.world import World, make_world
from winnow.data.tables import SCHEMA_FILE
from winnow.data.whole_folder import check_folder, whole_folder
from winnow.schema.progress import Progress, silent
from winnow.schema.schema_file import write_schema_file

EVENTS, IMPRESSIONS = "events", "impressions"
FILES = {"users": "users.parquet", "items": "items.parquet", "events": EVENTS, "impressions": IMPRESSIONS}
CALENDAR_FILE = "calendar.parquet"
OURS = (*FILES.values(), SCHEMA_FILE, MEDIA, CALENDAR_FILE, LOOKS_FILE, CARD_FILE, CARD_FOLDER, FOLDER)


def write_shop(
    spec: ShopSpec, folder: Path, progress: Progress = silent, *, force: bool = False, jobs: int = 0
) -> None:
    """Simulates a shop; the folder appears whole or not at all. Memory does not grow with the number of days.

    What the shop can know is in `users.parquet`, `items.parquet`, `events/day_00.parquet` ..., `impressions/` likewise,
    `calendar.parquet` (when items could be had), `looks.parquet` (how pictures are drawn) and, where they are drawn,
    `pictures/`; what it cannot know is in `truth/`; `data_card.md` tells what was planted and what came of it.

    Args:
        spec: the shop.
        folder: made when it is not there.
        progress: told of the calibration, of the items written, and after every day.
        force: replace a shop that was written here before.
        jobs: threads, 0 for as many as there are processors; the rows are the same for any number.

    Raises:
        DataError: the folder holds something else, or a shop and `force` is not given, or the disk is full.
    """
    check_folder(folder, OURS, marker=CARD_FILE, force=force)
    world = make_world(spec)
    strength = calibrated(world, progress)
    with whole_folder(folder) as new, ThreadPoolExecutor(jobs or os.cpu_count()) as pool:
        write_schema_file(shop_schema(spec), FILES, new / SCHEMA_FILE, media=MEDIA if spec.drawn else None)
        _write_world(world, new, progress)
        if spec.drawn:
            _draw_pictures(world, new, pool, progress)
        tally = _write_days(world, strength, new, pool.map, progress)
        (new / FOLDER / TRUTH_FILE).write_text(json.dumps(truth_to_dict(spec, strength), indent=2) + "\n", "utf-8")
        write_data_card(new, world, strength, tally, SIMULATOR_VERSION)


def _write_world(world: World, folder: Path, progress: Progress) -> None:
    items, seed, names = world.items, world.spec.seed, item_ids(len(world.items))
    _write(folder / FILES["users"], [users_table(world.before)])
    _write(folder / CALENDAR_FILE, [calendar_table(items, world.spec.days)])
    _write(folder / LOOKS_FILE, [looks_table(items, seed, names)])
    _write(folder / FILES["items"], _told(items_tables(world), len(items), progress))


def _draw_pictures(world: World, folder: Path, pool: Executor, progress: Progress) -> None:
    from winnow.data.shop.picture_folder import PictureFolder  # noqa: PLC0415 - Pillow, which other shops do not need

    names = item_ids(len(world.items)).to_pylist()
    for done, _ in enumerate(pool.map(PictureFolder(folder).path, names), 1):
        progress("Drawing pictures", done, len(names))


def _told(tables: Iterable[pa.Table], total: int, progress: Progress) -> Iterator[pa.Table]:
    done = 0
    for table in tables:
        yield table
        done += table.num_rows
        progress("Writing items", done, total)


def _write_days(world: World, strength: Strength, folder: Path, run: Run, progress: Progress) -> Tally:
    tally = empty_tally(world)
    users, items, days = user_ids(world.spec.users), item_ids(world.spec.items), world.spec.days
    for name in (EVENTS, IMPRESSIONS, FOLDER):
        (folder / name).mkdir()
    late: list[Columns] = []
    with pq.ParquetWriter(folder / FOLDER / VISITORS_FILE, VISITORS, compression="zstd") as visitors:
        for day in range(days):
            log = day_log(world, strength, day, run)
            events, late = _of_day(log, late, (day + 1) * DAY_S)
            tally = tally.add(day, log, world)
            visitors.write_table(visitors_table(log.visitors, users))
            _write(folder / EVENTS / _day_file(day, days), [events_table(events, users, items)])
            _write(folder / IMPRESSIONS / _day_file(day, days), [impressions_table(log.impressions, users, items)])
            progress("Simulating days", day + 1, days)
    return tally


def in_days(logs: Iterator[DayLog]) -> Iterator[tuple[Columns, Columns]]:
    """The events of each day, with the purchases that were delayed to it, and its impressions."""
    late: list[Columns] = []
    for day, log in enumerate(logs):
        events, late = _of_day(log, late, (day + 1) * DAY_S)
        yield events, log.impressions


def _of_day(log: DayLog, late: list[Columns], end: float) -> tuple[Columns, list[Columns]]:
    """The events before an instant, by time, and the later ones."""
    events = by_time(joined([log.events, *late]))
    cut = int(np.searchsorted(events["at"], end))
    before = {name: values[:cut] for name, values in events.items()}
    return before, [{name: values[cut:] for name, values in events.items()}]


def _day_file(day: int, days: int) -> str:
    return f"day_{day:0{max(2, len(str(days - 1)))}d}.parquet"


def _write(path: Path, tables: Iterable[pa.Table]) -> None:
    tables = iter(tables)
    first = next(tables)
    with pq.ParquetWriter(path, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for table in tables:
            writer.write_table(table)
