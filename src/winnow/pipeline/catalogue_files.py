"""A catalogue as files: arrays that are memory-mapped, cards as JSON lines that are too."""

import json
from pathlib import Path

import numpy as np

from winnow.features.filter_values import FilterNumbers, FilterValues, FilterWords
from winnow.pipeline.card_lines import CardLines
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Array

VECTOR_PREFIX = "vector_"
FILTER_PREFIX = "filter_"
WORDS_FILE = "filters.json"
"""By filterable feature its words, or null where it has numbers; absent where items cannot be filtered."""
HASHES_FILE = "hashes.npy"
"""Absent in bundles of before; they are then made when the bundle is opened."""


def save_catalogue(catalogue: Catalogue, folder: Path) -> None:
    """Writes the catalogue into an existing, empty folder."""
    arrays = {
        "codes": catalogue.codes,
        "values": catalogue.values,
        "tower": catalogue.tower,
        "allowed": catalogue.allowed,
        HASHES_FILE.removesuffix(".npy"): catalogue.hashes,
    }
    arrays |= {f"{VECTOR_PREFIX}{name}": vectors for name, vectors in catalogue.vectors.items()}
    for name, values in catalogue.filters.items():
        arrays[f"{FILTER_PREFIX}{name}"] = values.codes if isinstance(values, FilterWords) else values.values
    if catalogue.filters:
        words = {name: getattr(values, "words", None) for name, values in catalogue.filters.items()}
        (folder / WORDS_FILE).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    with (folder / "items.jsonl").open("w", encoding="utf-8") as file:
        for item_id, card in zip(catalogue.item_ids, catalogue.cards, strict=True):
            file.write(json.dumps([item_id, card], ensure_ascii=False) + "\n")


def open_catalogue(folder: Path) -> Catalogue:
    """Opens what `save_catalogue` wrote; the arrays are memory-mapped."""
    item_ids, cards = CardLines.open(folder / "items.jsonl")
    hashes = folder / HASHES_FILE
    vectors = {
        file.stem.removeprefix(VECTOR_PREFIX): _array(file) for file in sorted(folder.glob(f"{VECTOR_PREFIX}*.npy"))
    }
    return Catalogue(
        item_ids=item_ids,
        codes=_array(folder / "codes.npy"),
        values=_array(folder / "values.npy"),
        vectors=vectors,
        tower=_array(folder / "tower.npy"),
        cards=cards,
        allowed=_array(folder / "allowed.npy"),
        filters=_filters(folder),
        known_hashes=_array(hashes) if hashes.exists() else None,
    )


def _filters(folder: Path) -> dict[str, FilterValues]:
    if not (folder / WORDS_FILE).exists():
        return {}
    named: dict[str, list[str] | None] = json.loads((folder / WORDS_FILE).read_text(encoding="utf-8"))
    return {name: _filter(_array(folder / f"{FILTER_PREFIX}{name}.npy"), words) for name, words in named.items()}


def _filter(array: Array, words: list[str] | None) -> FilterValues:
    return FilterNumbers(values=array) if words is None else FilterWords(codes=array, words=tuple(words))


def _array(file: Path) -> Array:
    # A plain array over the mapped file: np.memmap itself pays for its class at every gather.
    return np.asarray(np.load(file, mmap_mode="r", allow_pickle=False))
