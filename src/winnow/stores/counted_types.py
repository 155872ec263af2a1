"""Which event types are meant, as a mask over their codes."""

from collections.abc import Iterable

import numpy as np

from winnow.schema.column import Bools
from winnow.schema.schema import EventType


def counted_types(types: Iterable[str]) -> Bools:
    """bool [number of event types], true where the EventType is among `types`; ValueError for any other word."""
    wanted = {EventType(each) for each in types}
    return np.array([each in wanted for each in EventType])
