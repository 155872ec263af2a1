"""Why a candidate stands where it stands in the answer."""

from enum import IntEnum


class Rule(IntEnum):
    """What put a pick into its place.

    Attributes:
        WORTH: the selector: score, draw, or score and novelty.
        PIN: the recipe gave the item this place.
        OVER_CAP: a cap would have kept it out, and nothing else was left.
    """

    WORTH = 0
    PIN = 1
    OVER_CAP = 2
