"""Durations as people write them."""

import pytest

from winnow.ops.load.duration import milliseconds
from winnow.schema.errors import RequestError


@pytest.mark.parametrize(("text", "duration"), [("25ms", 25.0), ("0.1s", 100.0), (" 2 s ", 2000.0), ("0.5 ms", 0.5)])
def test_a_duration_is_read(text, duration):
    assert milliseconds(text) == duration


@pytest.mark.parametrize("text", ["", "25", "soon", "0ms", "-1s", "1e3ms", "25msec", "nan s"])
def test_what_is_no_duration_is_refused_with_an_example(text):
    with pytest.raises(RequestError, match="write it like 25ms"):
        milliseconds(text)
