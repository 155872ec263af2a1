"""By which name stores know the visitor that a caller means."""

from urllib.parse import unquote

from winnow.api.limits import MAX_ID_CHARS
from winnow.schema.session_name import SESSION_PREFIX, is_session, session_name
from winnow.serving.routes.json_body import described, invalid

AT_LOGIN = "When a visitor logs in, send PUT /v1/users/USER/sessions/SESSION once, and name the user from then on."


def visitor_name(user_id: str | None, session_id: str | None, place: str = "") -> str:
    """The name of a user or of a session; "" where the caller names neither.

    Args:
        user_id: as it came; empty is absent.
        session_id: likewise.
        place: where the two stand in the body, with its dot.

    Raises:
        ApiError: 422; both came, or the user id is the name of a session.
    """
    if user_id and session_id:
        field = f"{place}session_id"
        raise invalid(field, f"'{place}user_id' and '{field}' both came; a visitor goes by one of them. {AT_LOGIN}")
    return session_name(session_id) if session_id else _user_name(user_id or "", f"{place}user_id")


def named_visitor(user_id: str | None, session_id: str | None, place: str) -> str:
    """The same of an event, which must name its visitor.

    Raises:
        ApiError: 422; as above, or neither came.
    """
    name = visitor_name(user_id, session_id, place)
    if not name:
        field = f"{place}user_id"
        sentence = f"'{field}' is missing, and so is '{place}session_id'; an event names its visitor by one of them."
        raise invalid(field, sentence)
    return name


def user_in_path(written: str) -> str:
    """A user id out of an address.

    Args:
        written: its part of the address, percent-encoded.

    Raises:
        ApiError: 422; it is no text, too long, or the name of a session.
    """
    return _user_name(_decoded(written, "user_id"), "user_id")


def session_in_path(written: str) -> str:
    """A session id out of an address, not yet the session's name. Raises as `user_in_path` does."""
    return _decoded(written, "session_id")


def _user_name(user_id: str, field: str) -> str:
    if is_session(user_id):
        sentence = (
            f"'{field}' is {described(user_id)}; names that begin with '{SESSION_PREFIX}' are those of sessions. "
        )
        raise invalid(field, sentence + "Send what follows as the session id, or another user id.")
    return user_id


def _decoded(written: str, field: str) -> str:
    try:
        name = unquote(written, errors="strict")
    except UnicodeDecodeError as error:
        sentence = f"'{field}' in the address is not UTF-8; percent-encode the UTF-8 bytes of an id."
        raise invalid(field, sentence) from error
    if len(name) > MAX_ID_CHARS:
        raise invalid(field, f"'{field}' in the address has {len(name)} characters; at most {MAX_ID_CHARS} are taken.")
    return name
