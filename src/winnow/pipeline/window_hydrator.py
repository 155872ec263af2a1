"""What users did most with lately, as of the request."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.features.window_feature import WindowFeature
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.requests import Requests
from winnow.pipeline.state_hydrator import last_events
from winnow.schema.column import Array, Column
from winnow.schema.transform import MISSING_CODE
from winnow.stores.counted_types import counted_types


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowHydrator:
    """Raw context columns from the events that the state stage has read; nothing is asked of a store again.

    Attributes:
        windows: what to compute.
        catalogue: gives the words of items, of those too that came since training.
    """

    windows: tuple[WindowFeature, ...]
    catalogue: Catalogue

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """By raw column; missing where nothing was done, or is known."""
        return {each.column: each.raw(self._top(each, requests)) for each in self.windows}

    def _top(self, window: WindowFeature, requests: Requests) -> Array:
        places, offsets = last_events(requests, window.last_events, counted_types(window.types))
        rows, ages = (requests.ragged(name).values[places] for name in ("event_rows", "event_ages"))
        known, codes = rows >= 0, np.full(len(rows), MISSING_CODE, np.int32)
        codes[known] = self.catalogue.codes[rows[known], window.place]
        return window.top(codes, ages, offsets)
