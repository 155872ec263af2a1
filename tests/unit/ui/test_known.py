"""What the service knows of who visits."""

import asyncio
from typing import Any, cast

import pytest

from winnow.schema.schema import EventType
from winnow.ui.known import DONE, known_of
from winnow.ui.service import Service
from winnow.ui.visit import Visit


class Telling:
    """Stands for the service and its client; says what it was asked."""

    async def manage(self, call: Any) -> Any:
        return call(self)

    def state(self, user_id: str, types: Any) -> Any:
        return ("user", user_id, types)

    def session_state(self, session_id: str, types: Any) -> Any:
        return ("session", session_id, types)


@pytest.mark.parametrize(
    ("visit", "wanted"), [(Visit(user_id="a"), ("user", "a")), (Visit(session_id="b"), ("session", "b"))]
)
def test_what_visitors_do_is_asked_for_apart_from_what_they_were_shown(visit: Visit, wanted: tuple[str, str]) -> None:
    assert asyncio.run(known_of(cast("Service", Telling()), visit, DONE)) == (*wanted, DONE)
    assert set(EventType) - set(DONE) == {EventType.IMPRESSION}
