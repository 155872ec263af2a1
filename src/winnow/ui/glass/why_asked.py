"""What the service is asked for one item of a visit."""

import json
from dataclasses import asdict

from winnow.api.why import WhyRequest
from winnow.ui.visit import Visit

REST = ("context", "filters", "diversity", "explore")


def why_asked(visit: Visit, item_id: str, request_id: str = "") -> WhyRequest:
    """Why the item is or is not in what this visit is recommended.

    Args:
        visit: whose recommendations.
        item_id: of the item.
        request_id: of the answer that is asked about: one that was drawn is drawn again.
    """
    said = asdict(visit.request())
    rest = {name: said[name] for name in REST if said[name] is not None}
    return WhyRequest(
        item_id=item_id,
        user_id=visit.user_id,
        session_id=visit.session_id,
        k=visit.k,
        request_id=request_id,
        asked=json.dumps(rest),
    )
