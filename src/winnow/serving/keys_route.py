"""`POST /v1/admin/keys`."""

from dataclasses import dataclass

from fastapi import Response
from starlette.concurrency import run_in_threadpool

from winnow.api.keys_read import KeysRead
from winnow.schema.errors import RequestError, SettingsError
from winnow.serving.errors import json_response
from winnow.serving.key_ring import KeyRing


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysRoute:
    """Reads the keys file at once; without this call a change counts within a second."""

    ring: KeyRing

    async def post(self) -> Response:
        """Read the keys file again. A file that is wrong changes nothing, and the answer says what is wrong."""
        try:
            answer: KeysRead = {"keys": await run_in_threadpool(self.ring.read)}
        except SettingsError as error:
            raise RequestError(f"The keys stay as they were. {error}") from error
        return json_response(answer)
