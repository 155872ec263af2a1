"""What candidates are told of clicks, and of what follows on them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.features.drawn_likings import drawn_likings
from tests.unit.pipeline.tables import candidates_of, catalogue_of, requests_of
from winnow.features.item_tastes import ItemTastes
from winnow.features.likeness import RECENT
from winnow.features.taste_space import TasteSpace
from winnow.pipeline.click_hydrators import CHANCES, ClickHydrator
from winnow.pipeline.hydrators import ItemHydrator
from winnow.pipeline.scorers import DlrmScorer
from winnow.stores.shown_figures import ShownFigures

ITEMS = 6
CATALOGUE = catalogue_of(ITEMS)
SHOWN = np.arange(ITEMS + 1, dtype=np.float32)[:, None] / 10
SPACE = TasteSpace(
    codes=(np.empty((0, 1), np.float32),),
    values=np.array([[2.0]], np.float32),
    vectors={"looks": np.zeros((1, 1), np.float32)},
    centre=np.zeros(1, np.float32),
)
"""Items are liked by their number: their values are half of it."""
KINDS = drawn_likings(1, 2, columns=(0,), sizes=(ITEMS,))


def model(arrays):
    """Log-odds that rise with what came of showing the item, and chances of two outcomes."""
    logits = arrays["shown"][..., 0] - 1
    return {"score": logits, "after": np.stack([logits / 10 + 0.5, logits / 20 + 0.2], axis=2)}


def plain(arrays):
    return {"score": model(arrays)["score"]}


def hydrated(batch, answering=model, further=2):
    requests = requests_of([""] * len(batch)).with_columns(
        {
            "visit": np.full((len(batch), RECENT), -1, np.int64),
            "taste": np.stack([np.linspace(-1, 1, len(batch)), np.zeros(len(batch))], axis=1).astype(np.float32),
            "intent": np.zeros((len(batch), ITEMS), np.float32),
        }
    )
    common = DlrmScorer(model=answering, request_inputs=(), candidate_inputs=("shown",))
    hydrator = ClickHydrator(
        common=common,
        catalogue=CATALOGUE,
        items=lambda rows: {},
        shown=ShownFigures.of(SHOWN, (), ()),
        tastes=ItemTastes(space=SPACE, items=CATALOGUE),
        likings=KINDS,
        further=further,
    )
    candidates = candidates_of(batch)
    hydrated = candidates.with_columns(ItemHydrator.of(CATALOGUE).columns(requests, candidates))
    return hydrator.columns(requests, hydrated)


@given(st.lists(st.lists(st.integers(0, ITEMS - 1), max_size=4), max_size=3))
def test_each_candidate_gets_its_own_chances_whatever_the_padding(batch):
    columns = hydrated(batch)
    rows = np.array([row for each in batch for row in each], np.int64)
    logits = SHOWN[rows, 0] - 1
    assert columns["after"].shape == (len(rows), 2)
    np.testing.assert_allclose(columns["after"], np.stack([logits / 10 + 0.5, logits / 20 + 0.2], axis=1), rtol=1e-5)
    likings = np.repeat(np.linspace(-1, 1, len(batch)), [len(each) for each in batch]) * rows
    np.testing.assert_allclose(np.exp(columns["clicks"][:, 0]), 1 / (1 + np.exp(-logits - likings)), rtol=1e-5)
    assert columns["clicks"].shape == (len(rows), CHANCES + 1 + 1)


@pytest.mark.parametrize("batch", [[[1, 2]], [[], []]])
def test_without_heads_there_is_no_column_of_them(batch):
    assert hydrated(batch, plain, 0).keys() == {"clicks"}
