"""The click model says the same in torch and in ONNX Runtime: every kind, whole and with its items made apart."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.parity.test_onnx_parity import TOLERANCE, opened_in_training, pair_of
from tests.unit.models.clicks import (
    KINDS,
    LENGTH,
    NAMED_ITEM,
    NUMBERS,
    candidates_of,
    history_of,
    moved,
    request_of,
    told,
)
from tests.unit.models.test_dlrm import CONTEXT, NOTHING, USER
from winnow.engine.onnx_model import OnnxModel
from winnow.engine.opened_model import OpenedModel
from winnow.models.click_model import ClickModel
from winnow.models.click_sizes import ClickSizes
from winnow.models.inputs import Inputs
from winnow.models.outcome_heads import OutcomeHeads
from winnow.training.export import export_model, exported_click_items, exported_clicks

Arrays = dict[str, torch.Tensor]
BARE = Inputs(codes=(), values=1, vectors={})
HEADED = (KINDS[0], KINDS[3], KINDS[4])
"""An export takes seconds: every kind is exported once, of which half have heads, and one of those reads a history."""
WITHOUT_HISTORY = {KINDS[2], KINDS[4]}
"""Of kinds that are exported with a history too, while dlrm is without one: these take their turn with all tests."""
EXPORTED = [pytest.param(each, marks=[pytest.mark.slow] * (each in WITHOUT_HISTORY)) for each in KINDS]


@pytest.fixture(scope="module", autouse=True)
def one_seed() -> None:
    torch.manual_seed(1)


def arrays(sizes: ClickSizes, batch: int, count: int, length: int) -> tuple[Arrays, Arrays]:
    history = history_of(NAMED_ITEM, batch, length) if sizes.history else {}
    return {**request_of(USER, CONTEXT, batch), **history}, candidates_of(NAMED_ITEM, batch, count)


def model_of(sizes: ClickSizes) -> ClickModel:
    return moved(ClickModel(USER, CONTEXT, NAMED_ITEM, NUMBERS, sizes, rate=0.1))


def headed(model: ClickModel) -> ClickModel:
    model.scorer.heads = OutcomeHeads(torch.randn(3, model.scorer.body.width), torch.randn(3))
    return model


def made(model: ClickModel, request: Arrays, candidates: Arrays) -> tuple[Arrays, Arrays]:
    """As the scorer takes it: items made, and of those of a history only key and value."""
    kept = {name: candidates[name] for name in ("item_values", "likeness", "shown")}
    items = {name: each for name, each in model.items(candidates).items() if name != "item_event"}
    if model.items.event is None:
        return request, {**kept, **items}
    asked = {name: each for name, each in request.items() if not name.startswith("history_")}
    events = {"history_events": model.items.events(request), "history_present": request["history_present"]}
    return {**asked, **events}, {**kept, **items}


@pytest.fixture(scope="module", params=EXPORTED, ids=told)
def scorer(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ClickSizes, ClickModel, tuple[OpenedModel, ...]]:
    """The whole model in torch; its scorer as it is served, and as requests are replayed through it in training."""
    sizes, folder = request.param, tmp_path_factory.mktemp("scorer")
    model = headed(model_of(sizes)) if sizes in HEADED else model_of(sizes)
    with torch.no_grad():
        exported = exported_clicks(model.scorer, *made(model, *arrays(sizes, 1, 4, LENGTH)))
    export_model(exported, folder)
    return sizes, model, (OnnxModel.open(folder), opened_in_training(exported, folder))


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("count", [1, 2, 300])
@pytest.mark.parametrize("length", [1, 50])
def test_the_scorer_says_of_items_that_were_made_apart_what_the_whole_model_says(
    scorer: tuple[ClickSizes, ClickModel, tuple[OpenedModel, ...]], batch: int, count: int, length: int
):
    sizes, model, opened = scorer
    request, candidates = arrays(sizes, batch, count, length)
    with torch.inference_mode():
        expected = model.answers({**request, **candidates})
        asked, kept = made(model, request, candidates)
    assert list(expected) == (["score", "after"] if sizes in HEADED else ["score"])
    for each in opened:
        check(each, {**asked, **kept}, expected)
    if sizes in HEADED:
        assert expected["after"].shape == (batch, count, 3)


def check(opened: OpenedModel, inputs: Arrays, expected: Arrays) -> None:
    found = opened({name: each.numpy() for name, each in inputs.items()})
    assert list(found) == list(expected)
    for name, each in expected.items():
        assert found[name].dtype == np.float32
        np.testing.assert_allclose(found[name], each.numpy(), rtol=0, atol=TOLERANCE, err_msg=name)


@pytest.mark.parametrize("sizes", [each for each in KINDS if each.kind == "dlrm"], ids=told)
def test_the_items_made_apart(sizes: ClickSizes, tmp_path: Path):
    model = model_of(sizes)
    two, nine = (
        {name: each[0] for name, each in candidates_of(NAMED_ITEM, 1, count).items() if name.startswith("item_")}
        for count in (2, 9)
    )
    exported = exported_click_items(model.items, two)
    export_model(exported, tmp_path)
    with torch.inference_mode():
        expected = model.items(nine)
    for opened in (OnnxModel.open(tmp_path), opened_in_training(exported, tmp_path)):
        check(opened, nine, expected)


def test_a_click_model_without_optional_inputs(tmp_path: Path):
    """The whole of it, as benchmarks serve it."""
    pair = pair_of(
        lambda: moved(ClickModel(NOTHING, NOTHING, BARE, NUMBERS, KINDS[0], rate=0.1)),
        lambda model: exported_clicks(model, {}, candidates_of(BARE, 1, 4)),
        tmp_path,
    )
    pair.check(candidates_of(BARE, 3, 300))
