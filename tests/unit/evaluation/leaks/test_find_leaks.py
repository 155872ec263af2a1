"""The whole round: a leak planted in a simulated shop is found by its check and no other, and honest data passes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from benchmarks.online_retail import read_online_retail
from tests.unit.evaluation.leaks.planting import with_column
from winnow.bundle.bundle import Bundle
from winnow.data.dataset import AT, ITEM, TYPE, USER, Dataset
from winnow.data.open_dataset import open_dataset
from winnow.data.split import TimeSplit, split_by_time
from winnow.evaluation.leaks import find_leaks as doctor
from winnow.evaluation.leaks.find_leaks import find_leaks
from winnow.evaluation.leaks.trained_on import TrainedOn
from winnow.schema.feature import Entity, Kind

HOURS_S = 6 * 3_600
OF_DATA = [
    "time overlap",
    "duplicate events",
    "twin users",
    "duplicate items",
    "timestamp ties",
    "undecided order",
    "coarse clock",
    "target-like features",
    "columns that name the item",
    "columns that name what comes",
    "numbers that foresee",
]
OF_BUNDLE = [
    "trained until",
    "the bundle's events",
    "held-out events in the bundle",
    "future popularity",
    "future items",
]


@pytest.fixture(scope="module")
def dataset(shop: Path) -> Dataset:
    return open_dataset(shop)


@pytest.fixture(scope="module")
def split(dataset: Dataset) -> TimeSplit:
    return split_by_time(dataset, 4)


def test_an_honest_shop_and_its_bundle_pass_every_check(dataset: Dataset, bundle: Path) -> None:
    opened = Bundle.open(bundle)
    report = find_leaks(dataset, TimeSplit.from_dict(opened.manifest.split), TrainedOn.of(opened))
    assert [each.check for each in report.findings] == OF_DATA + OF_BUNDLE
    assert {each.severity for each in report.findings} == {"none"}
    assert all(any(letter.isdigit() for letter in each.sentence) for each in report.findings), "each says what it saw"


def counted(dataset: Dataset) -> list[int]:
    items = dataset.events[ITEM].to_pylist()
    return [items.count(item) for item in dataset.items[ITEM].to_pylist()]


def last_items(dataset: Dataset) -> list[str | None]:
    last = dict(zip(dataset.events[USER].to_pylist(), dataset.events[ITEM].to_pylist(), strict=True))
    return [last.get(user) for user in dataset.users[USER].to_pylist()]


def clicked(dataset: Dataset) -> list[str]:
    return ["yes" if kind == "click" else "no" for kind in dataset.events[TYPE].to_pylist()]


PLANTED: dict[str, Callable[[Dataset], Dataset]] = {
    "target-like features": lambda shop: with_column(shop, Entity.CONTEXT, "clicked", clicked(shop), Kind.CATEGORY),
    "columns that name the item": lambda shop: with_column(
        shop, Entity.CONTEXT, "page", [f"/{item}" for item in shop.events[ITEM].to_pylist()], Kind.CATEGORY
    ),
    "columns that name what comes": lambda shop: with_column(shop, Entity.USER, "last", last_items(shop), Kind.ID),
    "numbers that foresee": lambda shop: with_column(shop, Entity.ITEM, "sold", counted(shop), Kind.NUMBER),
    "duplicate items": lambda shop: replace(shop, items=pa.concat_tables([shop.items, shop.items.slice(0, 1)])),
}


@pytest.mark.parametrize("check", PLANTED)
def test_a_leak_that_is_planted_in_the_data_is_found_by_its_check_alone(
    check: str, dataset: Dataset, split: TimeSplit
) -> None:
    report = find_leaks(PLANTED[check](dataset), split)
    assert [each.check for each in report.leaks] == [check]


def test_a_held_out_event_that_training_takes_is_found(
    dataset: Dataset, split: TimeSplit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the function that cuts wrong, the checks would see it in what it hands out."""
    careless = dataset.events.filter(pa.array(dataset.events[AT].to_numpy() < split.train_until + HOURS_S))
    monkeypatch.setattr("winnow.evaluation.leaks.split_events.train_events", lambda *_: careless)
    more = int((dataset.events[AT].to_numpy() < split.train_until + HOURS_S).sum())
    less = int((dataset.events[AT].to_numpy() < split.train_until).sum())
    assert more > less
    leaks = doctor.find_leaks(dataset, split).leaks
    assert [each.check for each in leaks] == ["time overlap", "duplicate events"]
    assert all(each.sentence.startswith(f"{more - less} of ") for each in leaks)


def test_a_bundle_of_a_longer_training_is_found_by_four_checks(dataset: Dataset, bundle: Path) -> None:
    opened = Bundle.open(bundle)
    honest = TimeSplit.from_dict(opened.manifest.split)
    earlier = replace(honest, train_until=honest.train_until - 3 * 86_400)
    checks = [each.check for each in find_leaks(dataset, earlier, TrainedOn.of(opened)).leaks]
    assert checks == OF_BUNDLE[: len(checks)]
    assert len(checks) >= 4


def test_the_retail_demo_store_passes(winnow_data: Path) -> None:
    dataset = open_dataset(winnow_data / "retail-demo-store")
    report = find_leaks(dataset, split_by_time(dataset, 7))
    assert {each.severity for each in report.findings} == {"none"}


def test_online_retail_passes_with_a_warning_of_receipts_at_one_instant(winnow_data: Path) -> None:
    dataset = read_online_retail(winnow_data / "uci-online-retail")
    report = find_leaks(dataset, split_by_time(dataset, 7))
    assert report.leaks == ()
    assert [each.check for each in report.warnings] == ["timestamp ties"]


SCHEMA = """
tables: {items: movies.csv, events: ratings.csv}
keys: {item: movieId}
title: title
events: {user: userId, item: movieId, time: timestamp, type: null, positives: [click]}
features:
  - {name: genres, of: item, kind: category, transform: vocabulary}
  - {name: rating, of: context, kind: number, transform: standardise}
"""


def test_movielens_passes(winnow_data: Path, tmp_path: Path) -> None:
    file = tmp_path / "schema.yaml"
    file.write_text(SCHEMA)
    dataset = open_dataset(winnow_data / "ml-latest-small", file)
    report = find_leaks(dataset, split_by_time(dataset, 30))
    assert report.leaks == ()
