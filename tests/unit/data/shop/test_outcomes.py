import numpy as np
import pytest

from winnow.data.shop.outcomes import (
    AT_ONCE_SHARE,
    CART,
    CLICK,
    DISMISS,
    NONE,
    OUTCOMES,
    PURCHASE,
    PURCHASE_RATE,
    VIEW,
    follow_up,
    slot_outcome,
)

NEVER = float("inf")


def even_rolls(chance, looked, number=200_000):
    """Shares of each outcome of one slot over evenly spread rolls."""
    roll = ((np.arange(number) + 0.5) / number).astype(np.float32)
    clicked = roll < np.float32(looked) * np.float32(chance)
    outcome = slot_outcome(np.float32(chance), np.float32(looked), roll, clicked, np.ones(number, bool))
    return np.bincount(outcome, minlength=len(OUTCOMES)) / number


@pytest.mark.parametrize("chance", [0.0, 0.02, 0.3, 0.9])
@pytest.mark.parametrize("looked", [1.0, 0.55])
def test_views_follow_clicks_and_dismissals_follow_displeasure(chance, looked):
    share = even_rolls(chance, looked)
    assert share[CLICK] == pytest.approx(looked * chance, abs=1e-5)
    assert share[VIEW] == pytest.approx(looked * chance * 0.25 * (1 - chance), abs=1e-5)
    assert share[DISMISS] == pytest.approx(looked * 0.004 * (1 - chance) ** 2, abs=1e-5)
    assert share[[CART, PURCHASE]].tolist() == [0, 0]


def test_nothing_comes_of_a_slot_that_stayed_empty():
    roll = np.linspace(0, 0.9999, 50, dtype=np.float32)
    chance, looked = np.full(50, 0.5, np.float32), np.float32(1)
    nothing = slot_outcome(chance, looked, roll, np.zeros(50, bool), np.zeros(50, bool))
    assert nothing.tolist() == [NONE] * 50


@pytest.fixture(scope="module")
def steps():
    n = 200_000
    outcome = np.resize(np.array([CLICK, NONE, CLICK, VIEW, DISMISS, CLICK], np.uint8), n)
    chance = np.random.default_rng(1).random(n).astype(np.float32)
    shown_at = np.sort(np.random.default_rng(2).uniform(0, 1e6, n))
    end = 1e6
    return outcome, chance, shown_at, end, follow_up(outcome, chance, shown_at, end, np.random.default_rng(3))


def test_every_purchase_was_in_the_cart_and_every_cart_was_clicked(steps):
    outcome, _, _, end, rows = steps
    bought, carted, clicked = (np.isfinite(rows[name]) for name in ("purchase", "cart", "click"))
    assert (carted & ~bought).sum() > 0
    assert not (bought & ~carted).any()
    assert not (carted & ~clicked).any()
    assert not (clicked & (outcome != CLICK)).any()
    assert (rows["cart"][bought] + 60 <= rows["purchase"][bought]).sum() > 0.6 * bought.sum()
    assert (rows["cart"][bought] < rows["purchase"][bought]).all()
    assert max(rows[name][np.isfinite(rows[name])].max() for name in ("click", "cart", "purchase")) < end


def test_the_type_is_the_last_step_before_the_end_and_nothing_else_is_touched(steps):
    outcome, _, _, _, rows = steps
    for row in range(5_000):
        last = outcome[row]
        for code, name in ((CLICK, "click"), (CART, "cart"), (PURCHASE, "purchase")):
            last = code if rows[name][row] < NEVER else last
        assert rows["type"][row] == last
    other = outcome != CLICK
    assert np.array_equal(rows["type"][other], outcome[other])


def test_clicks_come_two_seconds_after_the_item_and_carts_fifteen_later(steps):
    _, _, shown_at, _, rows = steps
    clicked, carted = np.isfinite(rows["click"]), np.isfinite(rows["cart"])
    assert rows["click"][clicked] == pytest.approx(shown_at[clicked] + 2)
    assert rows["cart"][carted] == pytest.approx(shown_at[carted] + 17)


def test_what_pleases_more_is_carted_more_often(steps):
    outcome, chance, _, _, rows = steps
    for low in (0.0, 0.45, 0.9):
        some = (outcome == CLICK) & (chance >= low) & (chance < low + 0.1)
        wanted = 0.05 + 0.35 * chance[some].mean()
        assert np.isfinite(rows["cart"][some]).mean() == pytest.approx(
            wanted, abs=4.5 * (wanted * (1 - wanted) / some.sum()) ** 0.5
        )


def test_half_of_the_purchases_come_at_once_and_the_others_six_hours_later_in_the_middle(steps):
    rows = steps[-1]
    carted = np.isfinite(rows["cart"]) & (rows["cart"] < 5e5)
    bought = carted & np.isfinite(rows["purchase"])
    delay = rows["purchase"][bought] - rows["cart"][bought]
    assert bought.sum() / carted.sum() == pytest.approx(PURCHASE_RATE, abs=0.02)
    at_once = np.isclose(delay, 60)
    assert at_once.mean() == pytest.approx(AT_ONCE_SHARE, abs=0.03)
    assert np.median(delay[~at_once]) == pytest.approx(6 * 3600, rel=0.08)
    assert np.log(delay[~at_once]).std() == pytest.approx(1.2, abs=0.06)


def test_what_would_come_after_the_end_of_the_log_is_not_in_it():
    n, end = 3_000, 1_000.0
    shown_at = np.repeat([end - 1, end - 10, end - 30], n // 3)
    rows = follow_up(np.full(n, CLICK, np.uint8), np.ones(n, np.float32), shown_at, end, np.random.default_rng(1))
    assert set(rows["type"][: n // 3].tolist()) == {NONE}
    assert set(rows["type"][n // 3 : 2 * n // 3].tolist()) == {CLICK}
    assert set(rows["type"][2 * n // 3 :].tolist()) == {CLICK, CART}
    assert not np.isfinite(rows["purchase"]).any()
