"""The service as the pages see it: asked without waiting, and every fault is a value."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import local
from typing import TypeVar

from winnow.api.client import Client
from winnow.schema.errors import WinnowError
from winnow.ui.fault import SLOW, Fault, fault_of
from winnow.ui.settings import Settings

T = TypeVar("T")
THREADS = 16
"""Calls at once; each thread keeps its own connections, for a client is not for several threads."""


class Service:
    """Calls the service in threads, so that the pages of other visitors go on meanwhile.

    Args:
        settings: address, keys and patience.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(THREADS, "service")
        self._own = local()

    async def ask(self, call: Callable[[Client], T]) -> T | Fault:
        """What a call answers, as in `await service.ask(lambda client: client.trending(k=8))`."""
        return await self._called(self._settings.key, call, self._settings.timeout_s)

    async def manage(self, call: Callable[[Client], T], patience_s: float | None = None) -> T | Fault:
        """The same with the key that may do all: state of visitors, bundles, reports.

        Args:
            call: with a client.
            patience_s: how long the answer may take, where that is longer than usual.
        """
        return await self._called(self._settings.admin_key, call, patience_s or self._settings.timeout_s)

    async def _called(self, key: str, call: Callable[[Client], T], patience_s: float) -> T | Fault:
        running = asyncio.get_running_loop().run_in_executor(self._threads, self._answer, key, call, patience_s)
        try:
            # Also while all threads are busy, which the client's own timeout does not see.
            return await asyncio.wait_for(running, 2 * patience_s)
        except TimeoutError:
            return SLOW

    def _answer(self, key: str, call: Callable[[Client], T], patience_s: float) -> T | Fault:
        try:
            return call(self._client(key, patience_s))
        except WinnowError as error:
            return fault_of(error)

    def _client(self, key: str, patience_s: float) -> Client:
        clients: dict[tuple[str, float], Client] = self._own.__dict__.setdefault("clients", {})
        if (key, patience_s) not in clients:
            clients[key, patience_s] = Client(self._settings.service, key or None, patience_s)
        return clients[key, patience_s]
