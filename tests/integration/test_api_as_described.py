"""Schemathesis holds the service against /openapi.json: what it makes up is answered as described, never with a 5xx."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, Config, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.integration.conftest import KEY
from tests.unit.serving.live_service import live_service
from winnow.engine.engine import Engine
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.settings.settings import Settings

HEADERS = {"Authorization": f"Bearer {KEY}"}
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
)
REFUSALS = ["400", "401", "403", "404", "405", "413", "422"]
CONFIG = Config.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}})
MODES = {"as it should be": GenerationMode.POSITIVE, "otherwise": GenerationMode.NEGATIVE}
QUIETLY = settings(database=None, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def operations(engine: Engine) -> Iterator[list[APIOperation]]:
    with live_service(engine, Settings(port=0, key_hashes=hashed_keys([KEY]))) as (host, port):
        described = schemathesis.openapi.from_url(f"http://{host}:{port}/openapi.json", config=CONFIG)
        yield [each.ok() for each in described.get_all_operations()]


def hold(operations: list[APIOperation], mode: GenerationMode, examples: int) -> int:
    """How many routes were called, each with so many examples that fit its description, or do not."""
    if mode is GenerationMode.NEGATIVE:
        operations = [each for each in operations if each.body or list(each.iter_parameters())]
    called = len(operations)
    for operation in operations:

        @settings(QUIETLY, max_examples=examples)
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Case) -> None:
            case.call_and_validate(headers=HEADERS, checks=CHECKS)

        try:
            check()
        except Unsatisfiable:
            # Of some routes nothing can be made up that does not fit: any text is an id.
            called -= 1
    return called


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_every_route_answers_as_it_is_described(operations, mode):
    assert hold(operations, mode, examples=6) >= 10


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_every_route_answers_as_it_is_described_a_long_time(operations, mode):
    assert hold(operations, mode, examples=300) >= 10
