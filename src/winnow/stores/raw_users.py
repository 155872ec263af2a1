"""What every store of raw user features promises."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class RawUsers(Protocol):
    """What somebody outside says of users, as they say it."""

    def rows(self, user_ids: Sequence[str], within_s: float = math.inf) -> Sequence[Mapping[str, Any] | None]:
        """Of each user the values by raw column, None for a missing one; None for a user whom nobody describes.

        Args:
            user_ids: B outside names; "" is nobody.
            within_s: how long the caller has; who has to wait for somebody gives up then, with Unavailable.

        Raises:
            Unavailable: it cannot answer now; told within a bounded time.
        """
        ...

    def forget(self, names: Mapping[str, float]) -> tuple[int, int]:
        """Deletes what is said of users, and what was, with their names where that can be.

        Args:
            names: of users and sessions, with the UTC seconds until when what was written is meant; +inf for all of it.

        Returns:
            how many rows are gone from where requests read, and how many from where training does.

        Raises:
            Unavailable: not all of it is gone; do it again.
        """
        ...
