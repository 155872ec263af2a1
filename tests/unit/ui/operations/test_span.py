"""Increases, rates and quantiles between two scrapes."""

import math

import pytest

from winnow.schema.errors import RequestError
from winnow.ui.operations.scrape import Scrape
from winnow.ui.operations.span import Span

BEFORE = """
requests_total{route="a",status="200"} 10
requests_total{route="a",status="500"} 1
requests_total{route="b",status="200"} 5
took_bucket{le="0.1"} 10
took_bucket{le="1.0"} 10
took_bucket{le="+Inf"} 10
"""
AFTER = """
requests_total{route="a",status="200"} 40
requests_total{route="a",status="500"} 2
requests_total{route="b",status="200"} 3
requests_total{route="c",status="200"} 7
took_bucket{le="0.1"} 10
took_bucket{le="1.0"} 18
took_bucket{le="+Inf"} 20
"""


def span(before: str = BEFORE, after: str = AFTER) -> Span:
    return Span(before=Scrape.read(before, 100.0), after=Scrape.read(after, 110.0))


def test_an_increase_is_summed_over_what_is_not_said() -> None:
    assert span().increase("requests_total", route="a") == 31
    assert span().by("requests_total", "status", route="a") == {"200": 30, "500": 1}


def test_a_counter_that_fell_began_anew_and_one_that_is_new_began_at_nothing() -> None:
    assert span().by("requests_total", "route") == {"a": 31, "b": 3, "c": 7}


def test_a_rate_is_per_second_and_none_since_the_service_began() -> None:
    assert span().rate("requests_total", route="a") == pytest.approx(3.1)
    assert math.isnan(Span(before=Scrape(), after=Scrape.read(AFTER, 110.0)).rate("requests_total"))


@pytest.mark.parametrize(("share", "expected"), [(0.4, 0.55), (0.8, 1.0), (0.99, 1.0)])
def test_a_quantile_lies_even_within_its_bucket_and_never_above_the_last_bound(share: float, expected: float) -> None:
    # Ten more: eight of them between 0.1 and 1, two above.
    assert span().quantile(share, "took") == pytest.approx(expected)


def test_of_nothing_there_is_no_quantile() -> None:
    assert math.isnan(span(after=BEFORE).quantile(0.5, "took"))
    assert math.isnan(span().quantile(0.5, "other"))


def test_what_is_not_of_prometheus_is_refused() -> None:
    with pytest.raises(RequestError, match="not what Prometheus reads"):
        Scrape.read("<html> {", 0.0)


def test_a_label_is_that_of_the_largest_sample() -> None:
    told = 'info{bundle="old"} 0\ninfo{bundle="new"} 2\n'
    assert Scrape.read(told, 0.0).label("info", "bundle") == "new"
    assert not Scrape.read(told, 0.0).label("other", "bundle")
