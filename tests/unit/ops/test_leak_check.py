"""Jobs stop for a leak before they work, unless they are told not to."""

import io
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from rich.console import Console

from tests.unit.evaluation.leaks.planting import random_shop, with_column
from winnow.data.dataset import TYPE, Dataset
from winnow.data.split import split_by_time
from winnow.data.write_dataset import write_dataset
from winnow.ops.leak_check import LEAKS, check_leaks, check_leaks_of_folder
from winnow.schema.errors import DataError, LeakError
from winnow.schema.feature import Entity, Kind
from winnow.schema.progress import silent

HOLDOUT_DAYS = 10 / 86_400
"""The random shop lasts a minute."""


@pytest.fixture
def leaky() -> Dataset:
    shop = random_shop(0, events=2_000)
    told = [f"was {each}" for each in shop.events[TYPE].to_pylist()]
    return with_column(shop, Entity.CONTEXT, "told", told, Kind.CATEGORY)


def test_a_leak_stops_the_job_with_evidence_and_the_way_on(leaky: Dataset) -> None:
    with pytest.raises(LeakError, match=r"(?s)target-like features.*told=was click.*--allow-leaks"):
        check_leaks(leaky, split_by_time(leaky, HOLDOUT_DAYS), silent, allow=False)


def test_who_allows_leaks_gets_them_told(leaky: Dataset) -> None:
    steps: list[tuple[str, int, int]] = []
    found = check_leaks(leaky, split_by_time(leaky, HOLDOUT_DAYS), lambda *step: steps.append(step), allow=True)
    assert [each.check for each in found.leaks] == ["target-like features"]
    assert steps == [(LEAKS, 0, 1), (LEAKS, 1, 1)]


def test_days_that_leave_nothing_are_refused_as_in_training(leaky: Dataset, tmp_path: Path) -> None:
    write_dataset(_of_today(leaky), tmp_path / "data")
    with pytest.raises(DataError, match="no positive event"):
        check_leaks_of_folder(tmp_path / "data", None, Console(file=io.StringIO()), 30)


def test_a_folder_is_read_and_told_of_but_not_refused(leaky: Dataset, tmp_path: Path) -> None:
    write_dataset(_of_today(leaky), tmp_path / "data")
    console = Console(file=io.StringIO())
    report, found = check_leaks_of_folder(tmp_path / "data", None, console, HOLDOUT_DAYS)
    assert report.rows_read["items"] == 9
    assert "target-like features" in [each.check for each in found.leaks]


def _of_today(shop: Dataset) -> Dataset:
    """A minute of 2020: importers take no times before 1995."""
    at = shop.events["at"].to_numpy() + 1.6e9
    return replace(shop, events=shop.events.set_column(3, "at", pa.array(at)))
