"""The name by which a visitor without a user id goes, in stores, logs and training data alike."""

SESSION_PREFIX = "session:"
"""What the names of sessions begin with, and those of users must not."""


def session_name(session_id: str) -> str:
    """The session's name, which no user id is."""
    return f"{SESSION_PREFIX}{session_id}"


def is_session(name: str) -> bool:
    """Whether a visitor's name is that of a session."""
    return name.startswith(SESSION_PREFIX)
