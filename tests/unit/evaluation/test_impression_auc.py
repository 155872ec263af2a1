"""Slices of impressions in which nothing can be told apart say so."""

from dataclasses import replace

import pytest

from winnow.data.open_dataset import open_dataset
from winnow.evaluation.planted import Planted
from winnow.evaluation.report import Report
from winnow.evaluation.report_text import report_text
from winnow.recipes.recipes import tiny


@pytest.fixture(scope="module")
def planted(shop):
    dataset = open_dataset(shop)
    return Planted.of(dataset, tiny().split(dataset))


@pytest.mark.parametrize("clicked", [True, False])
def test_a_slice_of_one_kind_has_no_auc_and_its_size_is_told(planted, clicked):
    log = planted.log
    one_kind = replace(planted, log=replace(log, clicked=(log.clicked & log.known) | (~log.known & clicked)))
    aucs = {(row.slice, row.model): row.auc for row in one_kind.impressions()}
    assert {aucs["anonymous", model] for model in ("popular", "reference", "oracle")} == {None}
    assert all(value is not None for (name, _), value in aucs.items() if name != "anonymous")
    number = int((~log.known & (log.at >= planted.split.train_until)).sum())
    text = report_text(replace(nothing_else(), impressions=one_kind.impressions()))
    assert f"Of the {number:,} impressions of 'anonymous' none was clicked, or all were: they have no AUC." in text
    assert f"| anonymous | {number:,} | - | - | - |" in " ".join(text.split())


def test_slices_of_both_kinds_have_an_auc(planted):
    rows = planted.impressions()
    assert all(0 < row.auc < 1 for row in rows)
    assert "no AUC" not in report_text(replace(nothing_else(), impressions=rows))


def nothing_else() -> Report:
    return Report(rows=(), differences=(), funnel=(), users=())
