"""A projection as two files: `projection.json` for what people can read, `projection.npz` for arrays."""

import json
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from winnow.features.encoders.projection import Projection
from winnow.schema.errors import BundleError

_ARRAYS = ("mean", "components", "explained")


def save_projection(projection: Projection, folder: Path) -> None:
    """Write into an existing folder; equal projections give equal bytes."""
    arrays = {name: getattr(projection, name) for name in _ARRAYS}
    told = {
        "encoder": projection.encoder,
        "encoder_width": len(projection.mean),
        "width": projection.width,
        "explained": round(float(projection.explained.sum()), 4),
    }
    (folder / "projection.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    np.savez(folder / "projection.npz", allow_pickle=False, **arrays)


def load_projection(folder: Path) -> Projection:
    """The same projection again; its output is equal to the bit.

    Raises:
        BundleError: a file is absent or damaged, or the two do not belong together.
    """
    try:
        told = json.loads((folder / "projection.json").read_text(encoding="utf-8"))
        with (folder / "projection.npz").open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            projection = Projection(encoder=told["encoder"], **{name: arrays[name] for name in _ARRAYS})
        shapes = projection.mean.shape, projection.components.shape, projection.explained.shape
        if shapes != ((told["encoder_width"],), (told["encoder_width"], told["width"]), (told["width"],)):
            raise ValueError("the two files do not belong together")
    except (OSError, EOFError, BadZipFile, KeyError, TypeError, ValueError) as error:
        raise BundleError(
            f"The projection in {folder} cannot be read ({type(error).__name__}: {error}); "
            "it is damaged or made by another version: train again."
        ) from error
    return projection
