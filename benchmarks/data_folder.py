"""Where real data is: the folder named by WINNOW_DATA, by default `shared/data` beside the checkout."""

import os
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of real data, which need not exist."""
    return Path(environ.get("WINNOW_DATA") or PROJECT.parent / "shared" / "data").resolve()
