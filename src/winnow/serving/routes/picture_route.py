"""`GET /v1/items/{item_id}/picture`."""

import hashlib
import logging
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from winnow.api.limits import MAX_PICTURE_BYTES, MAX_PICTURE_PIXELS
from winnow.engine.engine import Engine
from winnow.schema.errors import DataError, Unavailable
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.errors import ApiError
from winnow.serving.items.picture_files import PictureFiles
from winnow.serving.items.picture_head import PictureHead
from winnow.serving.routes.ended_path import is_ended
from winnow.serving.routes.items_route import ItemsRoute
from winnow.serving.routes.json_body import described
from winnow.serving.routes.known_item import known_row

logger = logging.getLogger(__name__)

ENDING = "/picture"
KEPT = "private, max-age=300"
"""By browsers. A picture that comes over HTTP is seen within that time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRoute:
    """Answers what was sent with the item, or else what the shop's folder has of it.

    Attributes:
        live: the engine of the moment.
        items: for items whose own id ends with `/picture`.
        files: of the shop; None where it named no folder.
    """

    live: LiveEngine
    items: ItemsRoute
    files: PictureFiles | None

    async def get(self, request: Request, item_id: str) -> Response:
        """The picture of an item that may be recommended, as its file is."""
        if not is_ended(request, ENDING):
            return await self.items.get(f"{item_id}{ENDING}")
        # In a thread: a disk may be slow, and requests go on meanwhile.
        content, media_type, tag = await run_in_threadpool(self._picture, item_id)
        headers = {"ETag": tag, "Cache-Control": KEPT}
        if _has(request.headers.get("If-None-Match", ""), tag):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=media_type, headers=headers)

    def _picture(self, item_id: str) -> tuple[bytes, str, str]:
        """Content, media type and entity tag.

        Raises:
            ApiError: 404, there is no such item, or it has no picture that may be shown.
            Unavailable: it was sent, and is damaged by now.
        """
        engine = self.live.current
        row = known_row(engine.catalogue, item_id)
        sent = self._sent(engine, item_id)
        content = self._filed(engine, row) if sent is None else _sent_content(engine, sent)
        if content is None:
            raise _none(item_id, "no picture was sent with it, and the folder of pictures (WINNOW_MEDIA) has none")
        head = PictureHead.of(content)
        if head is None:
            raise _none(item_id, "its file is no JPEG, PNG, WebP or GIF")
        if len(content) > MAX_PICTURE_BYTES or head.width * head.height > MAX_PICTURE_PIXELS:
            most = f"{MAX_PICTURE_BYTES:,} bytes and {MAX_PICTURE_PIXELS:,} pixels"
            raise _none(item_id, f"its file is larger than the {most} that are shown")
        return content, head.media_type, f'"{hashlib.sha256(content).hexdigest()[:32]}"'

    def _sent(self, engine: Engine, item_id: str) -> dict[str, Any] | None:
        try:
            return self.live.sent(engine, item_id)
        except DataError as error:
            logger.warning("%s", error)
            raise Unavailable(f"The picture that was sent with {described(item_id)} cannot be read now.") from error

    def _filed(self, engine: Engine, row: int) -> bytes | None:
        if self.files is None:
            return None
        catalogue, name = engine.catalogue, None
        for column in engine.picture_columns[:1]:
            # Where the schema keeps it off the cards, nobody knows its name.
            if column in catalogue.cards[row]:
                name = catalogue.cards[row][column] or ""
        return self.files.read(catalogue.item_ids[row], name)


def _sent_content(engine: Engine, values: dict[str, Any]) -> bytes | None:
    content = next((values.get(column) for column in engine.picture_columns), None)
    # Older programs kept pictures as they came.
    return b64decode(content) if isinstance(content, str) else content or None


def _has(tags: str, tag: str) -> bool:
    return any(each.strip().removeprefix("W/") in (tag, "*") for each in tags.split(","))


def _none(item_id: str, why: str) -> ApiError:
    return ApiError(404, "no_picture", f"There is no picture of the item with {described(item_id)} for its id: {why}.")
