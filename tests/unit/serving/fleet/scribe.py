"""A worker that does nothing but write."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from winnow.schema.errors import RequestError
from winnow.serving.engines.shadow import Shadow
from winnow.serving.orders.order import Order


@dataclass
class Scribe:
    """A live engine that writes down its orders.

    Attributes:
        trained_until, chosen_at: of the bundle that it began with.
        refuses: the kind of orders that it refuses.
        cannot: items that it refuses.
        together: how many orders it was given at once, time after time.
    """

    trained_until: float = 0.0
    chosen_at: float = 0.0
    refuses: str = ""
    cannot: frozenset[str] = frozenset()
    shadow: Shadow = field(default_factory=Shadow)
    done: list[Order] = field(default_factory=list)
    together: list[int] = field(default_factory=list)

    @property
    def current(self) -> Any:
        return SimpleNamespace(name="a bundle", trained_until=self.trained_until)

    @property
    def shelf(self) -> Any:
        return SimpleNamespace(chosen_at=self.chosen_at)

    def obey(self, order: Order) -> None:
        if order.kind == self.refuses or order.told.get("item_id") in self.cannot:
            raise RequestError("It is not to my taste.")
        self.done.append(order)

    def obey_together(self, orders: Sequence[Order]) -> None:
        self.together.append(len(orders))
        if any(order.told["item_id"] in self.cannot for order in orders):
            raise RequestError("One of them is not to my taste.")
        self.done += orders

    def told(self) -> list[Any]:
        return [each.told.get("item_id", each.told.get("name")) for each in self.done]
