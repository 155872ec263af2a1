"""What the stages of an answer are called by people. A recipe may bring stages of its own: they go by their names."""

from collections.abc import Mapping
from zlib import crc32

from winnow.api.item_way import MovedBy

SOURCES = {
    "ann": "Fits their taste",
    "covisited": "Wanted together",
    "own": "Had before",
    "popular": "Popular",
    "trending": "Trending",
    "category": "Their categories",
    "similar": "Looks or reads alike",
    "fresh": "New in",
}
LEAST_MS = 0.01
HUES = dict(zip(SOURCES, (158, 204, 262, 28, 342, 48, 300, 95), strict=True))
STAGES = {
    "state": "What they did lately",
    "user": "Who they are",
    "context": "The moment",
    "history": "Their history as vectors",
    "had": "What they had",
    "query": "Their taste as a vector",
    "visit": "What this visit is about",
    "person": "How they click",
    "retrieve": "Merged",
    "allowed": "Available",
    "wanted": "Fits the filters",
    "exclude": "Not excluded",
    "seen": "Not seen yet",
    "fill": "Filled up",
    "items": "What the items are",
    "match": "How they match",
    "sources": "Who proposed them",
    "clicks": "Odds of a click",
    "rank": "Ranked",
    "worth": "What comes of it",
    "freshness": "New ones lifted",
    "promotion": "Promoted ones lifted",
    "relevance": "Scores made comparable",
    "select": "Reranked",
}
MOVED: Mapping[MovedBy, str] = {
    "score": "by its score",
    "diversity": "for more variety",
    "chance": "by the draw that explores",
    "pin": "by a rule that pins it",
    "cap": "by a cap on its kind",
    "over_cap": "as nothing else was left",
    "others": "as rules moved others",
}
LOST = {
    "retrieve": "proposed more than once",
    "allowed": "out of stock or withdrawn",
    "wanted": "out of the filters",
    "exclude": "excluded by the request",
    "seen": "seen already",
    "select": "not good enough",
}


def source_words(name: str) -> str:
    """Of a source."""
    return SOURCES.get(name, name)


def source_hue(name: str) -> int:
    """Degrees of the colour of a source, the same in every picture."""
    return HUES.get(name, crc32(name.encode()) % 360)


def stage_words(name: str) -> str:
    """Of any other stage."""
    return STAGES.get(name, name)


def lost_words(name: str, otherwise: str | None = None) -> str:
    """Why a stage takes candidates out.

    Args:
        name: of the stage.
        otherwise: what is said of a stage that no recipe of ours has.
    """
    return LOST.get(name, otherwise or "taken out")


def moved_words(places: int, moved_by: MovedBy | None) -> str:
    """What reranking did to an item.

    Args:
        places: that it rose by; less than 0: it sank.
        moved_by: what did that; None where nothing did.
    """
    if not places or moved_by is None:
        return "as ranked"
    return f"{'↑' if places > 0 else '↓'} {abs(places)} {MOVED[moved_by]}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th ... of a place, from 1."""
    last = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{last}"


def as_ms(milliseconds: float) -> str:
    """A time as people read it: two figures that count, such as 0.31 ms or 12 ms."""
    if milliseconds < LEAST_MS:
        return f"< {LEAST_MS} ms"
    return f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.2g} ms"
