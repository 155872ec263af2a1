import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from winnow.data.shop.lexicon import CATEGORIES, DEVICES
from winnow.data.shop.plots import RIGHT, clicks_by_day, clicks_by_rank, rates_by_hour
from winnow.data.shop.sheet import WIDTH

LIMIT = 20_000
SVG = "{http://www.w3.org/2000/svg}"
rng = np.random.default_rng(0)
SHOWN = rng.integers(500, 5_000, (len(DEVICES), 24))
DAILY = rng.poisson(5_000, (14, len(CATEGORIES)))

PLOTS = {
    "rates": rates_by_hour(SHOWN, SHOWN // 9),
    "rates, hours without impressions": rates_by_hour(np.where(np.arange(24) % 5, SHOWN, 0), SHOWN * 0),
    "ranks": clicks_by_rank(rng.zipf(1.6, 2_465).clip(max=1_000_000)),
    "ranks of a million": clicks_by_rank(rng.poisson(0.3, 1_000_000)),
    "ranks, all alike": clicks_by_rank(np.full(40, 7)),
    "ranks, one clicked": clicks_by_rank(np.array([0, 1, 0])),
    "ranks, none clicked": clicks_by_rank(np.zeros(40, np.int64)),
    "days": clicks_by_day(DAILY, 9),
    "days of a year": clicks_by_day(rng.poisson(50_000, (366, len(CATEGORIES))), 365),
    "days, two": clicks_by_day(DAILY[:2], 1),
    "days without clicks": clicks_by_day(DAILY * 0, None),
    "days, some without clicks": clicks_by_day(np.where(np.arange(14)[:, None] % 3, DAILY, 0), None),
}


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - it is our own


def lines(svg: str, css: str) -> list[list[tuple[float, float]]]:
    """Points of the lines of data of a class; those of the legend are written with `h`."""
    paths = re.findall(rf'<path class="line {css}" d="(M[^h"]*)"', svg)
    numbers = [[float(each) for each in re.findall(r"-?\d+\.\d+", path)] for path in paths]
    return [list(zip(each[::2], each[1::2], strict=True)) for each in numbers]


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in parsed(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", PLOTS)
def test_plots_are_small_and_finite_and_stay_on_their_sheet(name):
    svg = PLOTS[name]
    root = parsed(svg)
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    assert len(svg.encode()) < LIMIT
    assert "nan" not in svg
    assert "inf" not in svg
    points = [point for css in "abc" for line in lines(svg, css) for point in line]
    assert all(0 < x < width and 0 < y < height for x, y in points)
    for each in root.iter(f"{SVG}text"):
        x, length = float(each.get("x", 0)), 6.5 * len(each.text or "")
        left = x - length * {"end": 1.0, "mid": 0.5}.get(each.get("class", "").rpartition(" ")[2], 0.0)
        assert 0 < left < left + length < width, each.text


@pytest.mark.parametrize("name", PLOTS)
def test_plots_have_a_title_and_every_colour_is_set_for_light_and_for_dark(name):
    svg = PLOTS[name]
    light, dark = parsed(svg).findtext(f"{SVG}style", "").split("@media (prefers-color-scheme:dark)")
    coloured = set(re.findall(r"([.\w]+)\{[^}]*(?:fill|stroke):#", light))
    assert coloured == set(re.findall(r"([.\w]+)\{[^}]*(?:fill|stroke):#", dark)) >= {".sheet", "text", ".a", ".small"}
    assert parsed(svg).findtext(f"{SVG}title") == texts(svg)[0] != ""


def test_rates_show_a_line_for_each_device_as_high_as_its_clicks():
    shown = np.full((3, 24), 1_000)
    clicked = np.stack([np.full(24, 50), np.full(24, 100), np.full(24, 200)])
    svg = rates_by_hour(shown, clicked)
    heights = [{y for _, y in lines(svg, css)[0]} for css in "abc"]
    (low,), (middle,), (high,) = heights
    bottom = 86 + 170
    assert (bottom - middle) == pytest.approx(2 * (bottom - low), abs=0.2)
    assert (bottom - high) == pytest.approx(4 * (bottom - low), abs=0.2)
    assert {*DEVICES, "hour of the day, UTC", "clicks per impression", "20%"} <= set(texts(svg))


def test_ranks_fall_from_the_most_clicked_item_to_the_last_that_is_clicked():
    svg = clicks_by_rank(np.array([0, 10, 1_000, 0, 100]))
    (line,) = lines(svg, "a")
    assert [y for _, y in line] == pytest.approx([66, 66 + 190 / 3, 66 + 380 / 3], abs=0.06)
    assert [x for x, _ in line] == sorted(x for x, _ in line)
    assert "3 of 5 items have a click" in texts(svg)


def test_the_drift_is_marked_between_the_day_before_and_its_own():
    svg = clicks_by_day(DAILY, 9)
    marks = [float(each) for each in re.findall(r'<path class="mark" d="M([\d.]+)', svg)]
    days = [x for x, _ in lines(svg, "a")[0]]
    assert marks == pytest.approx([(days[8] + days[9]) / 2] * 2, abs=0.11)
    assert texts(svg).count("drift") == 2
    assert "drift" not in texts(clicks_by_day(DAILY, None))


@pytest.mark.parametrize(("days", "drift"), [(14, 9), (14, None), (366, 365), (366, 100)])
def test_the_category_that_moved_most_stands_out(days, drift):
    daily = np.full((days, len(CATEGORIES)), 1_000)
    daily[days // 2 if drift is None else drift :, 7] = 4_000
    svg = clicks_by_day(daily, drift)
    assert f"{CATEGORIES[7]}, which moved most" in texts(svg)
    assert len(lines(svg, "b")) == 1
    assert len(lines(svg, "rest")) == len(CATEGORIES) - 1


def test_a_long_log_shows_the_mean_day_of_each_span():
    daily = np.full((366, len(CATEGORIES)), 50)
    daily[:, 0] = np.arange(366)
    days = [y for _, y in lines(clicks_by_day(daily, None), "a")[0]]
    assert len(days) == 48
    assert days == sorted(days, reverse=True)
    heights = -np.diff(days)
    assert np.ptp(heights) < 0.25 * heights.mean() + 0.2


def test_a_drift_on_the_last_day_of_a_long_log_is_marked_within_the_plot():
    marks = re.findall(r'<path class="mark" d="M([\d.]+)', PLOTS["days of a year"])
    assert len(marks) == 2
    assert {WIDTH - RIGHT - 2 < float(each) < WIDTH - RIGHT for each in marks} == {True}


def test_all_sheets_are_equally_wide():
    assert {parsed(svg).get("width") for svg in PLOTS.values()} == {str(WIDTH)}
