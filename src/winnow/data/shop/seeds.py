"""Random streams by purpose, so that one draw more in one place changes nothing in another."""

import numpy as np

STREAMS = ("items", "users", "moments", "drift", "pilot", "day", "logged", "looks")


def stream(seed: int, purpose: str, *place: int) -> np.random.Generator:
    """A generator of its own for a purpose and, within that, a place such as a day and a block of users."""
    return np.random.default_rng(np.random.SeedSequence([seed, STREAMS.index(purpose), *place]))
