"""Numbers that look drawn, each from a number that is known: the same in every process, whatever else is drawn."""

import numpy as np

from winnow.schema.column import Array

STEP = np.uint64(0x9E3779B97F4A7C15)
"""Between the numbers of a sequence that are to be mixed."""
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def mixed_bits(numbers: Array) -> Array:
    """uint64 [N] of uint64 [N], every bit of the number in every bit of the outcome.

    Source: Steele et al., Fast splittable pseudorandom number generators, OOPSLA 2014 (splitmix64).
    """
    numbers = (numbers ^ (numbers >> np.uint64(30))) * _FIRST
    numbers = (numbers ^ (numbers >> np.uint64(27))) * _SECOND
    return numbers ^ (numbers >> np.uint64(31))
