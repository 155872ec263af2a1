"""What every store of user features promises."""

import math
from collections.abc import Sequence
from typing import Protocol

from winnow.schema.column import Array


class UserFeatures(Protocol):
    """Model arrays of users, as `features` made them. Raises Unavailable when it cannot answer."""

    def read(self, user_ids: Sequence[str], within_s: float = math.inf) -> tuple[Array, Array]:
        """codes int32 [B, Fc] and values float32 [B, Fv]; an unknown user gets the missing row.

        A store that has to wait for somebody gives up after `within_s`, which is what the caller has.
        """
        ...
