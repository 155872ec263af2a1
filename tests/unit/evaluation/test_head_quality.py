"""Each outcome that the click model tells is judged on the impressions that it is told of, or told to be too rare."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.unit.evaluation.shown_shop import guessing, held_in, shown_shop
from winnow.data.dataset import OUTCOME
from winnow.evaluation.head_quality import head_rows
from winnow.evaluation.head_row import ENOUGH, HeadRow
from winnow.evaluation.heads_text import heads_text
from winnow.evaluation.report import Report
from winnow.evaluation.report_text import report_text
from winnow.metrics.reliability import calibration_error


@pytest.fixture(scope="module")
def held():
    """A tenth of the impressions is bought, a fifth clicked and no more, a tenth viewed."""
    return held_in(shown_shop(0, size=2_000))


@pytest.fixture(scope="module")
def judged(held):
    """Knows a little of purchases; of carts, which here are the purchases, that half of the clicks end there."""
    draw, bought = np.random.default_rng(3), words(held) == "purchase"
    chances = 1 / (1 + np.exp(-(bought + draw.normal(-0.5, 1, len(held)))))
    rare = np.full(len(held), 0.01)
    return replace(guessing(held), further={"cart": np.full(len(held), 0.5), "purchase": chances, "dismiss": rare})


def words(held):
    return np.array(held.table[OUTCOME].to_pylist(), object)


def slow(came, chances):
    pairs = [(a > b) + (a == b) / 2 for a in chances[came] for b in chances[~came]]
    loss = -np.mean([np.log(p if y else 1 - p) for y, p in zip(came, chances, strict=True)])
    share = came.mean()
    usual = -(share * np.log(share) + (1 - share) * np.log(1 - share))
    return float(np.mean(pairs)), float(loss), float(loss / usual)


def test_a_purchase_is_judged_among_clicks_and_a_click_among_everything(held, judged):
    click, cart, purchase, _ = head_rows(held, judged)
    bought = (words(held) == "purchase")[held.clicked]
    assert (click.outcome, click.of) == ("click", "shown")
    assert (click.impressions, click.positives) == (len(held), held.clicked.sum())
    assert (purchase.outcome, purchase.of) == ("purchase", "clicked")
    assert (purchase.impressions, purchase.positives) == (held.clicked.sum(), bought.sum())
    chances = judged.further["purchase"][held.clicked]
    assert (purchase.auc, purchase.log_loss, purchase.entropy) == pytest.approx(slow(bought, chances))
    assert purchase.calibration_error == pytest.approx(calibration_error(bought, chances))
    assert (click.auc, click.log_loss, click.entropy) == pytest.approx(slow(held.clicked, judged.chances))
    assert purchase.auc > 0.6
    assert (cart.positives, cart.auc, cart.log_loss) == (purchase.positives, 0.5, pytest.approx(np.log(2)))


def test_what_hardly_ever_came_is_counted_and_not_judged(held, judged):
    *_, dismissal = head_rows(held, judged)
    assert dismissal == HeadRow(outcome="dismiss", of="shown", impressions=len(held), positives=0)
    (sentence,) = heads_text([dismissal])
    assert f"'dismiss' is not judged: it came to 0 of {len(held):,} impressions that were shown; at least" in sentence


@pytest.mark.parametrize(("positives", "others"), [(ENOUGH - 1, 500), (500, ENOUGH - 1), (ENOUGH, ENOUGH)])
def test_it_takes_enough_of_both(held, positives, others):
    number = positives + others
    clicked = np.arange(number) < positives
    few = replace(held, table=held.table.slice(0, number), visitors=held.visitors[:number], clicked=clicked)
    assert len(few) == number
    (row,) = head_rows(few, replace(guessing(few), further={}))
    assert (row.auc is None) == (ENOUGH - 1 in (positives, others))
    assert row.positives == positives


def test_a_model_without_chances_has_no_rows(held):
    assert head_rows(held, replace(guessing(held), chances=None)) == []


def test_reports_say_it_and_come_back_whole(held, judged):
    report = Report(rows=(), differences=(), funnel=(), users=(), heads=head_rows(held, judged))
    again = Report.from_dict(json.loads(json.dumps(report.to_dict())))
    assert list(again.heads) == list(report.heads)
    before = {name: each for name, each in report.to_dict().items() if name != "heads"}
    assert list(Report.from_dict(before).heads) == []
    text = report_text(report)
    (line,) = [each for each in text.splitlines() if each.startswith("| purchase")]
    assert "| clicked" in line
    assert f"{report.heads[2].auc:.3f}" in line
    assert "'dismiss' is not judged" in text
    assert list(heads_text([])) == []
