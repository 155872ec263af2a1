"""What a recipe says outcomes are worth is checked before any work."""

from dataclasses import replace

import pytest

from tests.unit.training.planted import planted_dataset
from winnow.data.split import TimeSplit
from winnow.ops.click_part import check_worth
from winnow.pipeline.pipeline_config import PipelineConfig
from winnow.pipeline.reranking_config import RerankingConfig
from winnow.recipes.config import Config
from winnow.schema.errors import RecipeError
from winnow.schema.schema import Events
from winnow.training.clicks_config import ClicksConfig

SPLIT = TimeSplit(train_until=1.0, test_until=2.0)


def valued(clicks=None, **worth):
    return Config(name="valued", clicks=clicks, pipeline=PipelineConfig(reranking=RerankingConfig(worth=worth)))


def logging_shop(positives=("click",)):
    """What was shown does not matter here, only that it was logged."""
    shop = planted_dataset()
    schema = replace(shop.schema, events=Events(positives=positives))
    return replace(shop, schema=schema, impressions=shop.events)


def test_a_recipe_without_worth_asks_for_nothing():
    check_worth(planted_dataset(), SPLIT, valued())


def test_worth_of_what_heads_will_tell_is_fine():
    check_worth(logging_shop(), SPLIT, valued(ClicksConfig(), click=1, cart=3, purchase=10, dismiss=-2))


@pytest.mark.parametrize(("shop", "clicks"), [(planted_dataset(), ClicksConfig()), (logging_shop(), None)])
def test_worth_without_a_click_model_to_come_is_a_sentence(shop, clicks):
    with pytest.raises(RecipeError, match="'valued' says what outcomes are worth, which takes a click model"):
        check_worth(shop, SPLIT, valued(clicks, click=1, purchase=10))


def test_worth_of_what_is_positive_already_is_a_sentence():
    with pytest.raises(RecipeError, match=r"what 'cart' is worth; .* this shop, cart, .* click, purchase, dismiss"):
        check_worth(logging_shop(("cart",)), SPLIT, valued(ClicksConfig(), click=1, cart=3))
