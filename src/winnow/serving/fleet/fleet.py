"""All workers of a service, on this machine and on all others that share its state."""

from collections.abc import Sequence
from typing import Protocol

from winnow.serving.orders.order import Order, Report


class Fleet(Protocol):
    """Gives orders to every worker that lives, the one that calls among them. Safe to call from several threads."""

    def order(self, order: Order) -> Sequence[Report]:
        """Has every worker carry out an order; returns what each says, once all have said it.

        All workers see all orders in one sequence. A worker that begins later begins with what they came to.

        Raises:
            Unavailable: the order cannot be handed on; nobody carries it out.
        """
        ...

    def reports(self) -> Sequence[Report]:
        """Who lives, and which bundle answers there. Raises Unavailable."""
        ...

    @property
    def is_durable(self) -> bool:
        """Whether what was ordered outlives the processes."""
        ...

    @property
    def name(self) -> str:
        """Of this worker."""
        ...

    def close(self) -> None:
        """Leaves: nobody waits for this worker any more."""
        ...
