"""The service in one process, as callers see it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from tests.unit.serving.small_engine import small_engine
from winnow.engine.engine import Engine
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.app import create_app
from winnow.serving.settings.settings import Settings

KEY = "a-key-of-the-tests"
LOCAL = "127.0.0.1"


@dataclass(frozen=True)
class Caller:
    """Calls the application without a network, from any address."""

    app: FastAPI
    address: str = LOCAL
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(self, path: str, **how: Any) -> Response:
        return self.call("GET", path, **how)

    def post(self, path: str, **how: Any) -> Response:
        return self.call("POST", path, **how)

    def call(self, method: str, path: str, **how: Any) -> Response:
        return asyncio.run(self._call(method, path, **how))

    async def _call(self, method: str, path: str, **how: Any) -> Response:
        transport = ASGITransport(self.app, client=(self.address, 50_000))
        async with AsyncClient(transport=transport, base_url="http://winnow", headers=self.headers) as client:
            return await client.request(method, path, **how)


def caller_of(engine: Engine, *, keys: tuple[str, ...] = (), address: str = LOCAL, **headers: str) -> Caller:
    return Caller(create_app(engine, Settings(key_hashes=hashed_keys(keys))), address, headers)


@pytest.fixture
def client() -> Caller:
    """A caller with a key."""
    return caller_of(small_engine(), keys=(KEY,), Authorization=f"Bearer {KEY}")
