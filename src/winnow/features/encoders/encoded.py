"""What an encoder gives back."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.schema.column import Bools, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """Vectors, and what could not be made into one.

    Attributes:
        vectors: float32 [N, D], unit length; the zero vector, which means missing, where there is a problem.
        problems: by place, 0 to N - 1, a sentence that says why there is no vector.
    """

    vectors: Floats
    problems: Mapping[int, str]

    @property
    def present(self) -> Bools:
        """Bool [N], whether there is a vector."""
        present = np.ones(len(self.vectors), bool)
        present[list(self.problems)] = False
        return present
