"""How the pages look: one style sheet of our own, light or dark, and no other host."""

import hashlib
from pathlib import Path

from nicegui import app, ui

STYLE = Path(__file__).parent / "style"
PATH = "/style"
SHEET, SCRIPT = "winnow.css", "page.js"


def add_look() -> None:
    """Gives every page the style sheet, and the script that does not wait for the framework; once, before any page."""
    app.add_static_files(PATH, STYLE)
    # Not deferred: the colours must be right before anything is painted.
    ui.add_head_html(f'<script src="{_dated(SCRIPT)}"></script>', shared=True)
    ui.add_head_html(f'<link rel="stylesheet" href="{_dated(SHEET)}">', shared=True)


def add_sheet(name: str) -> None:
    """Gives the page that is being drawn a style sheet of its own, beside that of all pages."""
    ui.add_head_html(f'<link rel="stylesheet" href="{_dated(name)}">')


def _dated(name: str) -> str:
    # Files are kept by browsers for long; another content is another address.
    return f"{PATH}/{name}?{hashlib.sha256((STYLE / name).read_bytes()).hexdigest()[:12]}"
