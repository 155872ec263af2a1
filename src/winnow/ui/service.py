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
        return await self._called(self._settings.key, call)

    async def manage(self, call: Callable[[Client], T]) -> T | Fault:
        """The same with the key that may do all: state of visitors, bundles, reports."""
        return await self._called(self._settings.admin_key, call)

    async def _called(self, key: str, call: Callable[[Client], T]) -> T | Fault:
        running = asyncio.get_running_loop().run_in_executor(self._threads, self._answer, key, call)
        try:
            # Also while all threads are busy, which the client's own timeout does not see.
            return await asyncio.wait_for(running, 2 * self._settings.timeout_s)
        except TimeoutError:
            return SLOW

    def _answer(self, key: str, call: Callable[[Client], T]) -> T | Fault:
        try:
            return call(self._client(key))
        except WinnowError as error:
            return fault_of(error)

    def _client(self, key: str) -> Client:
        clients: dict[str, Client] = self._own.__dict__.setdefault("clients", {})
        if key not in clients:
            clients[key] = Client(self._settings.service, key or None, self._settings.timeout_s)
        return clients[key]
