"""What the simulated shop sells, in words. Colours and materials are nowhere but in texts and pictures."""

from collections.abc import Iterable

STYLES = {
    "jackets": ("parka", "blazer", "anorak", "bomber"),
    "shoes": ("sneaker", "loafer", "boot", "sandal"),
    "bags": ("backpack", "tote", "satchel", "duffel"),
    "lamps": ("lantern", "pendant", "spotlight", "uplighter"),
    "seats": ("armchair", "stool", "rocker", "bench"),
    "watches": ("diver", "chronograph", "timer", "regulator"),
    "kitchen": ("kettle", "skillet", "teapot", "grinder"),
    "garden": ("planter", "trowel", "hammock", "birdhouse"),
}
CATEGORIES = tuple(STYLES)
STYLE_NAMES = tuple(style for styles in STYLES.values() for style in styles)
COLOURS = ("red", "blue", "green", "black", "white", "yellow", "purple", "brown")
MATERIALS = ("leather", "cotton", "oak", "steel", "glass", "linen")
MOODS = ("plain", "bold", "quiet", "classic", "playful", "modern")
DEVICES = ("mobile", "desktop", "tablet")


def title_of(mood: str, colour: str, material: str, style: str) -> str:
    """A short name, such as `Bold red leather parka`."""
    return f"{mood} {colour} {material} {style}".capitalize()


def description_of(colour: str, material: str, style: str, category: str) -> str:
    """Two sentences that carry all that can be said of the item."""
    return f"This {style} is made of {material}, in {colour}. It belongs to our {category}."


def named(words: tuple[str, ...], codes: Iterable[int]) -> list[str]:
    """The word of each code."""
    return [words[code] for code in codes]
