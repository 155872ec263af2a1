"""What the service knows of who visits."""

from collections.abc import Iterable

from winnow.api.visitor_state import VisitorState
from winnow.schema.schema import EventType
from winnow.ui.fault import Fault
from winnow.ui.service import Service
from winnow.ui.visit import Visit

DONE = tuple(each for each in EventType if each is not EventType.IMPRESSION)
"""What visitors do. Impressions come by the hundred, and nobody does them."""


async def known_of(service: Service, visit: Visit, types: Iterable[EventType]) -> VisitorState | Fault:
    """The state of the visit's user or session, with the last events of these types."""
    return await service.manage(
        lambda client: (
            client.state(visit.user_id, types) if visit.user_id else client.session_state(visit.session_id, types)
        )
    )
