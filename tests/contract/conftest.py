"""What contract tests of one thing share."""

from collections.abc import Iterator

import pytest

from tests.contract.state_stores import CONTESTANTS, Fresh


@pytest.fixture(scope="module", params=CONTESTANTS)
def fresh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    """Each state store in turn."""
    with CONTESTANTS[request.param](tmp_path_factory.mktemp("state")) as made:
        yield made
