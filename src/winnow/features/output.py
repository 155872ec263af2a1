"""One model input, as the fitted features make it."""

from dataclasses import dataclass
from typing import Literal

Form = Literal["code", "value", "vector"]


@dataclass(frozen=True, slots=True)
class Output:
    """What one array of model input looks like.

    Attributes:
        name: unique among the outputs of an entity.
        form: "code" int32 [N], "value" float32 [N] or "vector" float32 [N, size].
        size: how many codes there are (so codes are below it), 1 for a value, the width of a vector.
    """

    name: str
    form: Form
    size: int
