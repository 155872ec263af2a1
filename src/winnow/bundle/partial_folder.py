"""A folder beside a target, to write in until the whole is there."""

import secrets
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def partial_folder(target: Path) -> Generator[Path]:
    """A new hidden folder beside `target`, gone with all that is in it when the block ends.

    Its name is chosen before it is made, which `tempfile` does not do: so a Ctrl-C between the two leaves nothing.

    Args:
        target: what is being written; its parent must be there.
    """
    folder = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
