"""A name for a training job: equal where all that it depends on is equal."""

import hashlib
import json
from dataclasses import asdict

import numpy as np

from winnow.schema.column import Array
from winnow.training.retrieval_config import RetrievalConfig
from winnow.training.training_set import TrainingSet


def job_digest(data: TrainingSet, config: RetrievalConfig, seed: int) -> str:
    """SHA-256, in hexadecimal, of the recipe, the seed and every array that retrieval training reads."""
    digest = hashlib.sha256(json.dumps([asdict(config), seed, data.schema.digest]).encode())
    past = data.interactions
    named: dict[str, Array] = {
        "user codes": data.users.codes,
        "user values": data.users.values,
        "item codes": data.items.codes,
        "item values": data.items.values,
        **{f"item vector {name}": vectors for name, vectors in data.items.vectors.items()},
        "known items": data.known_items,
        "context codes": data.contexts.codes,
        "context values": data.contexts.values,
        "user rows": data.user_rows,
        **{name: getattr(past, name) for name in ("users", "items", "at", "first", "history_start", "history_end")},
        **{name: getattr(past, name) for name in ("history_items", "history_types", "history_at")},
    }
    for name, array in named.items():
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
