"""The sheet that a plot is drawn on: a small SVG picture that reads well on light and on dark pages."""

from collections.abc import Sequence
from html import escape

from winnow.data.shop.panel import text

WIDTH = 640
STYLE = """
.sheet{fill:#fff;stroke:#d9dee4}text{font:12px system-ui,sans-serif;fill:#1f2933}.title{font-size:14px;font-weight:600}
.small{font-size:11px;fill:#52606d}.end{text-anchor:end}.mid{text-anchor:middle}.grid{stroke:#e4e7eb}.axis{stroke:#9aa5b1}
.line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}.mark{stroke:#52606d;stroke-dasharray:4 3}
.a{stroke:#0072b2}.b{stroke:#d55e00}.c{stroke:#009e73}.rest{stroke:#b8c0c9;stroke-width:1}
@media (prefers-color-scheme:dark){.sheet{fill:#151b22;stroke:#323f4b}text{fill:#e4e7eb}.small{fill:#a8b3be}
.grid{stroke:#29333d}.axis{stroke:#616e7c}.mark{stroke:#a8b3be}
.a{stroke:#5cb6ee}.b{stroke:#f2935c}.c{stroke:#35c29a}.rest{stroke:#4d5a67}}
"""


def sheet(title: str, height: int, body: Sequence[str]) -> str:
    """A picture under its title, on a ground of its own colour, so that it reads on a page of either.

    Args:
        title: told to readers of screens as well.
        height: in pixels; the width is WIDTH.
        body: elements of SVG.
    """
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    edge = f'<rect class="sheet" x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" rx="8"/>'
    top = [f'{head} role="img">', f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>", edge]
    return "\n".join([*top, text(20, 28, title, "title"), *body, "</svg>", ""])
