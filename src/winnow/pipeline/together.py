"""Two tables of candidates of the same requests become one."""

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.schema.column import Array, Column, offsets_of


def together(candidates: Candidates, more: Candidates) -> Candidates:
    """The candidates of both, request by request, first those of `candidates`.

    Args:
        candidates: their columns are numbers.
        more: for the same requests; a column that it lacks is NaN there, or 0 where it holds whole numbers. What else
            it has is left out.
    """
    request_of = np.concatenate([candidates.request_of(), more.request_of()])
    order = np.argsort(request_of, kind="stable")
    columns: dict[str, Column] = {
        name: np.concatenate([np.asarray(column), _column(more, name, np.asarray(column))])[order]
        for name, column in candidates.columns.items()
    }
    return Candidates(
        item_rows=np.concatenate([candidates.item_rows, more.item_rows])[order],
        offsets=offsets_of(candidates.counts + more.counts),
        columns=columns,
    )


def _column(more: Candidates, name: str, like: Array) -> Array:
    if name in more.columns:
        return more.array(name)
    return np.full((len(more), *like.shape[1:]), np.nan if like.dtype.kind == "f" else 0, like.dtype)
