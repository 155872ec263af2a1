"""Results of loads that were never made."""

import numpy as np

from winnow.ops.load.load_result import LoadResult


def made_result(taken_ms, *, number=100, failed=0, degraded=0, per_s=100.0):
    """Requests that all took the same time."""
    statuses = np.full(number, 200)
    statuses[:failed] = 503
    return LoadResult(
        latencies_ms=np.full(number, float(taken_ms)),
        statuses=statuses,
        degraded=degraded,
        seconds=number / per_s,
        generator_share=0.1,
    )
