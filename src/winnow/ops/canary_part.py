"""What a bundle answers at its birth, so that nobody puts it before visitors where it answers otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from winnow.bundle.writer import BundleWriter
from winnow.engine.canary_requests import answered, canary_requests
from winnow.engine.canary_set import PART
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine

MOMENTS = 16
"""Events whose contexts are asked in."""


def write_canary_part(writer: BundleWriter, events: pa.Table | None = None) -> None:
    """Asks the bundle that has been written so far, manifest included, and adds its answers.

    The manifest has to be written anew then, since it names every file.

    Args:
        writer: of the bundle.
        events: of the training time, which lend the requests their contexts; None for the ones that the bundle has.
    """
    engine = open_engine(writer.folder)
    if events is None and engine.canaries is not None:
        canaries = engine.canaries
    else:
        canaries = canary_requests(engine, _contexts(engine, events))
    folder = writer.folder / PART
    folder.mkdir(exist_ok=True)
    answered(engine, canaries).save(folder)


def _contexts(engine: Engine, events: pa.Table | None) -> Sequence[Mapping[str, Any]]:
    """Of events from the first to the last, as JSON has them."""
    if events is None or not events.num_rows:
        return ()
    names = [each for each in engine.context_names if each in events.column_names]
    step = max(1, events.num_rows // MOMENTS)
    rows = events.select(names).take(list(range(0, events.num_rows, step))[:MOMENTS]).to_pylist()
    return [{name: value for name, value in row.items() if isinstance(value, str | int | float)} for row in rows]
