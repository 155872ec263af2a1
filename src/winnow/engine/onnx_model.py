"""An ONNX file as a function of named arrays."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnxruntime

from winnow.bundle.model_files import INPUTS_FILE, PRESENT, REQUEST, UNPADDED
from winnow.features.onnx_session import onnx_session
from winnow.schema.column import Array
from winnow.schema.errors import BundleError


@dataclass(frozen=True, slots=True, kw_only=True)
class OnnxModel:
    """One session on one thread; more threads at once are the business of more processes.

    A model of requests is exported for one, which takes less work than one of a batch whose size is not known, and runs
    for each of a batch.

    Attributes:
        session: ONNX Runtime.
        inputs: groups of input names, as the exporter wrote them.
        outputs: names, in order.
    """

    session: onnxruntime.InferenceSession
    inputs: Mapping[str, tuple[str, ...]]
    outputs: tuple[str, ...]
    _run: Callable[..., Sequence[Array]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Its Python layer looks through names, inputs and accelerators for 10 us before each run.
        object.__setattr__(self, "_run", getattr(self.session, "_sess", self.session).run)

    @staticmethod
    def open(folder: Path) -> "OnnxModel":
        """Opens the folder that `export_model` wrote.

        Raises:
            BundleError: ONNX Runtime cannot read the model, or its inputs are not those that were written beside it.
        """
        session = onnx_session(folder)
        groups: dict[str, list[str]] = json.loads((folder / INPUTS_FILE).read_text(encoding="utf-8"))
        taken = {each.name for each in session.get_inputs()}
        if foreign := [name for names in groups.values() for name in names if name not in taken]:
            raise BundleError(
                f"The model in {folder} has no input '{foreign[0]}', which its {INPUTS_FILE} names: parts of two "
                "bundles were mixed. Use a bundle as it was written."
            )
        return OnnxModel(
            session=session,
            inputs={group: tuple(names) for group, names in groups.items()},
            outputs=tuple(output.name for output in session.get_outputs()),
        )

    def width(self, name: str) -> int | None:
        """Last dimension of an input, None where the model has no such input."""
        return next((each.shape[-1] for each in self.session.get_inputs() if each.name == name), None)

    def __call__(self, arrays: Mapping[str, Array]) -> Mapping[str, Array]:
        """Runs the model; of several requests, their arrays [B, L, ...] may be padded behind."""
        batch = len(next(iter(arrays.values())))
        if batch != 1 and REQUEST in self.inputs:
            return self._batch(arrays, batch) if batch else self._of_nobody()
        outputs = self._run(self.outputs, arrays, None)
        return dict(zip(self.outputs, outputs, strict=True))

    def _batch(self, arrays: Mapping[str, Array], batch: int) -> Mapping[str, Array]:
        answers = [self(self._of(place, arrays)) for place in range(batch)]
        return {name: np.concatenate([each[name] for each in answers]) for name in self.outputs}

    def _of_nobody(self) -> Mapping[str, Array]:
        outputs = self.session.get_outputs()
        shapes = {each.name: [size if isinstance(size, int) else 0 for size in each.shape[1:]] for each in outputs}
        return {name: np.empty((0, *shape), np.float32) for name, shape in shapes.items()}

    def _of(self, place: int, arrays: Mapping[str, Array]) -> Mapping[str, Array]:
        """The arrays [1, ...] of one request."""
        own = {name: each[place : place + 1] for name, each in arrays.items()}
        if unpadded := self.inputs.get(UNPADDED):
            there = np.count_nonzero(own[PRESENT])
            own |= {name: own[name][:, :there] for name in unpadded}
        return own
