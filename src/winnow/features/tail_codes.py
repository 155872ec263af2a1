"""Categories to codes, frequent ones by a list and the others by a hash."""

from dataclasses import dataclass, field

import numpy as np

from winnow.features.hash_codes import HashCodes
from winnow.features.output import Output
from winnow.features.texts import texts_of
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.schema.column import Array, Column
from winnow.schema.transform import FIRST_CODE, MISSING_CODE, UNKNOWN_CODE

_FIRST_KNOWN = MISSING_CODE + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TailCodes:
    """Codes: 0 missing, then the known values, then buckets which all other values share.

    Nothing is unknown, so the known begin at 1 and not at FIRST_CODE.

    Attributes:
        known: text of the known values; `known[i]` has the code `1 + i`.
        tail_buckets: how many codes the other values are hashed into, at least 1.
    """

    known: tuple[str, ...]
    tail_buckets: int
    _listed: VocabularyCodes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_listed", VocabularyCodes(known=self.known))

    def outputs(self, name: str) -> tuple[Output, ...]:
        return (Output(name, "code", _FIRST_KNOWN + len(self.known) + self.tail_buckets),)

    def __call__(self, column: Column) -> tuple[Array, ...]:
        texts = np.array([*texts_of(column), None], object)[:-1]
        (listed,) = self._listed(texts)
        tail = listed == UNKNOWN_CODE
        codes = np.where(listed == MISSING_CODE, MISSING_CODE, listed - FIRST_CODE + _FIRST_KNOWN).astype(np.int32)
        (hashed,) = HashCodes(buckets=self.tail_buckets)(texts[tail])
        codes[tail] = hashed - FIRST_CODE + _FIRST_KNOWN + len(self.known)
        return (codes,)
