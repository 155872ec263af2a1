"""Categories to codes, by a list of known ones."""

from dataclasses import dataclass, field

import numpy as np

from winnow.features.output import Output
from winnow.features.texts import texts_of
from winnow.schema.column import Array, Column
from winnow.schema.transform import FIRST_CODE, MISSING_CODE, UNKNOWN_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class VocabularyCodes:
    """Fitted `Vocabulary`.

    Attributes:
        known: text of the known values; `known[i]` has the code `FIRST_CODE + i`.
    """

    known: tuple[str, ...]
    _codes: dict[str | None, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        codes: dict[str | None, int] = {text: code for code, text in enumerate(self.known, FIRST_CODE)}
        object.__setattr__(self, "_codes", {**codes, None: MISSING_CODE})

    def outputs(self, name: str) -> tuple[Output, ...]:
        return (Output(name, "code", FIRST_CODE + len(self.known)),)

    def __call__(self, column: Column) -> tuple[Array, ...]:
        code_of = self._codes.get
        return (np.array([code_of(text, UNKNOWN_CODE) for text in texts_of(column)], np.int32),)
