"""Pictures of items, fetched from the service for browsers, which never see where it is."""

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Response

from winnow.ui.fault import Fault, FaultKind
from winnow.ui.service import Service

SIGNS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
)
"""How the files begin that are passed on. Anything else, such as a page that runs, is not."""
KEPT = {"Cache-Control": "public, max-age=3600"}
NONE_KEPT = {"Cache-Control": "public, max-age=60"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Answers `GET /pictures/{item_id}`.

    Attributes:
        service: who has them.
    """

    service: Service

    async def get(self, item_id: str) -> Response:
        """A picture; 404 where the item has none, and then the card shows letters; 503 while nobody answers."""
        path = f"/v1/items/{quote(item_id, safe='')}/picture"
        found = await self.service.ask(lambda client: client.fetch(path))
        if isinstance(found, Fault):
            is_down = found.kind in {FaultKind.DOWN, FaultKind.SLOW}
            return Response(status_code=503) if is_down else Response(status_code=404, headers=NONE_KEPT)
        media_type = next((name for sign, name in SIGNS if found.startswith(sign)), None)
        if media_type is None:
            return Response(status_code=404, headers=NONE_KEPT)
        return Response(found, media_type=media_type, headers=KEPT)
