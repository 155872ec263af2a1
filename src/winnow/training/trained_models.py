"""Models that are asked where they were trained, which takes no translation of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from winnow.schema.column import Array
from winnow.training.export import Exported, Positional, save_weights
from winnow.training.progress import Advance


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedModel:
    """A model as a function of named arrays: what its ONNX file would answer, up to rounding.

    Attributes:
        exported: the model, and how it is called.
    """

    exported: Exported

    @property
    def inputs(self) -> Mapping[str, tuple[str, ...]]:
        """Groups of input names."""
        return {group: tuple(names) for group, names in self.exported.inputs.items()}

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names, in order."""
        return tuple(self.exported.outputs)

    def width(self, name: str) -> int | None:
        """Last dimension of an input, None where the model has no such input."""
        sample = self.exported.sample
        return sample[name].shape[-1] if name in sample else None

    def __call__(self, arrays: Mapping[str, Array]) -> Mapping[str, Array]:
        """Runs the model."""
        names = list(self.exported.sample)
        module = Positional(self.exported.module, names, self.exported.answer)
        with torch.inference_mode():
            made = module(*(torch.from_numpy(np.ascontiguousarray(arrays[name])) for name in names))
        outputs = made if isinstance(made, tuple) else (made,)
        return {name: each.numpy() for name, each in zip(self.outputs, outputs, strict=True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedModels:
    """The models of a bundle that nobody but its training opens; each folder has a name of its own."""

    by_folder: dict[str, TrainedModel] = field(default_factory=dict)

    def keep(self, model: Exported, folder: Path, advance: Advance) -> None:
        """As `export_model`, without a `model.onnx`."""
        save_weights(model, folder)
        self.by_folder[folder.name] = TrainedModel(exported=model)
        advance(10)

    def open(self, folder: Path) -> TrainedModel:
        """The model that was kept for a folder of this name."""
        return self.by_folder[folder.name]
