"""How long work tells how far it is."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]
"""(what is being done, steps done, steps in all)"""


def silent(what: str, done: int, total: int) -> None:
    """Tells nobody."""


@contextmanager
def one_step(progress: Progress, what: str) -> Generator[None]:
    """Tells of work that is done in one go."""
    progress(what, 0, 1)
    yield
    progress(what, 1, 1)
