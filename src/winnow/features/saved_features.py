"""Fitted features as two files: `features.json` for what people can read, `features.npz` for arrays."""

import json
from collections.abc import Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from winnow.features.bucket_codes import BucketCodes
from winnow.features.click_rate import ClickRate
from winnow.features.cyclical_time import DayOfWeek, HourOfDay
from winnow.features.encoders.projection import Projection
from winnow.features.fitted import FittedFeature, FittedFeatures
from winnow.features.fitted_transform import FittedTransform
from winnow.features.hash_codes import HashCodes
from winnow.features.scaled_number import ScaledNumber
from winnow.features.signed_log_number import SignedLogNumber
from winnow.features.tail_codes import TailCodes
from winnow.features.text_vectors import TextVectors
from winnow.features.unit_vector import UnitVector
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.schema.column import Array
from winnow.schema.errors import BundleError
from winnow.schema.feature import Entity

_CODES = (VocabularyCodes, HashCodes, BucketCodes, TailCodes)
_KINDS = (*_CODES, ScaledNumber, SignedLogNumber, ClickRate, HourOfDay, DayOfWeek, UnitVector, TextVectors, Projection)
_BY_NAME = {kind.__name__: kind for kind in _KINDS}


def save_fitted(fitted: FittedFeatures, folder: Path) -> None:
    """Write into an existing folder; equal features give equal bytes."""
    arrays: dict[str, Array] = {}
    rows: list[dict[str, object]] = []
    for place, feature in enumerate(fitted.features):
        state = {each.name: getattr(feature.transform, each.name) for each in _state(type(feature.transform))}
        held = {name: value for name, value in state.items() if isinstance(value, np.ndarray)}
        arrays |= {f"{place}.{name}": value for name, value in held.items()}
        rest = {name: value for name, value in state.items() if name not in held}
        kind = type(feature.transform).__name__
        rows.append({"name": feature.name, "column": feature.column, "transform": kind, "state": rest})
    text = json.dumps({"entity": fitted.entity, "features": rows}, indent=1, ensure_ascii=False)
    (folder / "features.json").write_text(text + "\n", encoding="utf-8")
    np.savez(folder / "features.npz", allow_pickle=False, **arrays)


def load_fitted(folder: Path) -> FittedFeatures:
    """The same features again; their outputs are equal to the bit.

    Raises:
        BundleError: a file is absent, damaged, or holds a transform that this program does not know.
    """
    try:
        content = json.loads((folder / "features.json").read_text(encoding="utf-8"))
        with (folder / "features.npz").open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            features = tuple(_feature(row, place, arrays) for place, row in enumerate(content["features"]))
        return FittedFeatures(entity=Entity(content["entity"]), features=features)
    except (OSError, BadZipFile, KeyError, TypeError, ValueError) as error:
        raise BundleError(
            f"The fitted features in {folder} cannot be read ({type(error).__name__}: {error}); "
            "they are damaged or made by another version: train again."
        ) from error


def _feature(row: Mapping[str, Any], place: int, arrays: Mapping[str, Array]) -> FittedFeature:
    kind = _BY_NAME[row["transform"]]
    state: dict[str, Any] = {name: _tuple(value) for name, value in row["state"].items()}
    state |= {each.name: arrays[f"{place}.{each.name}"] for each in _state(kind) if each.name not in state}
    return FittedFeature(name=row["name"], column=row["column"], transform=kind(**state))


def _state(kind: type[FittedTransform]) -> tuple[Field[Any], ...]:
    """What is saved: the fields that the constructor takes."""
    return tuple(each for each in fields(_BY_NAME[kind.__name__]) if each.init)


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
