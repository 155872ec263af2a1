"""Models to ONNX files, and weights to safetensors, with the names of what goes in and comes out."""

import json
import logging
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from winnow.bundle.model_files import INPUTS_FILE, MODEL_FILE, REQUEST, UNPADDED, WEIGHTS_FILE
from winnow.models.click_model import ClickModel
from winnow.models.click_scorer import CLICK_OUTPUTS, ClickScorer
from winnow.models.dlrm import Dlrm
from winnow.models.item_side import ItemSide
from winnow.models.towers import QUERY_OUTPUTS, ItemTower, QueryTower
from winnow.models.wide import Wide
from winnow.training.progress import Advance

Answer = Callable[[Mapping[str, Tensor]], Tensor | tuple[Tensor, ...] | dict[str, Tensor]]

Export = Callable[["Exported", Path, Advance], None]
"""How a model is left in an existing folder: for others, see `export_model`, or for this training alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A model with what is needed to call it.

    Attributes:
        module: in evaluation mode; takes a mapping of named tensors, and may return one.
        sample: one example of each input, every free dimension at least 2 long; of one request.
        free: names of the free dimensions of each input, by axis.
        most: of some of these, how long they are at most.
        outputs: names of the outputs, in order.
        inputs: what `inputs.json` says besides: groups of input names.
        answer: what of the module is asked; None for what it does when called.
        served: what is exported, where something quicker answers the same to one request alone; None for `answer`.
    """

    module: nn.Module
    sample: Mapping[str, Tensor]
    free: Mapping[str, Mapping[int, str]]
    outputs: Sequence[str]
    inputs: Mapping[str, Sequence[str]]
    answer: Answer | None = None
    served: Answer | None = None
    most: Mapping[str, int] = field(default_factory=dict)


class Positional(nn.Module):
    """A module of named tensors, called with positional ones, as the exporter wants it."""

    def __init__(self, module: nn.Module, names: Sequence[str], answer: Answer | None) -> None:
        super().__init__()
        self.module = module
        self.names = tuple(names)
        self.answer = answer or module

    def forward(self, *tensors: Tensor) -> Tensor | tuple[Tensor, ...]:
        """The module's outputs, those by name in their order."""
        made = self.answer(dict(zip(self.names, tensors, strict=True)))
        return tuple(made.values()) if isinstance(made, dict) else made


def export_model(model: Exported, folder: Path, advance: Advance = lambda _: None) -> None:
    """Writes `model.onnx`, `weights.safetensors` and `inputs.json` into an existing folder.

    Args:
        model: what to export.
        folder: an empty one.
        advance: told of 10 steps: 3 for the graph of the computation, 6 for its translation, 1 for the files, which is
            about what they take of the time.
    """
    with warnings.catch_warnings():
        # The exporter warns of its own deprecated internals; nothing of ours can answer that.
        warnings.simplefilter("ignore")
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        program = _onnx(model, advance)
    program.save(folder / MODEL_FILE)
    save_weights(model, folder)
    advance(1)


def save_weights(model: Exported, folder: Path) -> None:
    """Writes `weights.safetensors` and `inputs.json`."""
    save_file({name: tensor.contiguous() for name, tensor in model.module.state_dict().items()}, folder / WEIGHTS_FILE)
    (folder / INPUTS_FILE).write_text(json.dumps({k: list(v) for k, v in model.inputs.items()}), encoding="utf-8")


def _onnx(model: Exported, advance: Advance) -> torch.onnx.ONNXProgram:
    names = list(model.sample)
    dims: dict[str, torch.export.Dim] = {}
    shapes = tuple(
        {
            axis: dims.setdefault(name, torch.export.Dim(name, max=model.most.get(name)))
            for axis, name in model.free[each].items()
        }
        for each in names
    )
    module, sample = Positional(model.module, names, model.served or model.answer), tuple(model.sample.values())
    graph = torch.export.export(module, sample, dynamic_shapes=(shapes,), strict=False)
    advance(3)
    program = torch.onnx.export(
        graph,
        input_names=names,
        output_names=list(model.outputs),
        dynamic_shapes=(shapes,),
        dynamo=True,
        verbose=False,
    )
    if program is None:
        raise RuntimeError("torch.onnx.export returned no program although dynamo=True was asked for.")
    _forget_sources(program)
    advance(6)
    return program


def _forget_sources(program: torch.onnx.ONNXProgram) -> None:
    """Removes the exporter's notes of source files and lines, so that equal models give equal bytes on any machine."""
    for node in program.model.graph.all_nodes():
        node.metadata_props.clear()


def exported_query(tower: QueryTower, request: Mapping[str, Tensor], dim: int) -> Exported:
    """The query tower: request arrays of one request give the sample."""
    history = {
        "history_vectors": torch.zeros(1, 3, dim),
        "history_types": torch.zeros(1, 3, dtype=torch.int64),
        "history_ages": torch.zeros(1, 3, dtype=torch.float64),
        "history_present": torch.ones(1, 3),
    }
    return Exported(
        module=tower,
        sample={**request, **history},
        free={name: {} for name in request} | {name: {1: "length"} for name in history},
        outputs=QUERY_OUTPUTS,
        inputs={REQUEST: list(request), UNPADDED: list(history)},
        served=tower.served,
        most={"length": tower.longest},
    )


def exported_item(tower: ItemTower, items: Mapping[str, Tensor]) -> Exported:
    """The item tower: arrays of two items give the sample."""
    free = {name: {0: "items"} for name in items}
    return Exported(module=tower, sample=items, free=free, outputs=("vector",), inputs={"item": list(items)})


def exported_ranker(model: Dlrm | Wide, request: Mapping[str, Tensor], candidates: Mapping[str, Tensor]) -> Exported:
    """The ranker: arrays of one request and [1, C, ...] of its candidates give the sample.

    What the wide part alone does not read is no input of it.
    """
    if isinstance(model, Wide):
        request = {name: request[name] for name in Wide.request(candidates)}
        candidates = {name: candidates[name] for name in Wide.CANDIDATE if name in candidates}
    return _exported_scorer(model, request, candidates)


def exported_clicks(
    model: ClickModel | ClickScorer, request: Mapping[str, Tensor], candidates: Mapping[str, Tensor]
) -> Exported:
    """The click model, or its scorer alone, where what it makes of items is kept: see `exported_click_items`.

    Arrays of codes that only say which user or item it is are no input of it. Besides `score` it answers `after`
    [1, C, H], chances of further outcomes, where it has heads for them.

    Args:
        model: either.
        request: arrays of one request; with a history also its own, as either takes them.
        candidates: arrays [1, C, ...].
    """
    request, candidates = (
        {name: each for name, each in group.items() if name not in model.unread} for group in (request, candidates)
    )
    exported = _exported_scorer(model, request, candidates)
    each_event = {"history_events", "history_rows", "history_present"}
    history = {
        name: {1: "length"} if name in each_event else {0: "events"} for name in request if name.startswith("history")
    }
    exported = replace(exported, free={**exported.free, **history})
    scorer = model.scorer if isinstance(model, ClickModel) else model
    return exported if scorer.heads is None else replace(exported, outputs=CLICK_OUTPUTS, answer=model.answers)


def exported_click_items(side: ItemSide, items: Mapping[str, Tensor]) -> Exported:
    """What a click model makes of items alone: arrays of two items give the sample."""
    if not side.told:
        items = {name: each for name, each in items.items() if name != "item_codes"}
    with torch.no_grad():
        outputs = tuple(side(items))
    return Exported(
        module=side,
        sample=items,
        free={name: {0: "items"} for name in items},
        outputs=outputs,
        inputs={"item": list(items)},
    )


def _exported_scorer(module: nn.Module, request: Mapping[str, Tensor], candidates: Mapping[str, Tensor]) -> Exported:
    return Exported(
        module=module,
        sample={**request, **candidates},
        free={name: {} for name in request} | {name: {1: "candidates"} for name in candidates},
        outputs=("score",),
        inputs={REQUEST: list(request), "candidate": list(candidates)},
    )
