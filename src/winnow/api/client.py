"""The Python client of the service."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Unpack
from urllib.parse import quote, urlsplit

import orjson

from winnow.api.batch import BatchRequest, BatchResponse
from winnow.api.bundles import BundleRequest, BundleStatus, CanaryRequest
from winnow.api.catalogue import CatalogueRequest, CatalogueResponse
from winnow.api.events import EventsRequest, EventsResponse, VisitorEvent
from winnow.api.forget_receipt import ForgetReceipt
from winnow.api.items import ItemChange, ItemRequest, ItemResponse
from winnow.api.kept_connection import KeptConnection
from winnow.api.recommendations import Choice, RecommendationRequest, RecommendationResponse
from winnow.api.refused_error import RefusedError
from winnow.api.report import ReportResponse
from winnow.api.score import ScoreRequest, ScoreResponse
from winnow.api.session_merge import SessionMerge
from winnow.api.shop import ShopResponse
from winnow.api.similar import SimilarResponse
from winnow.api.state_reset import StateReset
from winnow.api.status import ReadyResponse
from winnow.api.trending import TrendingResponse
from winnow.api.visitor_state import VisitorState
from winnow.api.why import WhyRequest, WhyResponse
from winnow.schema.errors import RequestError, Unavailable

BUNDLE = "/v1/admin/bundle"
STALE = (BrokenPipeError, ConnectionResetError)
"""What a kept connection says when the service has closed it meanwhile."""


class Client:
    """Speaks to one service over one kept connection; not for several threads at once.

    Args:
        url: where the service listens, such as "http://127.0.0.1:8080"; a path before /v1 is kept.
        key: API key, or None where none is needed.
        timeout_s: how long one read or write may take.
    """

    def __init__(self, url: str, key: str | None = None, timeout_s: float = 10.0) -> None:
        self._url = url
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        self._connection = KeptConnection(url, headers, timeout_s)
        self._path = urlsplit(url).path.rstrip("/")

    def recommend(
        self,
        user_id: str | None = None,
        context: Mapping[str, Any] | None = None,
        k: int = 10,
        exclude: Sequence[str] = (),
        **choice: Unpack[Choice],
    ) -> RecommendationResponse:
        """The k best items for a user or a session, of those that fit the choice. Raises as `call` does."""
        request = RecommendationRequest(
            user_id=user_id,
            session_id=choice.get("session_id"),
            context=dict(context or {}),
            k=k,
            exclude=list(exclude),
            filters=dict(choice.get("filters", {})),
            allow=None if (allow := choice.get("allow")) is None else list(allow),
            diversity=choice.get("diversity"),
            explore=choice.get("explore"),
            cursor=choice.get("cursor"),
            budget_ms=choice.get("budget_ms"),
            trace=choice.get("trace", False),
        )
        return self.call("POST", "/v1/recommendations", request)

    def batch(self, requests: Sequence[RecommendationRequest | Mapping[str, Any]]) -> BatchResponse:
        """Many lists in one call; each is answered or refused by itself. Raises as `call` does."""
        return self.call("POST", "/v1/batch", BatchRequest(requests=list(requests)))

    def score(self, request: ScoreRequest) -> ScoreResponse:
        """What given items are worth to a visitor, best first; nothing is filtered. Raises as `call` does."""
        return self.call("POST", "/v1/score", request)

    def why(self, request: WhyRequest) -> WhyResponse:
        """Why an item is or is not in a recommendation. Raises as `call` does."""
        given = {each.name: str(getattr(request, each.name)) for each in fields(request)}
        return self.call("GET", "/v1/why?" + "&".join(f"{name}={_quoted(value)}" for name, value in given.items()))

    def events(self, events: Sequence[VisitorEvent]) -> EventsResponse:
        """Reports what visitors did; safe to repeat with the same event ids. Raises as `call` does."""
        return self.call("POST", "/v1/events", EventsRequest(events=list(events)))

    def merge_session(self, user_id: str, session_id: str) -> SessionMerge:
        """Gives a user who has logged in what their session did; safe to repeat. Raises as `call` does."""
        return self.call("PUT", f"/v1/{_named('users', user_id)}/{_named('sessions', session_id)}")

    def state(self, user_id: str, types: Iterable[str] = ()) -> VisitorState:
        """What is known of a user, with events of these types; of all by default. Raises as `call` does."""
        return self.call("GET", f"/v1/{_named('users', user_id)}/state{_of_types(types)}")

    def session_state(self, session_id: str, types: Iterable[str] = ()) -> VisitorState:
        """The same of a session. Raises as `call` does."""
        return self.call("GET", f"/v1/{_named('sessions', session_id)}/state{_of_types(types)}")

    def reset(self, user_id: str) -> StateReset:
        """Deletes what a user did since the training; what is older goes on to count. Raises as `call` does."""
        return self.call("DELETE", f"/v1/{_named('users', user_id)}/state")

    def forget(self, user_id: str) -> ForgetReceipt:
        """Deletes what a user did, and closes what the bundle was trained on. Raises as `call` does."""
        return self.call("DELETE", f"/v1/{_named('users', user_id)}")

    def put_item(self, item_id: str, values: Mapping[str, Any]) -> ItemChange:
        """Adds an item or replaces it, by the item columns of the shop's schema. Raises as `call` does.

        Args:
            item_id: outside name.
            values: what JSON can hold; a picture is the content of its file, as bytes or base64.
        """
        sent = {name: _base64(value) if isinstance(value, bytes) else value for name, value in values.items()}
        return self.call("PUT", _item_path(item_id), ItemRequest(values=sent))

    def item(self, item_id: str) -> ItemResponse:
        """An item as people see it. Raises as `call` does."""
        return self.call("GET", _item_path(item_id))

    def shop(self) -> ShopResponse:
        """What may be asked of the bundle that serves, and what its answers hold. Raises as `call` does."""
        return self.call("GET", "/v1/shop")

    def catalogue(self, request: CatalogueRequest) -> CatalogueResponse:
        """A page of the items that may be recommended, found and counted. Raises as `call` does."""
        return self.call("POST", "/v1/catalogue", request)

    def picture(self, item_id: str) -> bytes:
        """The file of an item's picture: JPEG, PNG, WebP or GIF. Raises as `call` does, also where it has none."""
        return self.fetch(f"{_item_path(item_id)}/picture")

    def similar(self, item_id: str, k: int = 10, by: Mapping[str, float] | str | None = None) -> SimilarResponse:
        """The k items that are most like an item. Raises as `call` does.

        Args:
            item_id: of an item that may be recommended.
            k: items wanted.
            by: weights by part, or written as in the address: "picture:0.5,behaviour:0.2". By behaviour if absent.
        """
        written = ",".join(f"{name}:{weight}" for name, weight in by.items()) if isinstance(by, Mapping) else by
        mix = "" if written is None else f"&by={_quoted(written)}"
        return self.call("GET", f"{_item_path(item_id)}/similar?k={_quoted(str(k))}{mix}")

    def trending(self, k: int = 10, category: str = "") -> TrendingResponse:
        """The k items that are most in demand now, of all or of one category. Raises as `call` does."""
        return self.call("GET", f"/v1/trending?k={_quoted(str(k))}&category={_quoted(category)}")

    def withdraw_item(self, item_id: str) -> ItemChange:
        """Takes an item out of all answers. Raises as `call` does."""
        return self.call("DELETE", _item_path(item_id))

    def ready(self) -> ReadyResponse:
        """Which bundle answers. Raises as `call` does."""
        return self.call("GET", "/readyz")

    def bundles(self) -> BundleStatus:
        """Which bundles are open, and what they are for. Raises as `call` does."""
        return self.call("GET", BUNDLE)

    def report(self, bundle: str = "") -> ReportResponse:
        """The evaluation of the bundle that serves, or of one of the registry. Raises as `call` does."""
        return self.call("GET", f"/v1/admin/report?bundle={_quoted(bundle)}")

    def promote(self, name: str) -> BundleStatus:
        """Has a bundle of the registry serve, once all workers have tried it. Raises as `call` does."""
        return self.call("POST", BUNDLE, BundleRequest(name=name))

    def roll_back(self) -> BundleStatus:
        """Has the bundle serve that did before. Raises as `call` does."""
        return self.call("POST", f"{BUNDLE}/roll-back")

    def shadow(self, name: str | None) -> BundleStatus:
        """Asks a bundle what visitors ask, beside the one that answers; None ends it. Raises as `call` does."""
        path = f"{BUNDLE}/shadow"
        return self.call("DELETE", path) if name is None else self.call("PUT", path, BundleRequest(name=name))

    def canary(self, name: str | None, share: float = 0.05) -> BundleStatus:
        """Has a bundle answer a share of the visitors, above 0 and below 1; None ends it. Raises as `call` does."""
        path = f"{BUNDLE}/canary"
        return (
            self.call("DELETE", path) if name is None else self.call("PUT", path, CanaryRequest(name=name, share=share))
        )

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Sends one call and reads its JSON answer.

        Raises:
            RefusedError: the service did not do it; the sentence is its own.
            RequestError: the body holds what JSON cannot.
            Unavailable: nothing answers there, or it failed, or it is not a Winnow service.
        """
        return self._parsed(*self._answer(method, path, None if body is None else _written(body)))

    def fetch(self, path: str) -> bytes:
        """Reads what is no JSON, such as a picture. Raises as `call` does."""
        status, answer = self._answer("GET", path, None)
        if status < 400:
            return answer
        return self._parsed(status, answer)

    def close(self) -> None:
        """Lets the connection go; the next call opens another."""
        self._connection.close()

    def _answer(self, method: str, path: str, payload: bytes | None) -> tuple[int, bytes]:
        try:
            return self._exchange(method, self._path + path, payload)
        except OSError as error:
            self.close()
            reason = str(error) or type(error).__name__
            raise Unavailable(f"The service at {self._url} does not answer: {reason}. Is it running?") from error

    def _exchange(self, method: str, path: str, payload: bytes | None) -> tuple[int, bytes]:
        # A second try only on a connection that was open before: the service may have closed it while it was idle.
        # Events carry ids of their own, so that a call that was received twice counts once.
        kept = self._connection.is_open
        try:
            return self._connection.exchange(method, path, payload)
        except STALE:
            self.close()
            if not kept:
                raise
            return self._connection.exchange(method, path, payload)

    def _parsed(self, status: int, answer: bytes) -> Any:
        try:
            body = orjson.loads(answer)
        except orjson.JSONDecodeError as error:
            raise Unavailable(
                f"{self._url} answered status {status} and no JSON; is it the address of a Winnow service?"
            ) from error
        if status < 400:
            return body
        code, sentence = _refusal(body) or ("", f"{self._url} answered {status}.")
        raise RefusedError(status, code, sentence) if status < 500 else Unavailable(sentence)


def _base64(content: bytes) -> str:
    return b64encode(content).decode()


def _item_path(item_id: str) -> str:
    return f"/v1/items/{_quoted(item_id)}"


def _named(kind: str, name: str) -> str:
    # Not left to the service: some proxies make one slash of two, and the address would be another one.
    if not name:
        raise RequestError(f"The id of one of the {kind} is empty; it should have at least 1 character.")
    return f"{kind}/{_quoted(name)}"


def _of_types(types: Iterable[str]) -> str:
    return f"?types={_quoted(told)}" if (told := ",".join(types)) else ""


def _quoted(text: str) -> str:
    try:
        return quote(text, safe="")
    except UnicodeEncodeError as error:
        raise RequestError(f"{text[:60]!r} cannot be written in an address: it holds half a character.") from error


def _written(body: object) -> bytes:
    try:
        return orjson.dumps(body)
    except orjson.JSONEncodeError as error:
        raise RequestError(f"The request cannot be written as JSON: {error}.") from error


def _refusal(body: Any) -> tuple[str, str] | None:
    match body:
        case {"error": {"code": str(code), "message": str(message)}}:
            return code, message
        case _:
            return None
