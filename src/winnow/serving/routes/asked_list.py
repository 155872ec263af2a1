"""What one caller asks for, understood."""

from dataclasses import dataclass

from winnow.api.recommendations import RecommendationRequest
from winnow.pipeline.requests import Requests
from winnow.serving.routes.cursor import Cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedList:
    """A request that can be answered.

    Attributes:
        asked: as parsed.
        earlier: the pages before.
        requests: the same as the pipeline takes it, a single row.
    """

    asked: RecommendationRequest
    earlier: Cursor
    requests: Requests

    @property
    def request_id(self) -> str:
        """Names the answer."""
        return self.requests.request_ids[0]

    @property
    def visitor(self) -> str:
        """The name of who asks; "" for nobody in particular."""
        return self.requests.user_ids[0]
