"""A fleet of one worker, which obeys at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from winnow.schema.errors import Unavailable, WinnowError
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.orders.order import Order, Report

WORKER = "the only one"


@dataclass(frozen=True, slots=True)
class SoloFleet:
    """Where one process is the whole service.

    Attributes:
        live: obeys.
    """

    live: LiveEngine

    def order(self, order: Order) -> Sequence[Report]:
        """As in Fleet; Unavailable also where the only worker cannot carry it out, for then nobody does."""
        try:
            self.live.obey(order)
        except Unavailable:
            raise
        except WinnowError as error:
            return (self._report(str(error)),)
        return self.reports()

    def reports(self) -> Sequence[Report]:
        return (self._report(None),)

    @property
    def is_durable(self) -> bool:
        return self.live.is_durable

    @property
    def name(self) -> str:
        return WORKER

    def close(self) -> None:
        """Nobody ever waits."""

    def _report(self, refusal: str | None) -> Report:
        return Report(worker=WORKER, bundle=self.live.current.name, refusal=refusal)
