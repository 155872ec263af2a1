"""`/v1/admin/bundle`: another bundle serves, answers a share, or is asked beside the one that serves."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from fastapi import Request, Response
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from winnow.api.bundles import (
    BundleRequest,
    BundleStatus,
    CanaryRequest,
    CandidateBundle,
    OpenBundle,
    ShadowFigures,
)
from winnow.bundle.registry import Registry
from winnow.schema.errors import BundleError, RequestError, Unavailable
from winnow.serving.engines.lineup import Lineup, Role
from winnow.serving.engines.live_engine import NO_REGISTRY, LiveEngine
from winnow.serving.engines.seat import Seat
from winnow.serving.engines.shadow import Shadow
from winnow.serving.engines.shadow_tally import ShadowTally
from winnow.serving.errors import ApiError, json_response
from winnow.serving.fleet.fleet import Fleet
from winnow.serving.orders.carried_out import carried_out
from winnow.serving.orders.order import Order, Report
from winnow.serving.routes.json_body import read_json

NAMED, CANARY = TypeAdapter(BundleRequest), TypeAdapter(CanaryRequest)


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleRoute:
    """Has all workers do the same: all of them prepare a bundle, and only if all can, all of them switch to it.

    Attributes:
        live: the lineup of this worker.
        fleet: hands orders to all.
        shadow: what this worker knows of a candidate.
    """

    live: LiveEngine
    fleet: Fleet
    shadow: Shadow
    _turn: Lock = field(default_factory=Lock, init=False)

    async def get(self) -> Response:
        """Which bundles are open, and what they are for."""
        return await self._answered(lambda: None)

    async def promote(self, request: Request) -> Response:
        """Have a bundle of the registry serve, once all workers have opened and tried it."""
        name = (await read_json(request, NAMED)).name
        return await self._answered(lambda: self._promote(name))

    async def roll_back(self) -> Response:
        """Have the bundle serve that did before; a second call takes the first back."""
        return await self._answered(self._roll_back)

    async def cast_shadow(self, request: Request) -> Response:
        """Ask a bundle what visitors ask, beside the one that answers them."""
        name = (await read_json(request, NAMED)).name
        return await self._answered(lambda: self._cast(name, "shadow", {}))

    async def cast_canary(self, request: Request) -> Response:
        """Have a bundle answer a share of the visitors."""
        asked = await read_json(request, CANARY)
        return await self._answered(lambda: self._cast(asked.name, "canary", {"share": asked.share}))

    async def end_shadow(self) -> Response:
        """Let the bundle go that is asked beside the one that serves."""
        return await self._answered(lambda: self._end("shadow"))

    async def end_canary(self) -> Response:
        """Have the serving bundle answer all visitors again."""
        return await self._answered(lambda: self._end("canary"))

    async def _answered(self, act: Callable[[], None]) -> Response:
        return json_response(await run_in_threadpool(self._acted, act))

    def _acted(self, act: Callable[[], None]) -> BundleStatus:
        try:
            with self._turn:
                act()
            return self._status()
        except BundleError as error:
            raise ApiError(409, "bundle_refused", str(error)) from error

    def _promote(self, name: str) -> None:
        registry = self._known(name)
        before = self.live.lineup.serving.name
        self._all("prepare_bundle", name, ("drop_bundle", name))
        self._all("switch_bundle", name, ("switch_bundle", before))
        try:
            registry.promote(name)
        except OSError as error:
            self._order("switch_bundle", before)
            raise Unavailable(
                f"Which bundle serves cannot be written to {registry.folder}: {error.strerror}."
            ) from error

    def _roll_back(self) -> None:
        self._promote(self._registry().previous())

    def _cast(self, name: str, role: Role, told: Mapping[str, Any]) -> None:
        self._known(name)
        self._all("prepare_bundle", name, ("drop_bundle", name))
        self._all(role, name, ("drop_bundle", name), **told)

    def _end(self, role: Role) -> None:
        lineup = self.live.lineup
        if lineup.candidate is None or lineup.role != role:
            raise ApiError(409, f"no_{role}", f"No bundle is in the role of a {role}; there is nothing to end.")
        self._order("drop_bundle", lineup.candidate.name)

    def _registry(self) -> Registry:
        if self.live.shelf is None:
            raise ApiError(409, "no_registry", NO_REGISTRY)
        return self.live.shelf.registry

    def _known(self, name: str) -> Registry:
        registry = self._registry()
        try:
            registry.path_of(name)
        except BundleError as error:
            raise ApiError(404, "no_such_bundle", str(error), "name") from error
        return registry

    def _all(self, kind: str, name: str, undo: tuple[str, str], **told: Any) -> None:
        """Has every worker do something; where one cannot, all of them take it back."""
        try:
            self._order(kind, name, **told)
        except (RequestError, Unavailable) as error:
            self._order(*undo)
            if isinstance(error, Unavailable):
                raise
            raise ApiError(409, "bundle_refused", str(error), "name") from error

    def _order(self, kind: str, name: str, **told: Any) -> None:
        carried_out(self.fleet.order(Order(kind=kind, told={"name": name, **told}, at=time.time())))

    def _status(self) -> BundleStatus:
        lineup, reports = self.live.lineup, self.fleet.reports()
        return {
            "current": _open(lineup.serving),
            "previous": self._previous(),
            "candidate": _candidate(lineup),
            "workers": [{"worker": each.worker, "bundle": each.bundle} for each in reports],
            "shadow": None if lineup.shadow is None else self._figures(lineup.shadow, reports),
        }

    def _figures(self, candidate: Seat, reports: Sequence[Report]) -> ShadowFigures:
        """Of all workers: of this one as it is, of others as they told last."""
        tally = self.shadow.of(candidate.engine.digest)
        for each in reports:
            if each.shadow and each.worker != self.fleet.name:
                tally = tally.with_those_of(ShadowTally(**each.shadow))
        return tally.figures()

    def _previous(self) -> OpenBundle | None:
        """To which a roll-back would lead, open or not."""
        shelf = self.live.shelf
        name = None if shelf is None else shelf.registry.pointer().previous
        if shelf is None or name is None:
            return None
        seat = self.live.lineup.seat(name)
        if seat is not None:
            return _open(seat)
        manifest = shelf.registry.manifest_of(name)
        return {"name": name, "bundle": manifest.name, "digest": manifest.digest}


def _open(seat: Seat) -> OpenBundle:
    return {"name": seat.name, "bundle": seat.engine.name, "digest": seat.engine.digest}


def _candidate(lineup: Lineup) -> CandidateBundle | None:
    seat = lineup.candidate
    if seat is None:
        return None
    return {**_open(seat), "role": lineup.role, "share": lineup.share, "trial": seat.trial}
