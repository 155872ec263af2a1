"""The engines that are open at one moment, and what each is for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from winnow.engine.engine import Engine
from winnow.schema.errors import RequestError
from winnow.schema.stable_hash import stable_hash
from winnow.serving.engines.seat import Seat

Role = Literal["prepared", "shadow", "canary"]
HASHES = 2.0**64


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineup:
    """One frozen state of the service. A request takes one engine of it, once, and keeps to that.

    Attributes:
        serving: answers.
        previous: answered before, and stays ready to do so again; None where there is none.
        candidate: may serve next; None where there is none.
        role: of the candidate: it waits, or is asked beside the one that serves, or answers a share of the visitors.
        share: of the visitors whom a candidate in the role of a canary answers, 0 to 1.
    """

    serving: Seat
    previous: Seat | None = None
    candidate: Seat | None = None
    role: Role = "prepared"
    share: float = 0.0

    @property
    def shadow(self) -> Seat | None:
        """The candidate that is asked beside the one that serves."""
        return self.candidate if self.role == "shadow" else None

    @property
    def seats(self) -> tuple[Seat, ...]:
        """All bundles that are open, the one that serves first."""
        return tuple(each for each in (self.serving, self.candidate, self.previous) if each is not None)

    @property
    def answering(self) -> tuple[Engine, ...]:
        """The engines that answer visitors, the one that serves first."""
        canary = self.candidate if self.role == "canary" else None
        return (self.serving.engine,) if canary is None else (self.serving.engine, canary.engine)

    def knows(self, item_id: str) -> bool:
        """Whether any bundle has the item: visitors may speak of what another one showed them."""
        return any(each.engine.catalogue.row(item_id) >= 0 for each in self.seats)

    def engine_for(self, visitor: str) -> Engine:
        """The engine that answers a visitor, the same one as long as the lineup is the same.

        Args:
            visitor: a name; of somebody who has none, anything that is drawn anew for each request.
        """
        if self.role != "canary" or self.candidate is None:
            return self.serving.engine
        # Salted with the bundle: the next canary is not put before the same visitors again.
        draw = stable_hash(f"{self.candidate.engine.digest}:{visitor}") / HASHES
        return self.candidate.engine if draw < self.share else self.serving.engine

    def seat(self, name: str) -> Seat | None:
        """The open bundle of a name; None where there is none."""
        return next((each for each in self.seats if each.name == name), None)

    def prepared(self, seat: Seat) -> "Lineup":
        """With this candidate, instead of any other."""
        return replace(self, candidate=seat, role="prepared", share=0.0)

    def dropped(self, name: str) -> "Lineup":
        """Without the candidate, if it has this name."""
        if self.candidate is None or self.candidate.name != name:
            return self
        return replace(self, candidate=None, role="prepared", share=0.0)

    def switched(self, name: str) -> "Lineup":
        """With the candidate or the previous bundle of this name serving, and the one that does as the previous one.

        Raises:
            RequestError: no open bundle has the name.
        """
        seat = self._open(name)
        if seat is self.serving:
            return self
        return replace(self.dropped(name), serving=seat, previous=self.serving)

    def cast(self, name: str, role: Role, share: float = 0.0) -> "Lineup":
        """With the candidate in a role. Raises RequestError where the candidate has another name."""
        if self._open(name) is not self.candidate:
            raise RequestError(f"The bundle {name} is no candidate: it serves, or did before. Name another one.")
        return replace(self, role=role, share=share)

    def changed(self, change: Callable[[Seat], Seat | None]) -> "Lineup":
        """With every seat replaced by what the change makes of it, None for one that leaves."""
        serving = change(self.serving) or self.serving
        previous = self.previous and change(self.previous)
        candidate = self.candidate and change(self.candidate)
        same = replace(self, serving=serving, previous=previous, candidate=candidate)
        return same if candidate is not None else replace(same, role="prepared", share=0.0)

    def _open(self, name: str) -> Seat:
        seat = self.seat(name)
        if seat is None:
            raise RequestError(f"The bundle {name} is not prepared in this process.")
        return seat
