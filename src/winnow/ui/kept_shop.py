"""What the service said of its bundle, kept until another bundle answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from winnow.ui.fault import Fault
from winnow.ui.service import Service
from winnow.ui.shop import Shop


@dataclass(slots=True, kw_only=True)
class KeptShop:
    """Of one service; all visitors share it.

    Attributes:
        service: who is asked.
        price: what the shop calls its price.
    """

    service: Service
    price: str
    _last: Shop = field(default_factory=Shop, init=False)

    async def of(self, *answers: Mapping[str, Any] | Fault) -> Shop:
        """Of the bundle that gave these answers, the first that came.

        While two bundles answer, to some visitors each, it is that of the one that serves.
        """
        bundle = next((each["bundle"] for each in answers if not isinstance(each, Fault) and "bundle" in each), "")
        return await self.ask() if bundle and bundle != self._last.bundle else self._last

    async def ask(self) -> Shop:
        """Of the bundle that serves now; what was last said of one where nobody answers."""
        told = await self.service.ask(lambda client: client.shop())
        if not isinstance(told, Fault):
            self._last = Shop.of(told, self.price)
        return self._last
