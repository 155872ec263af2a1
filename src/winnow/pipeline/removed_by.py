"""Which filters would take an item out, each asked by itself."""

from collections.abc import Mapping, Sequence

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.recorder import attempt
from winnow.pipeline.requests import Requests
from winnow.pipeline.stage import Stage
from winnow.schema.column import Bools


def removed_by(filters: Sequence[Stage], requests: Requests, items: Candidates) -> Mapping[str, Bools]:
    """By name of each filter, bool [N], whether it removes the item; one that is skipped removes none.

    Raises:
        Unavailable: a filter that may not be skipped has no answer.
    """
    position = np.arange(len(items))
    numbered = items.with_columns({"position": position})
    kept = {stage.name: attempt(stage, requests, numbered)[0].array("position") for stage in filters}
    return {name: ~np.isin(position, left, assume_unique=True) for name, left in kept.items()}
