"""Pictures of a shop's items, drawn when somebody first looks at them."""

import hashlib
import re
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from winnow.data.arrow_compute import pc
from winnow.data.dataset import ITEM
from winnow.data.shop.draw_picture import draw_picture
from winnow.data.shop.look import Look
from winnow.data.shop.looks import LOOK_WORDS, LOOKS_FILE
from winnow.schema.column import Array
from winnow.schema.errors import DataError, RequestError

SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
"""Small letters only: some disks take `A1` and `a1` for one."""


class PictureFolder:
    """The pictures of a shop, kept in its folder under `pictures/`; safe with many threads and processes.

    Args:
        folder: holds `looks.parquet`.

    Raises:
        DataError: it holds none, or one without the columns and words of `looks_table`.
    """

    def __init__(self, folder: Path) -> None:
        self._file, self._pictures = folder / LOOKS_FILE, folder / "pictures"
        table = _looks(self._file)
        self._ids = table[ITEM].combine_chunks()
        self._codes = {name: _codes(table, name, words, self._file) for name, words in LOOK_WORDS.items()}
        self._shade, self._seed = (table[name].to_numpy() for name in ("shade", "seed"))

    def look(self, item_id: str) -> Look:
        """What an item looks like.

        Raises:
            RequestError: there is no such item.
        """
        row = pc.index(self._ids, pa.scalar(item_id, pa.string())).as_py()
        if row < 0:
            raise RequestError(f"There is no item {item_id!r} in {self._file}, so it has no picture; ask for another.")
        codes = {name: int(codes[row]) for name, codes in self._codes.items()}
        return Look(**codes, shade=float(self._shade[row]), seed=int(self._seed[row]))

    def path(self, item_id: str) -> Path:
        """The PNG file of an item; it is there, whole, when this returns.

        Raises:
            RequestError: there is no such item.
            DataError: the picture cannot be written.
        """
        look = self.look(item_id)
        path = self._pictures / f"{_file_name(item_id)}.png"
        if not path.is_file():
            self._keep(draw_picture(look), path)
        return path

    def png(self, item_id: str) -> bytes:
        """The content of the file of an item; raises what `path` raises."""
        return self.path(item_id).read_bytes()

    def _keep(self, png: bytes, path: Path) -> None:
        """Under another name first, so that nobody reads half a picture."""
        try:
            self._pictures.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._pictures, prefix=".") as scratch:
                new = Path(scratch) / path.name
                new.write_bytes(png)
                new.replace(path)
        except OSError as error:
            raise DataError(
                f"The picture {path} cannot be written: {error}. Make room there, or make the folder writable."
            ) from error


def _looks(file: Path) -> pa.Table:
    if not file.is_file():
        raise DataError(f"There is no file {file}, from which pictures are drawn; simulate the shop again.")
    try:
        table = pq.read_table(file)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"The file {file} cannot be read: {error}. Simulate the shop again.") from error
    wanted = {ITEM: pa.string(), **dict.fromkeys(LOOK_WORDS, pa.string()), "shade": pa.float32(), "seed": pa.uint32()}
    missing = sorted(wanted.keys() - set(table.column_names))
    if missing:
        raise DataError(f"The file {file} lacks the columns {', '.join(missing)}. Simulate the shop again.")
    try:
        table = table.select(list(wanted)).cast(pa.schema(wanted))
    except pa.ArrowException as error:
        raise DataError(f"The file {file} holds other types than wanted: {error}. Simulate the shop again.") from error
    empty = [name for name in wanted if table[name].null_count]
    if empty:
        raise DataError(f"The file {file} has rows without {', '.join(empty)}. Simulate the shop again.")
    return table


def _codes(table: pa.Table, name: str, words: tuple[str, ...], file: Path) -> Array:
    codes = pc.index_in(table[name], pa.array(list(words))).fill_null(-1).to_numpy()
    if (codes < 0).any():
        word = table[name][int(np.argmin(codes))].as_py()
        raise DataError(f"The file {file} has the {name} {word!r}; wanted is one of: {', '.join(words)}.")
    return codes.astype(np.uint8)


def _file_name(item_id: str) -> str:
    """The id itself where any disk takes it, else a digest behind `~`, with which no safe name begins."""
    safe = SAFE_NAME.fullmatch(item_id)
    return item_id if safe else "~" + hashlib.sha256(item_id.encode()).hexdigest()[:40]
