"""An item in a drawing: its picture, or its letters where there is none."""

from markupsafe import Markup

from winnow.ui.shown_item import ShownItem


def tile(item: ShownItem, x: float, y: float, size: float) -> Markup:
    """A square with round corners, inside an SVG element.

    Args:
        item: whose title shows under the pointer.
        x: of its left edge.
        y: of its upper edge.
        size: of a side.
    """
    return Markup(
        '<svg class="tile" x="{}" y="{}" width="{}" height="{}" viewBox="0 0 40 40" style="--hue: {}"><title>{}</title>'
        '<rect width="40" height="40" rx="9"/><text x="20" y="25">{}</text>'
        '<image href="{}" width="40" height="40" preserveAspectRatio="xMidYMid slice"/></svg>'
    ).format(x, y, size, size, item.hue, item.title, item.initials, item.picture)
