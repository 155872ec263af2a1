"""What one item looks like."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All that a picture depends on; equal looks give equal pictures.

    Attributes:
        style, colour, material, pattern: codes of the words.
        shade: from -1 (dark) to 1 (light).
        seed: of size, tilt and the like, from 0.
    """

    style: int
    colour: int
    material: int
    pattern: int
    shade: float
    seed: int
