"""What every page is given."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from winnow.ui.kept_shop import KeptShop
from winnow.ui.service import Service
from winnow.ui.settings import Settings
from winnow.ui.visit import WHO, Pairs, Visit, new_session


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The same for all visitors: nothing of a visitor is in it.

    Attributes:
        settings: names and users to offer.
        service: who is asked.
        shop: what its bundle lets pages show and ask.
    """

    settings: Settings
    service: Service
    shop: KeptShop

    def named(self, path: str, pairs: Pairs) -> str:
        """The address of a page for who came without a name, and has one now; all else that they said stands in it."""
        pairs = list(pairs)
        visit = self.first_visit(Visit.read(pairs))
        who = [each for each in visit.pairs() if each[0] in WHO]
        return f"{path}?{urlencode([*who, *(each for each in pairs if each[0] not in WHO)])}"

    def first_visit(self, visit: Visit) -> Visit:
        """For who comes without a name: that of the first known user, or a session of their own."""
        return self.as_user(visit, next(iter(self.settings.users), ""))

    def as_user(self, visit: Visit, user_id: str) -> Visit:
        """The same visit by a user; empty: by a new visitor without a name."""
        return replace(visit, user_id=user_id, session_id="" if user_id else new_session())
