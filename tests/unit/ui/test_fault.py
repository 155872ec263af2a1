"""Every error of the client is a fault that a page can show."""

import pytest

from winnow.api.refused_error import RefusedError
from winnow.schema.errors import RequestError, Unavailable
from winnow.ui.fault import FaultKind, fault_of


def slow() -> Unavailable:
    error = Unavailable("It does not answer: timed out.")
    error.__cause__ = TimeoutError()
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Unavailable("Nobody answers."), FaultKind.DOWN),
        (slow(), FaultKind.SLOW),
        (RefusedError(404, "not_found", "No such route."), FaultKind.MISSING),
        (RefusedError(404, "unknown_item", "No such item."), FaultKind.REFUSED),
        (RefusedError(401, "key_missing", "A key is needed."), FaultKind.SHUT),
        (RefusedError(403, "role_missing", "Another key is needed."), FaultKind.SHUT),
        (RequestError("That cannot be sent."), FaultKind.REFUSED),
    ],
)
def test_its_kind_is_told(error, kind) -> None:
    fault = fault_of(error)
    assert fault.kind == kind
    assert all((fault.title, fault.sentence, fault.advice))
