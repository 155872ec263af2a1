"""Arrow's compute functions; they are made when Arrow starts, where no type checker sees them, so they are Any here."""

from collections.abc import Collection
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from winnow.schema.column import Bools

pc: Any = pyarrow.compute


def among(values: pa.ChunkedArray, known: Collection[str]) -> Bools:
    """bool [N], which strings are among those that are known; a missing one is not."""
    return np.asarray(pc.is_in(values, pa.array([str(each) for each in known], pa.string())), bool)
