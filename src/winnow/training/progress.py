"""How work tells how far it is: in like steps, or in one go."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from winnow.schema.progress import Progress, silent

__all__ = ["Advance", "Progress", "counted", "one_step", "silent"]

Advance = Callable[[int], None]
"""Called with how many more steps are done."""


def counted(progress: Progress, what: str, total: int) -> Advance:
    """Tells of `total` steps as they are done, and of none at once, so that the time of the first one counts."""
    done = 0
    progress(what, done, total)

    def advance(more: int) -> None:
        nonlocal done
        done += more
        progress(what, done, total)

    return advance


@contextmanager
def one_step(progress: Progress, what: str) -> Generator[None]:
    """Tells of work that is done in one go, and in less than two seconds: nobody can say how much of it is left."""
    progress(what, 0, 1)
    yield
    progress(what, 1, 1)
