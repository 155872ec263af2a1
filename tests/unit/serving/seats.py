"""Open bundles over the small shop."""

from dataclasses import replace

from tests.unit.serving.small_engine import small_engine
from winnow.serving.engines.seat import Seat


def seat(name: str) -> Seat:
    return Seat(name=name, engine=replace(small_engine(), name=f"bundle-of-{name}", digest=name * 64))
