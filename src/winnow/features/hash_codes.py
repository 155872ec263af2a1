"""Categories to codes, by a hash that is the same in every process."""

from dataclasses import dataclass

import numpy as np

from winnow.features.output import Output
from winnow.features.texts import texts_of
from winnow.schema.column import Array, Column
from winnow.schema.stable_hash import stable_hashes
from winnow.schema.transform import FIRST_CODE, MISSING_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class HashCodes:
    """`HashBuckets`; there is nothing to fit."""

    buckets: int

    def outputs(self, name: str) -> tuple[Output, ...]:
        return (Output(name, "code", FIRST_CODE + self.buckets),)

    def __call__(self, column: Column) -> tuple[Array, ...]:
        texts = texts_of(column)
        distinct = [text for text in dict.fromkeys(texts) if text is not None]
        codes = (stable_hashes(distinct) % np.uint64(self.buckets)).astype(np.int32) + FIRST_CODE
        code_of = {None: MISSING_CODE, **dict(zip(distinct, codes.tolist(), strict=True))}
        return (np.array([code_of[text] for text in texts], np.int32),)
