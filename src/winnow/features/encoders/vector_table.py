"""One Arrow file of vectors by content and encoder, mapped into memory and never changed in place."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from winnow.schema.column import Floats
from winnow.schema.errors import EncoderError

SCHEMA = pa.schema({"encoder": pa.string(), "key": pa.binary(32), "vector": pa.list_(pa.float32())})
_MERGED = b"merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorTable:
    """What one file holds.

    Attributes:
        batches: each of one encoder only.
        merged: names of the files that went into this one.
    """

    batches: Sequence[Any]
    merged: frozenset[str]

    def of(self, encoder: str) -> Iterator[Any]:
        """The batches of an encoder."""
        return (batch for batch in self.batches if batch["encoder"][0].as_py() == encoder)


def read_vectors(file: Path) -> VectorTable:
    """The file's batches, of which only what is looked at comes into memory.

    Raises:
        EncoderError: the file is damaged or of another kind.
    """
    try:
        with pa.memory_map(str(file)) as mapped:
            reader = pa.ipc.open_file(mapped)
            if not reader.schema.equals(SCHEMA):
                raise pa.ArrowInvalid("its columns are not those of a vector cache")
            batches = [reader.get_batch(place) for place in range(reader.num_record_batches)]
            merged = (reader.schema.metadata or {}).get(_MERGED, b"").decode().split()
    except (pa.ArrowException, OSError) as error:
        raise EncoderError(
            f"The vector cache {file} cannot be read ({str(error).rstrip('.')}); delete it, and its vectors are "
            "made again."
        ) from error
    return VectorTable(batches=batches, merged=frozenset(merged))


def write_vectors(file: Path, batches: Iterable[Any], merged: Iterable[str] = ()) -> None:
    """The file appears whole or not at all.

    Args:
        file: to write or replace; its folder is there.
        batches: of `SCHEMA`, each of one encoder only.
        merged: names of files that these batches come from.

    Raises:
        EncoderError: the disk is full, or the folder may not be written to.
    """
    schema = SCHEMA.with_metadata({_MERGED: " ".join(merged).encode()})
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as scratch:
            new = Path(scratch) / "new"
            with new.open("wb") as opened:
                with pa.ipc.new_file(opened, schema) as writer:
                    for batch in batches:
                        writer.write_batch(batch.cast(schema))
                os.fsync(opened.fileno())
            new.replace(file)
    except OSError as error:
        raise EncoderError(
            f"The vector cache {file} cannot be written: {error}. What was there is unchanged."
        ) from error


def vector_batch(encoder: str, keys: Sequence[bytes], vectors: Floats) -> Any:
    """A batch of [N, D] vectors, one for each SHA-256 key."""
    offsets = pa.array(np.arange(len(keys) + 1, dtype=np.int32) * vectors.shape[1])
    lists = pa.ListArray.from_arrays(offsets, pa.array(vectors.ravel()))
    columns = [pa.array([encoder] * len(keys), pa.string()), pa.array(keys, pa.binary(32)), lists]
    return pa.record_batch(columns, schema=SCHEMA)


def joined(batches: Iterable[Any], num_rows: int = 1 << 14) -> Iterator[Any]:
    """The same rows in batches of about `num_rows`, so that files written one item at a time stay quick to read."""
    waiting = list[Any]()
    for batch in batches:
        apart = waiting and waiting[0]["encoder"][0] != batch["encoder"][0]
        if apart or sum(map(len, waiting)) + len(batch) > num_rows:
            yield from _one(waiting)
            waiting = []
        waiting.append(batch)
    yield from _one(waiting)


def _one(batches: list[Any]) -> list[Any]:
    return pa.Table.from_batches(batches).combine_chunks().to_batches() if batches else []
