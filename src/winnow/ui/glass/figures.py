"""A table of figures that is closed until somebody opens it."""

from collections.abc import Sequence

from markupsafe import Markup


def figures(summary: str, heads: Sequence[str], rows: Sequence[Markup]) -> Markup:
    """Such a table.

    Args:
        summary: what it tells, in words.
        heads: of its columns.
        rows: elements `tr`.
    """
    columns = Markup("").join(Markup('<th scope="col">{}</th>').format(each) for each in heads)
    return Markup(
        '<details class="figures"><summary>{}</summary><div class="scrolls" tabindex="0" role="region" aria-label="{}">'
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>"
    ).format(summary, summary, columns, Markup("").join(rows))
