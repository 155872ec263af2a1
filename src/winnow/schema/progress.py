"""How long work tells how far it is, in rooms that know nothing of who listens."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""(what is being done, steps done, steps in all)"""


def silent(what: str, done: int, total: int) -> None:
    """Tells nobody."""
