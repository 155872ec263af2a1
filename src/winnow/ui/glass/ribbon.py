"""The curved bands of the drawings, as the data of SVG paths."""


def ribbon(start: tuple[float, float, float], end: tuple[float, float, float]) -> str:
    """A band that flows to the right.

    Args:
        start: x, y and thickness of its left edge, in the drawing's units.
        end: likewise of its right edge.
    """
    (x, y, thick), (to_x, to_y, to_thick), bend = start, end, (start[0] + end[0]) / 2
    there = f"M{x:.1f} {y:.1f} C{bend:.1f} {y:.1f} {bend:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
    below, to_below = y + thick, to_y + to_thick
    return f"{there} V{to_below:.1f} C{bend:.1f} {to_below:.1f} {bend:.1f} {below:.1f} {x:.1f} {below:.1f} Z"


def falling(start: tuple[float, float, float], near: float, far: float, floor: float) -> str:
    """A band that bends from the right to the ground.

    Args:
        start: x, y and thickness of its left edge, in the drawing's units.
        near: x of its inner edge where it ends.
        far: x of its outer edge there.
        floor: at which y it ends.
    """
    x, y, thick = start
    outer = f"M{x:.1f} {y:.1f} C{far:.1f} {y:.1f} {far:.1f} {y:.1f} {far:.1f} {y + 40:.1f} L{far:.1f} {floor:.1f}"
    below = y + thick
    return f"{outer} H{near:.1f} C{near:.1f} {below + 50:.1f} {near:.1f} {below:.1f} {x:.1f} {below:.1f} Z"
