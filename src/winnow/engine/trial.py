"""Whether an engine that was just opened may be put before visitors."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from winnow.engine.canary_requests import answered, asked, canary_requests
from winnow.engine.canary_set import Answer, CanarySet
from winnow.engine.engine import Engine
from winnow.schema.errors import BundleError, RequestError

AGREEMENT = 0.95
"""Share of the known answers that must come again: equals may change places on another machine, the rest may not."""
TOLERANCE = 1e-3
"""Of a score, beside 1 and beside its own size: other processors add up in another order."""
WARM = 8


def trial(engine: Engine) -> str:
    """Asks the engine what it should know, warms it up, and says in a sentence how it did.

    Raises:
        BundleError: it answers otherwise than when it was trained, or too few items, or cannot be asked.
    """
    try:
        said = _judged(engine, engine.canaries or canary_requests(engine))
        _warm_up(engine)
    except RequestError as error:
        raise BundleError(f"The bundle {engine.name} cannot be asked its canary requests: {error}") from error
    return said


def _judged(engine: Engine, canaries: CanarySet) -> str:
    found = answered(engine, canaries)
    asked_of_it = f"{len(found.users)} canary requests"
    if not canaries.answers:
        _check_filled(engine, found)
        return f"{asked_of_it} are answered; the bundle does not bring what the answers should be."
    share = agreement(canaries.answers, found.answers)
    if share < AGREEMENT:
        raise BundleError(
            f"The bundle {engine.name} answers otherwise than when it was trained: {share:.1%} of the items of "
            f"{asked_of_it} come again with their scores, at least {AGREEMENT:.0%} are wanted. Train it again with the "
            "versions that serve it."
        )
    return f"{asked_of_it} are answered as in training: {share:.1%} of their items come again with their scores."


def agreement(expected: Iterable[Answer], found: Iterable[Answer]) -> float:
    """Share of the expected items that were found, in the same request and with the same score; 1 for none expected."""
    pairs = [(answer, other) for answer, other in zip(expected, found, strict=True)]
    same = sum(_is_close(score, other.get(item)) for answer, other in pairs for item, score in answer.items())
    wanted = sum(len(answer) for answer, _ in pairs)
    return same / wanted if wanted else 1.0


def _is_close(score: float, other: float | None) -> bool:
    return other is not None and abs(score - other) <= TOLERANCE * (1 + abs(score))


def _check_filled(engine: Engine, found: CanarySet) -> None:
    wanted = min(found.k, int(np.count_nonzero(engine.catalogue.allowed)))
    short = [len(answer) for answer in found.answers if len(answer) < wanted]
    if short or not wanted:
        raise BundleError(
            f"The bundle {engine.name} answers {len(short)} of {len(found.users)} canary requests with fewer than "
            f"{wanted or found.k} items. Train it again."
        )


def _warm_up(engine: Engine) -> None:
    """A few requests through all that answers one, stores included, so that no visitor's is the first."""
    questions = engine.canaries or canary_requests(engine)
    for row in range(min(WARM, len(questions.users))):
        one = replace(questions, users=questions.users[row : row + 1], contexts=questions.contexts[row : row + 1])
        engine.pipeline(asked(engine, one))
