"""Progress of work that has no steps of its own."""

from collections.abc import Generator
from contextlib import contextmanager

from winnow.schema.progress import Progress, silent

__all__ = ["Progress", "one_step", "silent"]


@contextmanager
def one_step(progress: Progress, what: str) -> Generator[None]:
    """Tells of work that is done in one go."""
    progress(what, 0, 1)
    yield
    progress(what, 1, 1)
