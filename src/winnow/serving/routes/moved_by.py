"""What put an item elsewhere than where its score would."""

import numpy as np

from winnow.api.item_way import MovedBy
from winnow.engine.engine import Engine
from winnow.features.filter_values import FilterWords
from winnow.pipeline.explanation import Explanation
from winnow.pipeline.pipeline_config import DIVERSE
from winnow.pipeline.rule import Rule
from winnow.schema.column import Array

BY_RULE: dict[Rule, MovedBy] = {Rule.PIN: "pin", Rule.OVER_CAP: "over_cap"}


def moved_by(engine: Engine, found: Explanation, row: int, k: int) -> MovedBy | None:
    """What moved a candidate of this catalogue row, or kept it out of k items; None where its score alone decided."""
    if found.ranked is None:
        return None
    place = found.ranked.place
    if found.rank is not None:
        return moved_in_answer(engine, found.rule, found.rank, place)
    by = _by_selector(engine)
    if by == "chance":
        return by
    if _is_full(engine, found.answer.item_rows, row):
        return "cap"
    return "score" if place > k else by


def moved_in_answer(engine: Engine, rule: Rule, rank: int, place: int) -> MovedBy | None:
    """What put an item of an answer at its rank; None where that is its place by score, and no rule's."""
    if rule is not Rule.WORTH:
        return BY_RULE[rule]
    return None if rank == place else _by_selector(engine)


def _by_selector(engine: Engine) -> MovedBy:
    select = "score" if engine.assembly is None else engine.assembly.config.select
    if select in DIVERSE:
        return "diversity"
    return "chance" if select == "sample" else "others"


def _is_full(engine: Engine, answered: Array, row: int) -> bool:
    """Whether the answer holds as many items of a value of this one as a cap lets it."""
    caps = {} if engine.assembly is None else engine.assembly.config.reranking.caps
    for name, most in caps.items():
        values = engine.catalogue.filters[name]
        if isinstance(values, FilterWords) and values.codes[row] >= 0:
            same = int(np.count_nonzero(values.codes[answered] == values.codes[row]))
            if same >= most:
                return True
    return False
