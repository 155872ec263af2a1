"""The click model says the same in torch and in ONNX Runtime: every kind, whole and with its items made apart."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.parity.test_onnx_parity import TOLERANCE, Pair, opened_in_training, pair_of
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
from winnow.models.click_model import ClickModel
from winnow.models.click_sizes import ClickSizes
from winnow.models.inputs import Inputs
from winnow.models.outcome_heads import OutcomeHeads
from winnow.training.export import export_model, exported_click_items, exported_clicks

Arrays = dict[str, torch.Tensor]
BARE = Inputs(codes=(), values=1, vectors={})
HEADED = (KINDS[0], KINDS[3], KINDS[4])
"""An export takes seconds: every kind is exported with heads once and once without, of which one reads a history."""


@pytest.fixture(scope="module", autouse=True)
def one_seed() -> None:
    torch.manual_seed(1)


def arrays(sizes: ClickSizes, batch: int, count: int, length: int) -> tuple[Arrays, Arrays]:
    history = history_of(NAMED_ITEM, batch, length) if sizes.history else {}
    return {**request_of(USER, CONTEXT, batch), **history}, candidates_of(NAMED_ITEM, batch, count)


def model_of(sizes: ClickSizes) -> ClickModel:
    return moved(ClickModel(USER, CONTEXT, NAMED_ITEM, NUMBERS, sizes, rate=0.1))


@pytest.fixture(scope="module", params=[each for each in KINDS if each not in HEADED], ids=told)
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[ClickSizes, Pair]:
    sizes = request.param
    pair = pair_of(
        lambda: model_of(sizes),
        lambda model: exported_clicks(model, *arrays(sizes, 2, 4, LENGTH)),
        tmp_path_factory.mktemp("clicks"),
    )
    return sizes, pair


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("count", [1, 2, 300])
@pytest.mark.parametrize("length", [1, 50])
def test_the_click_model(whole: tuple[ClickSizes, Pair], batch: int, count: int, length: int):
    sizes, pair = whole
    request, candidates = arrays(sizes, batch, count, length)
    pair.check({**request, **candidates})


@pytest.fixture(scope="module", params=[each for each in KINDS if each.kind == "dlrm"], ids=told)
def apart(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ClickModel, OnnxModel, OnnxModel]:
    model, folder = model_of(request.param), tmp_path_factory.mktemp("apart")
    items = {name: each[0, :2] for name, each in candidates_of(NAMED_ITEM, 1, 2).items() if name.startswith("item_")}
    asked, candidates = arrays(request.param, 2, 4, LENGTH)
    with torch.no_grad():
        asked, candidates = made(model, asked, candidates)
    for name, exported in (
        ("items", exported_click_items(model.items, items)),
        ("scorer", exported_clicks(model.scorer, asked, candidates)),
    ):
        (folder / name).mkdir()
        export_model(exported, folder / name)
    return model, OnnxModel.open(folder / "items"), OnnxModel.open(folder / "scorer")


def made(model: ClickModel, request: Arrays, candidates: Arrays) -> tuple[Arrays, Arrays]:
    """As the scorer takes it: items made, and of those of a history only key and value."""
    kept = {name: candidates[name] for name in ("item_values", "likeness", "shown")}
    items = {name: each for name, each in model.items(candidates).items() if name != "item_event"}
    if model.items.event is None:
        return request, {**kept, **items}
    asked = {name: each for name, each in request.items() if not name.startswith("history_")}
    events = {"history_events": model.items.events(request), "history_present": request["history_present"]}
    return {**asked, **events}, {**kept, **items}


def test_the_items_made_apart(apart: tuple[ClickModel, OnnxModel, OnnxModel]):
    model, items, _ = apart
    given = {name: each[0] for name, each in candidates_of(NAMED_ITEM, 1, 9).items() if name.startswith("item_")}
    with torch.inference_mode():
        expected = model.items(given)
    served = items({name: each.numpy() for name, each in given.items()})
    assert served.keys() == expected.keys()
    for name, each in expected.items():
        np.testing.assert_allclose(served[name], each.numpy(), rtol=0, atol=TOLERANCE, err_msg=name)


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("count", [1, 300])
def test_the_scorer_alone(apart: tuple[ClickModel, OnnxModel, OnnxModel], batch: int, count: int):
    model, _, scorer = apart
    request, candidates = arrays(
        ClickSizes(history=LENGTH if model.items.event is not None else 0), batch, count, LENGTH
    )
    with torch.inference_mode():
        expected = model({**request, **candidates})
        asked, kept = made(model, request, candidates)
    served = scorer({name: each.numpy() for name, each in {**asked, **kept}.items()})["score"]
    np.testing.assert_allclose(served, expected.numpy(), rtol=0, atol=TOLERANCE)


def test_a_click_model_without_optional_inputs(tmp_path: Path):
    pair = pair_of(
        lambda: moved(ClickModel(NOTHING, NOTHING, BARE, NUMBERS, KINDS[0], rate=0.1)),
        lambda model: exported_clicks(model, {}, candidates_of(BARE, 2, 4)),
        tmp_path,
    )
    pair.check(candidates_of(BARE, 3, 300))


def headed(model: ClickModel) -> ClickModel:
    model.scorer.heads = OutcomeHeads(torch.randn(3, model.scorer.body.width), torch.randn(3))
    return model


@pytest.fixture(scope="module", params=HEADED, ids=told)
def answering(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ClickSizes, ClickModel, OnnxModel]:
    sizes, folder = request.param, tmp_path_factory.mktemp("headed")
    model = headed(model_of(sizes))
    export_model(exported_clicks(model, *arrays(sizes, 2, 4, LENGTH)), folder)
    return sizes, model, OnnxModel.open(folder)


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("count", [1, 2, 300])
@pytest.mark.parametrize("length", [1, 50])
def test_a_click_model_with_heads(
    answering: tuple[ClickSizes, ClickModel, OnnxModel], batch: int, count: int, length: int
):
    sizes, model, served = answering
    request, candidates = arrays(sizes, batch, count, length)
    with torch.inference_mode():
        expected = model.answers({**request, **candidates})
    found = served({name: each.numpy() for name, each in {**request, **candidates}.items()})
    assert list(found) == ["score", "after"]
    assert found["after"].shape == (batch, count, 3)
    for name, each in expected.items():
        assert found[name].dtype == np.float32
        np.testing.assert_allclose(found[name], each.numpy(), rtol=0, atol=TOLERANCE, err_msg=name)


def test_the_scorer_alone_with_heads(tmp_path: Path):
    sizes = KINDS[0]
    model = headed(model_of(sizes))
    with torch.no_grad():
        asked, kept = made(model, *arrays(sizes, 2, 4, LENGTH))
        exported = exported_clicks(model.scorer, asked, kept)
        export_model(exported, tmp_path)
        request, candidates = arrays(sizes, 3, 300, LENGTH)
        expected = model.answers({**request, **candidates})
        asked, kept = made(model, request, candidates)
    for opened in (OnnxModel.open(tmp_path), opened_in_training(exported, tmp_path)):
        found = opened({name: each.numpy() for name, each in {**asked, **kept}.items()})
        assert found.keys() == expected.keys()
        for name, each in expected.items():
            np.testing.assert_allclose(found[name], each.numpy(), rtol=0, atol=TOLERANCE, err_msg=name)
