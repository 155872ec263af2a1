"""What torch trained is what ONNX Runtime serves, what is replayed and what fine-tuning reloads: equal within 1e-5, at
every size.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from winnow.engine.onnx_model import OnnxModel
from winnow.engine.opened_model import OpenedModel
from winnow.models.dlrm import Dlrm
from winnow.models.inputs import Inputs
from winnow.models.interaction import DlrmSizes
from winnow.models.sequence_encoder import EncoderSizes
from winnow.models.towers import ItemTower, QueryTower
from winnow.models.wide import Wide
from winnow.schema.schema import EventType
from winnow.training.export import (
    INPUTS_FILE,
    WEIGHTS_FILE,
    Exported,
    export_model,
    exported_item,
    exported_query,
    exported_ranker,
)
from winnow.training.trained_models import TrainedModels

TOLERANCE = 1e-5
DIM, MATCH, SAID = 8, 3, 8
WIDE = MATCH + SAID + 1  # and the logit of retrieval
KNOWN = 2
SIZES = DlrmSizes(dim=DIM, bottom=(12,), top=(16, 8))
NOTHING = Inputs(codes=(), values=0, vectors={})
USER = Inputs(codes=(6, 3), values=2, vectors={})
CONTEXT = Inputs(codes=(4,), values=3, vectors={})
ITEM = Inputs(codes=(9, 4), values=2, vectors={"picture": 5, "type": 3})
ID_ONLY = Inputs(codes=(9,), values=0, vectors={})

Arrays = dict[str, Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A model as torch has it, as it is served, and as requests are replayed through it in training."""

    in_torch: nn.Module
    served: OnnxModel
    replayed: OpenedModel

    def check(self, inputs: Arrays) -> None:
        arrays = {name: tensor.numpy() for name, tensor in inputs.items()}
        with torch.inference_mode():
            outputs = self.in_torch(inputs)
        expected = outputs if isinstance(outputs, tuple) else (outputs,)
        for model in (self.served, self.replayed):
            for one, (name, other) in zip(expected, model(arrays).items(), strict=True):
                assert other.dtype == np.float32
                np.testing.assert_allclose(other, one.numpy(), rtol=0, atol=TOLERANCE, err_msg=name)


@pytest.fixture(scope="module", autouse=True)
def one_seed() -> None:
    torch.manual_seed(1)


def arrays_of(name: str, inputs: Inputs, *shape: int) -> Arrays:
    codes = [torch.randint(size, shape, dtype=torch.int32) for size in inputs.codes]
    made = {f"{name}_codes": torch.stack(codes, dim=-1)} if codes else {}
    made |= {f"{name}_values": torch.randn(*shape, inputs.values)} if inputs.values else {}
    return made | {f"{name}_vector_{key}": torch.randn(*shape, width) for key, width in inputs.vectors.items()}


def request_of(inputs: tuple[Inputs, Inputs], batch: int) -> Arrays:
    user, context = inputs
    return {**arrays_of("user", user, batch), **arrays_of("context", context, batch)}


def history_of(batch: int, length: int) -> Arrays:
    """Right-padded histories of different lengths; the first is empty where there are several."""
    lengths = torch.linspace(0 if batch > 1 else length, length, batch).long()
    present = (torch.arange(length) < lengths[:, None]).float()
    ages = torch.rand(batch, length, dtype=torch.float64).mul(1e8).sort(dim=1, descending=True).values
    return {
        "history_vectors": torch.randn(batch, length, DIM),
        "history_types": torch.randint(len(EventType), (batch, length)),
        "history_ages": ages,
        "history_present": present,
    }


def unit(*shape: int) -> Tensor:
    return functional.normalize(torch.randn(*shape, DIM), dim=-1)


def ranker_request(inputs: tuple[Inputs, Inputs], batch: int) -> Arrays:
    vectors = {
        "query": unit(batch),
        "history_vector": torch.randn(batch, DIM),
        "moment_vector": torch.randn(batch, DIM),
    }
    return {**request_of(inputs, batch), **vectors}


def ranker_candidates(item: Inputs, batch: int, count: int) -> Arrays:
    shape = (batch, count)
    vectors = {
        "item_tower": unit(*shape),
        "match": torch.randn(*shape, MATCH),
        "source_features": torch.randn(*shape, SAID - KNOWN),
        "clicks": torch.randn(*shape, KNOWN),
    }
    return {**arrays_of("item", item, *shape), **vectors}


def dlrm_of(user: Inputs, context: Inputs, item: Inputs) -> Dlrm:
    """As after training: in a new one, what is read does not count yet."""
    model = Dlrm(user, context, item, WIDE, SIZES)
    for layer in (model.wide, model.logit):
        nn.init.normal_(layer.weight)
    return model


def pair_of(make: Callable[[], nn.Module], describe: Callable[[nn.Module], Exported], folder: Path) -> Pair:
    """The torch model is a new one with the saved weights, so that these are checked too."""
    exported = describe(make().eval())
    export_model(exported, folder)
    served, replayed = OnnxModel.open(folder), opened_in_training(exported, folder)
    assert (replayed.inputs, replayed.outputs) == (served.inputs, served.outputs)
    fixed = [name for name, each in exported.sample.items() if each.dim() - 1 not in exported.free[name]]
    assert all(replayed.width(name) == served.width(name) for name in (*fixed, "no input"))
    reloaded = make().eval()
    reloaded.load_state_dict(load_file(folder / WEIGHTS_FILE))
    return Pair(in_torch=reloaded, served=served, replayed=replayed)


def opened_in_training(exported: Exported, folder: Path) -> OpenedModel:
    """The files that it leaves are those of an export."""
    models, before = TrainedModels(), {name: (folder / name).read_bytes() for name in (WEIGHTS_FILE, INPUTS_FILE)}
    kept = folder / "kept"
    kept.mkdir()
    models.keep(exported, kept, lambda _: None)
    assert {each.name: each.read_bytes() for each in kept.iterdir()} == before
    return models.open(kept)


FULL, BARE = (USER, CONTEXT), (NOTHING, NOTHING)


@pytest.fixture(scope="module", params=[FULL, BARE], ids=["all inputs", "no optional inputs"])
def query(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Pair, tuple]:
    inputs = request.param
    pair = pair_of(
        lambda: QueryTower(*inputs, DIM, EncoderSizes(layers=2 if inputs is FULL else 1), 210),
        lambda model: exported_query(model, request_of(inputs, 1), DIM),
        tmp_path_factory.mktemp("query"),
    )
    return pair, inputs


@pytest.fixture(scope="module", params=[ITEM, ID_ONLY], ids=["all inputs", "no optional inputs"])
def item(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Pair, Inputs]:
    inputs = request.param
    pair = pair_of(
        lambda: ItemTower(inputs, DIM),
        lambda model: exported_item(model, arrays_of("item", inputs, 2)),
        tmp_path_factory.mktemp("item"),
    )
    return pair, inputs


@pytest.fixture(scope="module", params=[(FULL, ITEM), (BARE, NOTHING)], ids=["all inputs", "no optional inputs"])
def ranker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Pair, tuple]:
    inputs, item = request.param
    pair = pair_of(
        lambda: dlrm_of(*inputs, item),
        lambda model: exported_ranker(model, ranker_request(inputs, 1), ranker_candidates(item, 1, 4)),
        tmp_path_factory.mktemp("ranker"),
    )
    return pair, request.param


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("length", [1, 2, 50, 210])
def test_the_query_tower(query: tuple[Pair, tuple[Inputs, Inputs]], batch: int, length: int):
    pair, inputs = query
    pair.check({**request_of(inputs, batch), **history_of(batch, length)})


def test_the_query_of_a_history_that_is_empty_and_nothing_else(query: tuple[Pair, tuple[Inputs, Inputs]]):
    pair, inputs = query
    pair.check({**request_of(inputs, 1), **history_of(1, 0)})


@pytest.mark.parametrize("count", [1, 2, 7])
def test_the_item_tower(item: tuple[Pair, Inputs], count: int):
    pair, inputs = item
    pair.check(arrays_of("item", inputs, count))


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("count", [1, 2, 300])
def test_the_ranker(ranker: tuple[Pair, tuple[tuple[Inputs, Inputs], Inputs]], batch: int, count: int):
    pair, (inputs, item) = ranker
    pair.check({**ranker_request(inputs, batch), **ranker_candidates(item, batch, count)})


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    def make() -> Wide:
        model = Wide(WIDE)
        nn.init.normal_(model.weight)
        return model

    request, candidates = ranker_request(FULL, 1), ranker_candidates(ITEM, 1, 4)
    return pair_of(make, lambda model: exported_ranker(model, request, candidates), tmp_path_factory.mktemp("wide"))


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("count", [1, 2, 300])
def test_the_wide_part_alone(wide: Pair, batch: int, count: int):
    """Some of the candidates were had, and in one batch there is a newcomer."""
    arrays = {**ranker_request(FULL, batch), **ranker_candidates(ITEM, batch, count)}
    arrays = {name: arrays[name] for name in (*Wide.request(arrays), *Wide.CANDIDATE)}
    wide.check(arrays)
    arrays["history_vector"][-1] = 0
    wide.check(arrays)


def test_a_session_uses_one_thread(item: tuple[Pair, Inputs]):
    options = item[0].served.session.get_session_options()
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)
