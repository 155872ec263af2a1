"""Vectors kept by content, so that nothing is encoded twice."""

import fcntl
import hashlib
import shutil
import uuid
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pyarrow as pa

from winnow.features.encoders.encoded import Encoded
from winnow.features.encoders.stored_vectors import StoredVectors, stored_vectors
from winnow.features.encoders.vector_table import joined, read_vectors, vector_batch, write_vectors
from winnow.schema.errors import EncoderError
from winnow.schema.progress import Progress, silent

Content = TypeVar("Content", str, bytes)
_Read_contra = TypeVar("_Read_contra", str, bytes, contravariant=True)


class _Encoder(Protocol[_Read_contra]):
    """`TextEncoder` or `PictureEncoder`."""

    @property
    def id(self) -> str: ...
    @property
    def width(self) -> int: ...
    def encode(
        self, contents: Sequence[_Read_contra], batch_size: int = 32, progress: Progress = silent
    ) -> Encoded: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What `VectorCache.encode` gives back.

    Attributes:
        vectors: of N items, in their order.
        problems: by item's place, why its content gave no vector; items without content are not in it.
        encoded: how many contents went through the network; the others were known.
    """

    vectors: StoredVectors
    problems: Mapping[int, str]
    encoded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorCache:
    """All vectors by SHA-256 of their content and the encoder's id, in one Arrow file.

    New vectors are first written beside it, in parts, each whole or not at all, and become one file at the end; work
    that is interrupted goes on after its last part. Contents are held for one part at a time, so memory does not grow
    with them. Problems are not kept: what could not be read is tried again. Who comes while another process writes
    waits for its end, since that may encode the very same.

    Attributes:
        file: made when the first vectors are there, with its folder.
        part_items: most contents that a part holds.
        part_bytes: a part ends when its contents have so many bytes.
    """

    file: Path
    part_items: int = 2048
    part_bytes: int = 64 << 20

    def encode(
        self,
        encoder: _Encoder[Content],
        contents: Collection[Content | None],
        batch_size: int = 32,
        progress: Progress = silent,
    ) -> Kept:
        """The vectors of all contents; only those that are new are encoded, equal ones once.

        Args:
            encoder: of texts or pictures, as the contents are.
            contents: of N items, None where there is none; gone through once, so they may be read as they come.
            batch_size: how many go through the network at once.
            progress: hears how many items are settled.

        Raises:
            EncoderError: the file is damaged or cannot be written.
        """
        keys, broken, encoded = list[bytes | None](), dict[bytes, str](), 0
        with self._alone(progress):
            self._merge()
            known = {key for batch in self._batches(encoder.id) for key in batch["key"].to_pylist()}
            for part in self._parts(contents, keys, known):
                told = _told(progress, len(keys) - len(part), len(contents))
                broken |= self._keep(encoder.id, list(part), encoder.encode(list(part.values()), batch_size, told))
                encoded += len(part)
            self._merge()
            vectors = stored_vectors(self._batches(encoder.id), pa.array(keys, pa.binary(32)), encoder.width)
        problems = {place: broken[key] for place, key in enumerate(keys) if key in broken}
        return Kept(vectors=vectors, problems=problems, encoded=encoded)

    def _parts(
        self, contents: Collection[Content | None], keys: list[bytes | None], known: set[bytes]
    ) -> Iterator[dict[bytes, Content]]:
        """New contents by key, some at a time; `keys` grows by the key of each content that is gone through."""
        part, size = dict[bytes, Content](), 0
        for content in contents:
            key = None if content is None else _key(content)
            keys.append(key)
            if key is None or content is None or key in known:
                continue
            known.add(key)
            part[key] = content
            size += len(content)
            if len(part) == self.part_items or size >= self.part_bytes:
                yield part
                part, size = {}, 0
        if part:
            yield part

    def _keep(self, encoder: str, keys: Sequence[bytes], found: Encoded) -> dict[bytes, str]:
        """Writes a part; returns the problems by key."""
        kept = [key for key, present in zip(keys, found.present, strict=True) if present]
        if kept:
            part = self.file.with_name(f"{self.file.name}.part-{uuid.uuid4().hex}")
            write_vectors(part, [vector_batch(encoder, kept, found.vectors[found.present])])
        return {keys[place]: problem for place, problem in found.problems.items()}

    def _merge(self) -> None:
        """Makes one file of it and its parts. The file says which parts are in it, should their removal not happen."""
        parts = sorted(self._beside(f"{self.file.name}.part-"))
        if not parts:
            return
        tables = [read_vectors(self.file)] if self.file.is_file() else []
        merged = {name for table in tables for name in table.merged}
        tables += [read_vectors(part) for part in parts if part.name not in merged]
        batches = [batch for table in tables for batch in table.batches]
        batches.sort(key=lambda batch: batch["encoder"][0].as_py())
        write_vectors(self.file, joined(batches), [part.name for part in parts])
        for part in parts:
            part.unlink()

    def _batches(self, encoder: str) -> list[Any]:
        return list(read_vectors(self.file).of(encoder)) if self.file.is_file() else []

    def _beside(self, start: str) -> list[Path]:
        return [each for each in self.file.parent.iterdir() if each.name.startswith(start)]

    @contextmanager
    def _alone(self, progress: Progress) -> Generator[None]:
        """One writer at a time, the others wait; the lock ends with its process, however that ends."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            lock = self.file.with_name(f"{self.file.name}.lock").open("w")
        except OSError as error:
            raise EncoderError(f"The vector cache {self.file} cannot be written: {error}. Name another.") from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting = f"waited for another process that writes {self.file}"
                progress(waiting, 0, 1)
                fcntl.flock(lock, fcntl.LOCK_EX)
                progress(waiting, 1, 1)
            for left in self._beside(f".{self.file.name}."):  # by a process that was killed while it wrote
                shutil.rmtree(left)
            yield


def _key(content: str | bytes) -> bytes:
    return hashlib.sha256(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content).digest()


def _told(progress: Progress, settled: int, total: int) -> Progress:
    """What an encoder tells of a part, as told of the whole."""
    return lambda what, done, _: progress(what, settled + done, total)
