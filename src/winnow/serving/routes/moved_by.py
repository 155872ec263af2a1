"""What put an item elsewhere than where its score would."""

import numpy as np

from winnow.api.why import MovedBy
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
        if found.rule is not Rule.WORTH:
            return BY_RULE[found.rule]
        return None if found.rank == place else _by_selector(engine)
    by = _by_selector(engine)
    if by == "chance":
        return by
    if _is_full(engine, found.answer.item_rows, row):
        return "cap"
    return "score" if place > k else by


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
