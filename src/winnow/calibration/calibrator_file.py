"""Where a calibrator lies on disk: JSON, since it is a few numbers and reading it must run nothing."""

import json
from collections.abc import Mapping
from pathlib import Path

CALIBRATOR_FILE = "calibrator.json"


def write_calibrator(folder: Path, kind: str, numbers: Mapping[str, float | list[float]]) -> None:
    """Write `calibrator.json` into an existing folder.

    Args:
        folder: e.g. a part of a bundle.
        kind: as `load_calibrator` knows it.
        numbers: what the kind is made of; each is read back to the last bit.
    """
    text = json.dumps({"kind": kind, **numbers}, indent=1, allow_nan=False)
    (folder / CALIBRATOR_FILE).write_text(text + "\n", encoding="utf-8")
