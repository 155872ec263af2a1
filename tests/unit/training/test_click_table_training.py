from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.unit.training.planted_clicks import click_table, planted_clicks
from winnow.calibration.sigmoid import sigmoid
from winnow.features.click_features import ClickFeatures
from winnow.features.fit_click_features import fit_click_features
from winnow.metrics.binary import auc, logloss
from winnow.models.click_table_model import ClickTableModel
from winnow.models.click_table_sizes import ClickTableSizes
from winnow.models.first_order import FirstOrder
from winnow.models.inputs import Inputs
from winnow.schema.errors import DataError, RecipeError
from winnow.training.click_table_config import ClickTableConfig
from winnow.training.click_table_training import train_click_table
from winnow.training.labelled_rows import LabelledRows, frequent_codes, inputs_of, logits_of
from winnow.training.progress import silent
from winnow.training.solve_first_order import solve_first_order

DEEP = ("dlrm", "dcn", "deep_fm")


def config_of(kind, **others):
    return ClickTableConfig(sizes=ClickTableSizes(kind=kind), **others)


def learned_rows(ranker, table):
    """As the ranker of seed 0 saw them when it learned."""
    return LabelledRows.learned(ranker.features, table, np.random.default_rng(0))


@pytest.fixture(scope="module")
def meeting():
    table, logits = planted_clicks(6_000, 1, meeting=1.5)
    return table.slice(0, 5_000), table.slice(5_000, 6_000), logits[5_000:]


@pytest.mark.parametrize("kind", DEEP)
def test_what_only_two_categories_together_tell_is_learned_by_the_deep_part(meeting, kind):
    train, test, logits = meeting
    deep = train_click_table(train, config_of(kind), 0, silent)
    wide = train_click_table(train, config_of("wide"), 0, silent)
    best = auc(test.label, logits)
    assert auc(test.label, wide(test)) < best - 0.1
    assert auc(test.label, deep(test)) > best - 0.02
    assert logloss(test.label, deep(test)) < logloss(test.label, sigmoid(logits)) + 0.02
    assert deep.metrics["logloss"] < deep.metrics["wide_logloss"]
    assert deep.metrics["believed"] > 0.5
    assert deep.metrics["wide_auc"] == wide.metrics["auc"]


def test_equal_seeds_give_equal_models_and_others_do_not():
    table, _ = planted_clicks(600, 2, meeting=1.0)
    one, same, other = (train_click_table(table, config_of("deep_fm"), seed, silent) for seed in (3, 3, 4))
    assert one.metrics == same.metrics
    assert one(table).tobytes() == same(table).tobytes()
    assert one(table).tobytes() != other(table).tobytes()


def test_the_wide_part_has_the_weights_of_a_logistic_regression(meeting):
    train, _, _ = meeting
    ranker = train_click_table(train, config_of("wide", wide_penalty=5.0), 0, silent)
    wide, rows = ranker.model.wide, learned_rows(ranker, train)
    codes, values = (rows.inputs[name].numpy() for name in ("codes", "values"))
    pull = train.label - sigmoid(logits_of(wide, rows.inputs))
    # At the optimum the penalty holds each weight against the pull of the rows.
    assert pull.sum() == pytest.approx(0, abs=0.3)
    assert 5.0 * wide.values.detach().numpy() == pytest.approx(pull @ values, abs=0.3)
    places = codes + wide.codes.starts.numpy()
    pulls = np.bincount(places.ravel(), np.repeat(pull, places.shape[1]), len(wide.codes.table.weight))
    assert 5.0 * wide.codes.table.weight.detach().numpy()[:, 0] == pytest.approx(pulls, abs=0.3)


def test_a_deep_part_that_does_harm_is_hardly_believed():
    table, _ = planted_clicks(1_500, 5, meeting=0.0)
    sizes = ClickTableSizes(kind="dcn", dropout=0.0, dim=16, hidden=(128, 64))
    harmful = ClickTableConfig(sizes=sizes, learning_rate=0.05, batch_size=32, weight_decay=1e-6, epochs=20)
    ranker = train_click_table(table, harmful, 0, silent)
    assert ranker.metrics["believed"] < 0.2
    assert ranker.metrics["logloss"] <= ranker.metrics["wide_logloss"]


def test_chances_are_those_of_the_labels(meeting):
    train, test, _ = meeting
    chances = train_click_table(train, config_of("deep_fm"), 0, silent)(test)
    assert chances.dtype == np.float32
    assert chances.mean() == pytest.approx(test.label.mean(), abs=0.05)


@pytest.mark.parametrize("kind", ["wide", *DEEP])
def test_numbers_alone_and_categories_alone_are_enough(kind):
    table, _ = planted_clicks(300, 6, meeting=1.0)
    codes = np.array([column.to_pylist() for column in table.categories.columns]).T
    for part in (
        click_table(table.label, table.numbers, codes[:, :0]),
        click_table(table.label, table.numbers[:, :0], codes),
    ):
        chances = train_click_table(part, config_of(kind, epochs=2), 0, silent)(part)
        assert chances.shape == (300,)
        assert np.isfinite(chances).all()


def test_progress_is_told_after_every_pass():
    table, _ = planted_clicks(300, 7, meeting=1.0)
    told = []
    ranker = train_click_table(table, config_of("dcn", epochs=3), 0, lambda *each: told.append(each))
    finding = "Finding how far to believe the click model"
    assert told[:3] == [(finding, 1, 3), (finding, 2, 3), (finding, 3, 3)]
    assert len(told) == 3 + 3 * (ranker.metrics["believed"] > 0)


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ([1] * 50, "Of the 40 rows from which it is learned, 40 are clicks"),
        ([0, 1] * 20 + [0] * 10, "Of the 10 rows by which the deep part is believed, 0 are clicks"),
        ([1], "none is left for the test part"),
    ],
)
def test_rows_of_one_class_or_too_few_are_refused_with_a_sentence(label, words):
    table, _ = planted_clicks(len(label), 8, meeting=1.0)
    with pytest.raises(DataError, match=words):
        train_click_table(replace(table, label=np.array(label, bool)), config_of("wide"), 0, silent)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"epochs": 0}, "epochs"), ({"validation": 1.0}, "less than 1"), ({"wide_penalty": -1.0}, "wide_penalty")],
)
def test_a_config_that_cannot_be_is_refused(wrong, words):
    with pytest.raises(RecipeError, match=words):
        ClickTableConfig(**wrong)


def test_codes_of_few_rows_are_one_to_the_deep_part_and_their_own_to_the_wide_part():
    codes = torch.tensor([[0, 2], [1, 1], [1, 1], [2, 3], [1, 3]], dtype=torch.int32)
    rows = LabelledRows(inputs={"codes": codes, "values": torch.zeros(5, 0)}, clicked=torch.zeros(5))
    assert frequent_codes(rows, 2) == (2, 2)
    assert frequent_codes(rows, 1) == (3, 4)
    assert frequent_codes(rows, 4) == (1, 1)
    model = ClickTableModel(Inputs(codes=(3, 4), values=0, vectors={}), (2, 2), ClickTableSizes())
    assert model.deep_inputs(rows.inputs)["codes"].tolist() == [[0, 2], [1, 1], [1, 1], [2, 2], [1, 2]]
    assert len(model.deep.codes.table.weight) == 6
    assert len(model.wide.codes.table.weight) == 7


def rare_clicks(rows, seed, *, told):
    """A column of some six rows a value, of two kinds, and the log-odds, `told` times -1 or 1 by the kind."""
    generator = np.random.default_rng(seed)
    codes = generator.integers(0, rows // 6, rows)
    kinds = np.random.default_rng(99).choice([-1.0, 1.0], rows // 6)
    logits = told * kinds[codes] - 1.0
    numbers = generator.normal(size=(rows, 1))
    return click_table(generator.random(rows) < sigmoid(logits), numbers, codes[:, None]), logits


def test_click_rates_help_where_values_are_too_rare_for_weights_of_their_own():
    table, _ = rare_clicks(4_000, 11, told=1.5)
    train, test = table.slice(0, 3_000), table.slice(3_000, 4_000)
    ranker = train_click_table(train, config_of("wide"), 0, silent)
    without, _ = fit_click_features(train)
    losses = []
    for penalty in (3.0, 10.0, 30.0, 100.0):
        wide = FirstOrder(inputs_of(without))
        solve_first_order(wide, LabelledRows.of(without, train), penalty)
        losses.append(logloss(test.label, sigmoid(logits_of(wide, LabelledRows.of(without, test).inputs))))
    assert logloss(test.label, ranker(test)) < min(losses) - 0.01


def test_rates_of_labels_that_are_noise_foretell_nothing_of_the_rows_that_they_are_of():
    table, _ = rare_clicks(6_000, 12, told=0.0)
    ranker = train_click_table(table, config_of("wide"), 0, silent)
    place = ranker.features.value_names.index("c0_rate")
    leaking, learned = (
        rows.inputs["values"][:, place].numpy()
        for rows in (LabelledRows.of(ranker.features, table), learned_rows(ranker, table))
    )
    assert auc(table.label, leaking) > 0.65
    assert auc(table.label, learned) == pytest.approx(0.5, abs=0.03)
    assert ranker.model.wide.values[place].item() == pytest.approx(0, abs=0.15)


def test_a_value_that_training_did_not_have_is_as_usual():
    train, _ = rare_clicks(600, 13, told=1.0)
    ranker = train_click_table(train, config_of("wide"), 0, silent)
    unknown = click_table([False], np.zeros((1, 1)), [[10_000]])
    assert ranker.features(unknown).values[0, -1] == 0
    assert np.isfinite(ranker(unknown)).all()


def test_features_that_are_saved_and_loaded_say_the_same_of_every_row(tmp_path):
    table, _ = planted_clicks(400, 14, meeting=1.0)
    ranker = train_click_table(table, config_of("deep_fm", epochs=2), 0, silent)
    ranker.features.save(tmp_path)
    loaded = replace(ranker, features=ClickFeatures.load(tmp_path))
    assert loaded.features == ranker.features
    assert loaded(table).tobytes() == ranker(table).tobytes()
