"""A million contents through cache and projection: what they take of memory."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.result import Result
from winnow.features.encoders.encoded import Encoded
from winnow.features.encoders.fit_projection import fit_projection
from winnow.features.encoders.unit_length import unit_length
from winnow.features.encoders.vector_cache import VectorCache
from winnow.schema.progress import Progress, silent

GROUP = "encode"
QUALITY = False
SIZES = {"250k": 250_000, "1m": 1_000_000}
WIDTH = 384


def rows(inputs: Inputs) -> Iterator[Result]:
    """Peak memory that is not a mapped file, each size in a process of its own."""
    inputs.cache.mkdir(parents=True, exist_ok=True)
    for name, number in SIZES.items():
        with tempfile.TemporaryDirectory(dir=inputs.cache) as scratch:
            command = [sys.executable, "-m", "benchmarks.bench_encode_million", str(number), scratch]
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        how = f"{number:,} contents made as they are read, vectors of {WIDTH} numbers by an encoder that costs nothing"
        how += f", cached in one file, projection to 64 fitted and applied in pieces; {float(told[1]):.0f} s"
        value = float(told[0]) / 1e9
        yield Result(name=f"encode.cache.{name}.peak_gb", value=value, unit="GB", better="lower", how=how)


class _Contents(Collection[str]):
    """Texts that exist only while they are looked at."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __len__(self) -> int:
        return self._number

    def __contains__(self, content: object) -> bool:
        return any(each == content for each in self)

    def __iter__(self) -> Iterator[str]:
        return (f"A text of item {row}, of some ten words, as a shop would write it." for row in range(self._number))


class _Costless:
    """A `TextEncoder` that draws its vectors."""

    id = "costless 1"
    width = WIDTH

    def encode(self, contents: Sequence[str], batch_size: int = 32, progress: Progress = silent) -> Encoded:
        drawn = np.random.default_rng(len(contents)).standard_normal((len(contents), WIDTH), np.float32)
        progress("texts encoded", len(contents), len(contents))
        return Encoded(vectors=unit_length(drawn), problems={})


def anonymous_bytes() -> int:
    """What this process holds now besides mapped files, which the system may take back at any time."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("RssAnon"))


def main(number: int, folder: Path) -> None:
    """Does the work in this process; prints the peak in bytes and the seconds."""
    start, peaks = time.perf_counter(), [anonymous_bytes()]
    kept = VectorCache(file=folder / "vectors.arrow").encode(
        _Costless(), _Contents(number), progress=lambda *_: peaks.append(anonymous_bytes())
    )
    projection = fit_projection(_Costless.id, kept.vectors.pieces())
    for piece in kept.vectors.pieces():
        projection(piece)
        peaks.append(anonymous_bytes())
    sys.stdout.write(f"{max(peaks)} {time.perf_counter() - start}\n")


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    main(int(sys.argv[1]), Path(sys.argv[2]))
