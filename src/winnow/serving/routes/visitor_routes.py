"""The routes of what is known of one visitor."""

from typing import Any

from fastapi import Depends, FastAPI

from winnow.api.forget_receipt import ForgetReceipt
from winnow.api.session_merge import SessionMerge
from winnow.api.state_reset import StateReset
from winnow.api.visitor_state import VisitorState
from winnow.serving.access.keys import Keys
from winnow.serving.routes.openapi import OF_A_VISITOR, refusals
from winnow.serving.routes.query_values import query_parameters
from winnow.serving.routes.visitors_route import WHICH_EVENTS, VisitorsRoute

USER, SESSION = "/v1/users/{user_id}", "/v1/sessions/{session_id}"


def add_visitor_routes(app: FastAPI, visitors: VisitorsRoute, keys: Keys, described: Any) -> None:
    """Adds them: what a session did is given to a user by whoever reports events, all else wants to be an admin.

    Args:
        app: to add them to.
        visitors: of the service.
        keys: of the service.
        described: the dependency that tells OpenAPI of keys.
    """
    shown = query_parameters(WHICH_EVENTS)
    for method, path, answer, shape, query in (
        ("PUT", f"{USER}/sessions/{{session_id}}", visitors.merge, SessionMerge, None),
        ("GET", f"{USER}/state", visitors.user_state, VisitorState, shown),
        ("GET", f"{SESSION}/state", visitors.session_state, VisitorState, shown),
        ("DELETE", f"{USER}/state", visitors.reset, StateReset, None),
        ("DELETE", USER, visitors.forget, ForgetReceipt, None),
    ):
        app.add_api_route(
            path,
            answer,
            methods=[method],
            dependencies=[described, Depends(keys.events_only if method == "PUT" else keys.admin_only)],
            response_model=shape,
            responses=refusals(OF_A_VISITOR),
            openapi_extra=query,
        )
