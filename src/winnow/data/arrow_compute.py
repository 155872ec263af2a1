"""Arrow's compute functions; they are made when Arrow starts, where no type checker sees them, so they are Any here."""

from typing import Any

import pyarrow.compute

pc: Any = pyarrow.compute
