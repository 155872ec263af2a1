"""Figures of impressions, against slow loops, and what reports make of them."""

import json
import xml.etree.ElementTree as ET
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from tests.unit.evaluation.shown_shop import SCHEMA, guessing, held_in, shown_shop
from winnow.data.open_dataset import open_dataset
from winnow.data.shop.sheet import WIDTH
from winnow.evaluation.impression_quality import impression_rows
from winnow.evaluation.judgement import Judgement
from winnow.evaluation.planted import Planted
from winnow.evaluation.reliability_plot import reliability_plot
from winnow.evaluation.report import ImpressionRow, Report
from winnow.evaluation.report_text import report_text
from winnow.recipes.recipes import tiny
from winnow.schema.errors import DataError

NOTHING_ELSE = Report(rows=(), differences=(), funnel=(), users=())


def judged(held) -> dict[str, Judgement]:
    perfect = np.where(held.clicked, 0.95, 0.01)
    return {
        "popular": Judgement(scores=held.popularity),
        "winnow": guessing(held),
        "reference": Judgement(scores=guessing(held, 1).scores, chances=np.full(len(held), 0.9)),
        "oracle": Judgement(scores=perfect, chances=perfect),
    }


@pytest.fixture(scope="module")
def held():
    return held_in(shown_shop(0, size=1_000))


@pytest.fixture(scope="module")
def report(held):
    rows, bins = impression_rows(held, judged(held), SCHEMA)
    return replace(NOTHING_ELSE, impressions=rows, reliability=bins)


def row(report: Report, model: str, name: str = "all") -> ImpressionRow:
    (found,) = [each for each in report.impressions if (each.model, each.slice) == (model, name)]
    return found


def slow_auc(clicked, scores) -> float:
    pairs = [(a > b) + (a == b) / 2 for a in scores[clicked] for b in scores[~clicked]]
    return float(np.mean(pairs))


def slow_ndcg(held, scores) -> float:
    values = []
    for start, end in zip(held.offsets, held.offsets[1:], strict=False):
        clicked, page = held.clicked[start:end], scores[start:end]
        if clicked.any():
            discounts = 1 / np.log2(np.arange(end - start) + 2)
            values.append((clicked[np.argsort(-page)] @ discounts) / (np.sort(clicked)[::-1] @ discounts))
    return float(np.mean(values))


def test_figures_are_what_slow_loops_find(held, report):
    said, found = guessing(held), row(report, "winnow")
    assert (found.impressions, found.clicks) == (len(held), held.clicked.sum())
    assert found.auc == pytest.approx(slow_auc(held.clicked, said.scores))
    assert found.ndcg == pytest.approx(slow_ndcg(held, said.scores))
    right = np.where(held.clicked, said.chances, 1 - said.chances)
    share = held.clicked.mean()
    nothing = -share * np.log(share) - (1 - share) * np.log(1 - share)
    assert found.log_loss == pytest.approx(-np.log(right).mean())
    assert found.entropy == pytest.approx(-np.log(right).mean() / nothing)
    within = defaultdict(list)
    for place, visitor in enumerate(held.visitors):
        within[visitor].append(place)
    both = [rows for rows in within.values() if 0 < held.clicked[rows].sum() < len(rows)]
    each = [slow_auc(held.clicked[rows], said.scores[rows]) for rows in both]
    assert found.auc_within_users == pytest.approx(np.average(each, weights=[len(rows) for rows in both]))


def test_bins_hold_every_impression_once_and_make_the_calibration_error(held, report):
    bins = [each for each in report.reliability if (each.model, each.slice) == ("winnow", "all")]
    assert len(bins) == 15
    assert sum(each.impressions for each in bins) == len(held)
    off = sum(abs(each.mean_probability - each.share_of_clicks) * each.impressions for each in bins) / len(held)
    assert row(report, "winnow").calibration_error == pytest.approx(off)
    assert {each.model for each in report.reliability} == {"winnow", "reference", "oracle"}


def test_shares_are_of_what_the_best_gain_over_knowing_nothing(report):
    ours, oracle = row(report, "winnow"), row(report, "oracle")
    assert ours.shares["oracle_share_auc"] == pytest.approx((ours.auc - 0.5) / (oracle.auc - 0.5))
    assert ours.shares["oracle_share_entropy"] == pytest.approx((1 - ours.entropy) / (1 - oracle.entropy))
    assert oracle.shares["oracle_share_auc"] == 1
    assert "oracle_share_entropy" not in row(report, "popular").shares, "it knows no chances"
    assert "reference_share_entropy" not in ours.shares, "the reference is worse than knowing nothing"


def test_a_slice_of_one_kind_has_no_auc_and_its_size_is_told(held):
    for clicked in (True, False):
        one_kind = replace(held, clicked=np.where(held.anonymous, clicked, held.clicked))
        rows, bins = impression_rows(one_kind, judged(one_kind), SCHEMA)
        report = replace(NOTHING_ELSE, impressions=rows, reliability=bins)
        assert {each.auc for each in rows if each.slice == "anonymous"} == {None}
        assert {each.entropy for each in rows if each.slice == "anonymous"} == {None}
        assert all(each.auc is not None for each in rows if each.slice != "anonymous")
        number = int(held.anonymous.sum())
        text = report_text(report)
        assert f"Of the {number:,} impressions of 'anonymous' none was clicked, or all were: they have no AUC." in text
        assert f"| anonymous | {number:,} | - | - | - | - |" in " ".join(text.split())


def test_a_report_comes_back_whole_and_one_of_before_is_read_and_shown(report):
    again = Report.from_dict(json.loads(json.dumps(report.to_dict())))
    assert again.impressions == report.impressions
    assert again.reliability == report.reliability
    assert report_text(again) == report_text(report)
    content = json.loads(json.dumps(report.to_dict()))
    del content["reliability"]
    content["impressions"] = [
        {name: each[name] for name in ("model", "slice", "impressions", "auc")}
        for each in content["impressions"]
        if each["model"] != "winnow"
    ]
    before = Report.from_dict(content)
    assert row(before, "oracle").log_loss is None
    text = report_text(before)
    assert "| visitors" in text
    assert "calibration error" not in text
    assert reliability_plot(before) is None


def test_the_text_has_all_models_the_slices_of_winnow_and_its_bins(report):
    text = report_text(report)
    ours, oracle = row(report, "winnow"), row(report, "oracle")
    (line,) = [each for each in text.splitlines() if each.startswith("| oracle ")]
    assert f"| {oracle.calibration_error:.4f} " in line
    assert "auc of the oracle's" in text
    lines = text.split("Winnow by visitor and context:")[1].splitlines()
    (line,) = [each for each in lines if each.startswith("| all ")]
    for told in (f"{ours.auc:.3f}", f"{ours.ndcg:.3f}", f"{ours.log_loss:.4f}", f"{ours.entropy:.3f}"):
        assert f"| {told} " in line
    for each in report.reliability:
        if (each.model, each.slice) == ("winnow", "all"):
            said = f"| {each.mean_probability:.2%} | {each.share_of_clicks:.2%} | {each.impressions:,} |"
            assert said in " ".join(text.split())


def test_the_plot_has_a_title_a_panel_for_each_slice_and_a_point_for_each_bin(report):
    picture = reliability_plot(report)
    assert picture is not None
    root = ET.fromstring(picture)  # noqa: S314 - it is our own
    space = "{http://www.w3.org/2000/svg}"
    title = root.find(f"{space}title")
    assert title is not None
    assert title.text == "Chances of a click, and clicks"
    ours = [each for each in report.reliability if each.model == "winnow"]
    dots = list(root.iter(f"{space}circle"))
    assert len(dots) == len(ours)
    assert len([each for each in root.iter(f"{space}path") if each.get("class") == "mark"]) == len(
        {each.slice for each in ours}
    )
    height = float(root.get("height", 0))
    assert all(0 < float(each.get("cx", 0)) < WIDTH and 0 < float(each.get("cy", 0)) < height for each in dots)
    for each in root.iter(f"{space}text"):
        assert float(each.get("x", 0)) + 6.2 * len(each.text or "") * (each.get("class") == "small") < WIDTH, each.text
    assert "nan" not in picture


def test_the_planted_judgements_are_of_the_very_impressions(shop):
    dataset = open_dataset(shop)
    planted = Planted.of(dataset, tiny().split(dataset))
    shown = dataset.impressions.take(np.random.default_rng(0).permutation(dataset.impressions.num_rows)[:500])
    log = planted.log.take(planted.rows_of_log(shown))
    assert log.visitors.to_pylist() == shown["user_id"].to_pylist()
    assert log.at.tolist() == shown["at"].to_pylist()
    assert log.positions.tolist() == shown["position"].to_pylist()
    later = shown.set_column(shown.column_names.index("at"), "at", [shown["at"].to_numpy() + 0.5])
    with pytest.raises(DataError, match="500 of 500 impressions are not in the log"):
        planted.rows_of_log(later)
