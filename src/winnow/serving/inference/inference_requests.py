"""B requests of one call, as the pipeline takes them."""

from collections.abc import Sequence

import numpy as np

from winnow.engine.engine import Engine
from winnow.pipeline.requests import NO_ROWS, Requests
from winnow.schema.column import Ragged
from winnow.schema.stable_hash import stable_hashes
from winnow.serving.inference.inference_row import InferenceRow


def inference_requests(engine: Engine, rows: Sequence[InferenceRow]) -> Requests:
    """What B callers ask: whose items, at which instant, in which context, and how many; nothing else is read.

    Args:
        engine: knows the context columns; what it does not know is passed over.
        rows: at least one.

    Raises:
        RequestError: a context column holds a value of the wrong kind.
    """
    names = tuple(each.name for each in rows)
    return Requests(
        request_ids=names,
        user_ids=tuple(each.visitor for each in rows),
        at=np.array([each.at for each in rows]),
        k=np.array([each.asked.k for each in rows], np.int64),
        exclude=Ragged(NO_ROWS, np.zeros(len(rows) + 1, np.int64)),
        seeds=stable_hashes(names),
        context=engine.context_columns([each.asked.context for each in rows]),
    )
