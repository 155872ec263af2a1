"""What a recipe says of reranking, over a stock of items: stages behind the score, and the selector."""

from collections.abc import Sequence

import numpy as np

from winnow.data.positive_outcomes import AS_SHOWN
from winnow.engine.stock import Stock
from winnow.features.filter_values import FilterWords
from winnow.pipeline.cap import Cap
from winnow.pipeline.capped_selector import CappedSelector
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.dpp_selector import DppSelector
from winnow.pipeline.freshness_boost import FreshnessBoost
from winnow.pipeline.mmr_selector import MmrSelector
from winnow.pipeline.pinned_selector import PinnedSelector
from winnow.pipeline.pipeline_config import DIVERSE, PipelineConfig
from winnow.pipeline.promotion_boost import PromotionBoost
from winnow.pipeline.relevance_hydrator import RelevanceHydrator
from winnow.pipeline.reranking_config import CLICK, RerankingConfig
from winnow.pipeline.roles import Selector
from winnow.pipeline.selectors import GumbelSelector, ScoreSelector
from winnow.pipeline.stage import Stage, hydrate_stage, rescore_stage, score_stage
from winnow.pipeline.tradeoff import Tradeoff
from winnow.pipeline.worth_combiner import WorthCombiner
from winnow.schema.errors import RecipeError

DAY_S = 86400.0


def rescoring(stock: Stock, config: PipelineConfig, further: Sequence[str] | None = None) -> tuple[Stage, ...]:
    """The stages behind the score: worth, boosts, and relevance where the selector weighs it.

    Args:
        stock: of items.
        config: what the recipe says.
        further: outcomes besides clicks whose chances candidates have; None where they have no chances at all.

    Raises:
        RecipeError: freshness is wanted, and the bundle does not know when items were first had; or an outcome is worth
            something, and the bundle does not know its chances.
    """
    rules, stages = config.reranking, list[Stage]()
    if rules.worth:
        stages.append(rescore_stage("worth", _worth(rules, further)))
    if rules.freshness:
        stages.append(score_stage("freshness", _freshness(stock, rules)))
    if rules.promotions:
        stages.append(score_stage("promotion", _promotion(stock.catalogue, rules)))
    if config.select in DIVERSE:
        stages.append(hydrate_stage("relevance", RelevanceHydrator()))
    return tuple(stages)


def selector_of(catalogue: Catalogue, config: PipelineConfig) -> Selector:
    """The selector, within its caps, within its pins.

    Raises:
        RecipeError: a cap is on what the catalogue does not keep as a category.
    """
    return _ruled(catalogue, config, _selector(catalogue, config))


def late_selector_of(catalogue: Catalogue, config: PipelineConfig) -> Selector | None:
    """What stands in for the selector when time is spent, within the same rules; None where it is as fast as any.

    Raises as `selector_of` does.
    """
    return None if config.select == "score" else _ruled(catalogue, config, ScoreSelector())


def _ruled(catalogue: Catalogue, config: PipelineConfig, selector: Selector) -> Selector:
    rules = config.reranking
    if rules.caps:
        caps = tuple(_cap(catalogue, name, most) for name, most in rules.caps.items())
        selector = CappedSelector(selector=selector, caps=caps)
    places = {catalogue.row(item): place for item, place in rules.pins.items() if catalogue.row(item) >= 0}
    return PinnedSelector(selector=selector, places=places) if places else selector


def _selector(catalogue: Catalogue, config: PipelineConfig) -> Selector:
    tradeoff = Tradeoff(diversity=config.reranking.diversity, limits=config.reranking.diversity_limits)
    match config.select:
        case "score":
            return ScoreSelector()
        case "sample":
            return GumbelSelector(temperature=config.temperature, limits=config.reranking.explore_limits)
        case "mmr":
            return MmrSelector(vectors=catalogue.tower, tradeoff=tradeoff)
        case "dpp":
            return DppSelector(vectors=catalogue.tower, tradeoff=tradeoff)


def _cap(catalogue: Catalogue, name: str, most: int) -> Cap:
    values = catalogue.filters.get(name)
    if not isinstance(values, FilterWords):
        has = ", ".join(name for name, each in catalogue.filters.items() if isinstance(each, FilterWords))
        raise RecipeError(
            f"There is a cap on '{name}', and the bundle has the values of: {has or 'nothing'}. Cap one of those, or "
            f"mark '{name}' in the schema as filterable (it has to be a category or an id) and train again."
        )
    return Cap(values=values.codes, most=most)


def _worth(rules: RerankingConfig, further: Sequence[str] | None) -> WorthCombiner:
    if further is None:
        raise RecipeError(
            "The recipe says what outcomes are worth, and the bundle has no click model to say how likely they are; "
            "train it with logged impressions, or take 'worth' out of the recipe."
        )
    if unknown := [name for name in rules.worth if name not in {CLICK, *further}]:
        raise RecipeError(
            f"The recipe says what '{unknown[0]}' is worth, and besides clicks the bundle knows the chances of: "
            f"{', '.join(further) or 'nothing'}. Take it out of the recipe's 'worth', or train again."
        )
    return WorthCombiner(
        click=rules.worth[CLICK],
        worth=np.array([rules.worth.get(name, 0.0) for name in further]),
        as_shown=np.isin(np.array(further, np.str_), AS_SHOWN),
    )


def _freshness(stock: Stock, rules: RerankingConfig) -> FreshnessBoost:
    if stock.counts is None:
        raise RecipeError(
            "The recipe boosts what is new, and the bundle does not know when items were first had; train it again, or "
            "set 'freshness' to 0."
        )
    half_life_s = rules.freshness_half_life_days * DAY_S
    return FreshnessBoost(first_at=stock.counts.first_at, amount=rules.freshness, half_life_s=half_life_s)


def _promotion(catalogue: Catalogue, rules: RerankingConfig) -> PromotionBoost:
    amounts = np.zeros(len(catalogue), np.float32)
    for item, amount in rules.promotions.items():
        if (row := catalogue.row(item)) >= 0:
            amounts[row] = amount
    return PromotionBoost(amounts=amounts)
