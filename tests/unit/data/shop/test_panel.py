import re

import numpy as np
import pytest

from winnow.data.shop.panel import Axis, Panel, text


def panel(x: Axis, y: Axis) -> Panel:
    return Panel(left=50, top=20, width=200, height=100, x=x, y=y)


def numbers(path: str) -> list[float]:
    return [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", path)]


@pytest.mark.parametrize("highest", [1, 3, 7, 10, 99, 100, 4_321, 1_400_000])
def test_an_axis_from_zero_reaches_what_it_shall_show_in_a_few_round_steps(highest):
    axis = Axis.from_zero("clicks", highest)
    values = [value for value, _ in axis.ticks]
    assert axis.low == values[0] == 0
    assert values[-1] == axis.high >= highest > axis.high / 2.1
    assert 2 <= len(values) <= 6
    assert np.ptp(np.diff(values)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("highest", "names"),
    [
        (0.1, ["0.0%", "2.5%", "5.0%", "7.5%", "10.0%"]),
        (0.13, ["0%", "5%", "10%", "15%"]),
        (0.9, ["0%", "25%", "50%", "75%", "100%"]),
        (0.008, ["0.0%", "0.2%", "0.4%", "0.6%", "0.8%"]),
    ],
)
def test_shares_are_written_as_percent_with_as_many_digits_as_the_steps_need(highest, names):
    assert [name for _, name in Axis.from_zero("share", highest, percent=True).ticks] == names


def test_an_axis_of_nothing_still_has_a_length():
    for axis in (Axis.from_zero("clicks", 0), Axis.from_zero("share", 0, percent=True), Axis.decades("clicks", 0)):
        assert axis.high > axis.low


def test_decades_are_equally_far_apart():
    axis = Axis.decades("clicks", 2_465)
    assert [name for _, name in axis.ticks] == ["1", "10", "100", "1,000", "10,000"]
    assert axis.share(np.array([1, 10, 100, 10_000])).tolist() == [0, 0.25, 0.5, 1]
    assert Axis.decades("clicks", 1_000).high == 1_000


def test_the_corners_of_the_axes_are_the_corners_of_the_panel():
    plot = panel(Axis.from_zero("x", 10), Axis.from_zero("y", 4))
    xs, ys = plot.place(np.array([0, 10, 5]), np.array([0, 4, 2]))
    assert (xs.tolist(), ys.tolist()) == ([50, 250, 150], [120, 20, 70])


def test_a_line_stops_where_a_value_is_unknown_and_goes_on_behind():
    plot = panel(Axis.from_zero("x", 4), Axis.from_zero("y", 4))
    line = plot.line(np.arange(5), np.array([0, 4, np.nan, 2, 2]), "a")
    path = re.search(r' d="(.*)"', line)[1]
    assert [numbers(each) for each in path.split("M")[1:]] == [[50, 120, 100, 20], [200, 70, 250, 70]]


def test_a_single_known_point_shows_as_a_dot():
    plot = panel(Axis.from_zero("x", 4), Axis.from_zero("y", 4))
    assert 'd="M50.0 120.0 50.0 120.0"' in plot.line(np.arange(3), np.array([0, np.nan, np.nan]), "a")


def test_a_line_without_a_known_point_is_empty():
    plot = panel(Axis.from_zero("x", 4), Axis.from_zero("y", 4))
    assert 'd=""' in plot.line(np.arange(2), np.full(2, np.nan), "a")


def test_the_frame_names_both_axes_and_every_tick():
    x, y = Axis.from_zero("day", 4), Axis.from_zero("clicks", 4_000)
    frame = "".join(panel(x, y).frame())
    assert set(re.findall(r">([^<>]+)</text>", frame)) == {"day", "clicks", *(name for _, name in (*x.ticks, *y.ticks))}


def test_the_name_of_an_upright_line_stays_within_the_panel():
    plot = panel(Axis.from_zero("day", 10), Axis.from_zero("clicks", 4))
    assert 'd="M70.0 20v100"' in plot.upright(1, "drift")
    assert 'class="small"' in plot.upright(1, "drift")
    assert 'class="small end"' in plot.upright(9.5, "drift")


def test_text_is_escaped():
    assert "a &lt; b &amp; c" in text(0, 0, "a < b & c")
