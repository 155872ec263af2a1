import re
from dataclasses import replace

import pytest

from winnow.data.shop.calibration import calibrated
from winnow.data.shop.data_card import CARD_FILE, CARD_FOLDER, WHERE, data_card, write_data_card
from winnow.data.shop.day_log import day_log
from winnow.data.shop.effects import SHARES, Effects
from winnow.data.shop.lexicon import CATEGORIES
from winnow.data.shop.measured_effects import measured_effects
from winnow.data.shop.outcomes import CLICK, PURCHASE
from winnow.data.shop.shop_spec import SIZES, Drift
from winnow.data.shop.tally import empty_tally
from winnow.data.shop.world import make_world

TINY = SIZES["tiny"]


def shop(spec):
    world = make_world(spec)
    strength, tally = calibrated(world), empty_tally(world)
    for day in range(spec.days):
        tally = tally.add(day, day_log(world, strength, day), world)
    return world, strength, tally


def card_of(world, strength, tally) -> dict[str, bytes]:
    return data_card(world, strength, measured_effects(world, strength), tally, version=7)


def table(text: str, heading: str) -> dict[str, list[str]]:
    """Rows of the first table below a heading, by their first cell."""
    lines = iter(text.split(heading, 1)[1].split("| --- |", 1)[1].splitlines()[1:])
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return {first: rest for first, *rest in rows}


@pytest.fixture(scope="module")
def plain():
    return shop(replace(TINY, seed=5))


@pytest.fixture(scope="module")
def drifted():
    return shop(
        replace(
            TINY, drift=Drift(day=9, users=0.25, category_rise=1.25, mobile=0.4), effects=Effects().without("picture")
        )
    )


@pytest.fixture(scope="module")
def text(plain) -> str:
    return card_of(*plain)[CARD_FILE].decode()


@pytest.fixture(scope="module")
def text_of_drifted(drifted) -> str:
    return card_of(*drifted)[CARD_FILE].decode()


def test_the_same_shop_has_the_same_card(plain):
    assert card_of(*plain) == card_of(*shop(plain[0].spec))


def test_every_plot_is_shown_and_every_shown_plot_is_there(plain, text):
    card = card_of(*plain)
    shown = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", text)
    assert sorted(path for _, path in shown) == sorted(card.keys() - {CARD_FILE})
    assert len(shown) == 3
    for _, path in shown:
        assert len(card[path]) < 20_000
        assert card[path].startswith(b"<svg ")
        assert card[path].endswith(b"</svg>\n")


def test_the_card_tells_size_seed_and_version(text, text_of_drifted):
    settings = table(text, "# A simulated shop")
    assert settings["size"] == ["tiny"]
    assert settings["users, items, days"] == ["300, 120, 14"]
    assert (settings["seed"], settings["version of the simulator"]) == (["5"], ["7"])
    assert table(text_of_drifted, "# A simulated shop")["size"] == ["tiny"]


def test_a_size_without_a_name_says_so():
    world, strength, _ = shop(replace(TINY, days=2, click_rate=0.2))
    settings = table(card_of(world, strength, empty_tally(world))[CARD_FILE].decode(), "# A simulated shop")
    assert settings["size"] == ["a size of its own"]
    assert settings["clicks of all that is shown, wanted"] == ["20.0%"]


def test_the_card_counts_what_the_tally_counted(plain, text):
    world, _, tally = plain
    counts = table(text, "## Counts")
    assert counts["events: click"] == [f"{tally.events[CLICK]:,}"]
    assert counts["events: purchase"] == [f"{tally.events[PURCHASE]:,}"]
    assert counts["logged impressions"] == [f"{tally.shown.sum():,}"]
    assert counts["users who join after the first day"] == [str((world.before.joins > 0).sum())]
    assert counts["items that arrive after the first day"] == [str((world.items.arrives > 0).sum())]


def test_the_card_tells_click_rates_by_device_and_part_of_day_and_by_position(plain, text):
    tally = plain[2]
    shown, clicked = tally.shown.sum(axis=2), tally.clicked.sum(axis=2)
    assert table(text, "## Click rate")["desktop"][1] == f"{clicked[1, 6:12].sum() / shown[1, 6:12].sum():.1%}"
    positions = table(text, "By position")
    assert list(positions) == [str(place) for place in range(1, 9)]
    assert positions["1"] == [f"{tally.clicked[..., 0].sum() / tally.shown[..., 0].sum():.1%}", "100%"]


def test_the_card_tells_gini_cold_shares_and_delays(plain, text):
    tally = plain[2]
    assert f"The Gini coefficient is {tally.gini:.3f}" in text
    assert "(days 11 to 13, the first day being 0)" in text
    cold = table(text, "## Cold starts")
    assert [cell for (cell,) in cold.values()] == [f"{each / tally.cold[0]:.1%}" for each in tally.cold[1:]]
    assert f"{tally.purchases_after_a_day:.1%} a day later or more" in text
    assert "half came within 1.3 minutes" in text


def test_every_effect_has_its_share_wanted_and_measured_and_a_place_where_it_shows(plain, text):
    world, strength, _ = plain
    measured = measured_effects(world, strength)
    rows = table(text, "## What moves a click")
    assert list(rows) == list(SHARES) == list(WHERE)
    for name, (wanted, share, spread, factor, where) in rows.items():
        assert wanted == f"{SHARES[name]:.1%}"
        assert share == f"{measured.shares[name]:.1%}"
        assert float(spread) == pytest.approx(measured.variance[name] ** 0.5, abs=0.006)
        assert factor == f"{strength.scale[name]:.3f}"
        assert where == WHERE[name]


def test_an_effect_that_is_taken_away_is_nowhere_and_the_others_share_the_rest(text_of_drifted):
    rows = table(text_of_drifted, "## What moves a click")
    assert rows["picture"] == ["0.0%", "0.0%", "0.00", "0.000", "nowhere: taken away"]
    assert rows["taste"][0] == "44.4%"


def test_a_shop_without_drift_says_so(text):
    assert "## Drift\n\nNone.\n" in text


def test_drift_is_told_with_its_day_and_sizes(drifted, text_of_drifted):
    world = drifted[0]
    told = text_of_drifted.split("## Drift")[1].split("![")[0]
    styles = world.moments.rise[9] != 0
    risen = {CATEGORIES[each] for each in world.items.category[styles[world.items.style]].tolist()}
    assert "From day 9 on" in told
    assert "25% of the users are drawn anew" in told
    assert "40% of the users take to their mobile phone" in told
    assert {f"the category `{name}` moves by +1.25 in the log-odds" in told for name in risen} == {True}


@pytest.mark.parametrize(
    ("rise", "told"),
    [(0.0, "no category rises"), (-1.0, "moves by -1 in the log-odds of a click, and is shown less often")],
)
def test_a_category_may_fall_or_stay(plain, rise, told):
    _, strength, _ = plain
    world = make_world(replace(TINY, drift=Drift(day=9, category_rise=rise)))
    assert told in card_of(world, strength, empty_tally(world))[CARD_FILE].decode()


def test_without_logged_impressions_there_is_a_sentence_and_no_plot_of_rates():
    card = card_of(*shop(replace(TINY, logged=0.0, days=4)))
    text = card[CARD_FILE].decode()
    assert "No impressions are logged, so there is no click rate." in text
    assert "No logged impression led to a purchase." in text
    assert sorted(card) == [CARD_FILE, f"{CARD_FOLDER}/clicks_by_day.svg", f"{CARD_FOLDER}/clicks_by_rank.svg"]
    assert text.count("![") == 2


def test_a_shop_where_nothing_happened_has_a_card(plain):
    world, strength, _ = plain
    text = card_of(world, strength, empty_tally(world))[CARD_FILE].decode()
    assert "The Gini coefficient is none; 120 items have no click." in text
    assert "nan" not in text


def test_the_card_is_written_beside_the_data(plain, tmp_path):
    world, strength, tally = plain
    write_data_card(tmp_path, world, strength, tally, version=7)
    written = {
        path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    }
    assert written == card_of(*plain)
