"""The demo's recipe, with a click model in which every candidate looks at what its user did."""

from dataclasses import replace

from winnow.models.click_sizes import ClickSizes
from winnow.recipes.config import Config
from winnow.recipes.recipes import demo
from winnow.training.clicks_config import ClicksConfig

LAST_EVENTS = 50


def demo_with_history() -> Config:
    """Target attention over the last 50 events."""
    return replace(demo(), clicks=ClicksConfig(sizes=ClickSizes(history=LAST_EVENTS)))
