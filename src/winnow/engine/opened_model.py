"""What the request path asks of a trained model."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from winnow.schema.column import Array


class OpenedModel(Protocol):
    """A model as a function of named arrays."""

    @property
    def inputs(self) -> Mapping[str, tuple[str, ...]]:
        """Groups of input names, as they were exported."""
        ...

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names, in order."""
        ...

    def width(self, name: str) -> int | None:
        """Last dimension of an input, None where the model has no such input."""
        ...

    def __call__(self, arrays: Mapping[str, Array]) -> Mapping[str, Array]:
        """Runs the model."""
        ...


OpenModel = Callable[[Path], OpenedModel]
"""The model of a folder of a bundle."""
