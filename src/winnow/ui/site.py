"""What every page is given."""

from dataclasses import dataclass, replace

from winnow.ui.service import Service
from winnow.ui.settings import Settings
from winnow.ui.visit import Visit, new_session


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The same for all visitors: nothing of a visitor is in it.

    Attributes:
        settings: names and users to offer.
        service: who is asked.
    """

    settings: Settings
    service: Service

    def first_visit(self, visit: Visit) -> Visit:
        """For who comes without a name: that of the first known user, or a session of their own."""
        return self.as_user(visit, next(iter(self.settings.users), ""))

    def as_user(self, visit: Visit, user_id: str) -> Visit:
        """The same visit by a user; empty: by a new visitor without a name."""
        return replace(visit, user_id=user_id, session_id="" if user_id else new_session())
