"""Ways to say each word of the simulated shop; none of them tells a pattern or how light or dark an item is.

A style's other name holds its own and says what the picture shows.
"""

from collections.abc import Mapping
from types import MappingProxyType

from winnow.data.shop.lexicon import CATEGORIES, COLOURS, MATERIALS, MOODS, OCCASIONS, STYLE_NAMES

Ways = tuple[tuple[str, ...], ...]

OTHER_CATEGORIES = (
    ("outerwear",),
    ("frocks",),
    ("tops",),
    ("footwear",),
    ("luggage",),
    ("headwear",),
    ("jewellery",),
    ("timepieces",),
    ("luminaires",),
    ("seating",),
    ("furniture",),
    ("soft furnishings",),
    ("cookware",),
    ("table setting",),
    ("gardening",),
    ("camping",),
    ("music",),
    ("playthings",),
    ("paper goods",),
    ("grooming",),
)
OTHER_COLOURS = (
    ("scarlet", "crimson"),
    ("tangerine", "apricot"),
    ("lemon", "saffron"),
    ("emerald", "moss"),
    ("turquoise", "petrol"),
    ("cobalt", "azure"),
    ("marine", "admiral"),
    ("violet", "plum"),
    ("rose", "fuchsia"),
    ("chestnut", "cocoa"),
    ("slate", "smoke"),
    ("jet", "raven"),
)
OTHER_MATERIALS = (
    ("cowhide", "calfskin"),
    ("twill", "canvas"),
    ("timber", "oakwood"),
    ("stainless steel", "inox"),
    ("crystal", "borosilicate"),
    ("flax", "pure linen"),
    ("stoneware", "porcelain"),
    ("merino", "lambswool"),
)
OTHER_MOODS = (
    ("simple", "unadorned"),
    ("daring", "striking"),
    ("calm", "understated"),
    ("timeless", "traditional"),
    ("cheerful", "whimsical"),
    ("contemporary", "sleek"),
    ("farmhouse", "homespun"),
    ("graceful", "refined"),
)
OTHER_OCCASIONS = (
    ("for the road", "for long journeys"),
    ("for days off", "for lazy Sundays"),
    ("for the office", "for working days"),
    ("for visitors", "for good company"),
    ("for kids", "for little ones"),
    ("as a present", "to give away"),
)
ADJECTIVES = (
    *("hooded", "tailored", "pullover", "ribbed"),
    *("flared", "floor-length", "strappy", "wide-sleeved"),
    *("short-sleeved", "long", "collarless", "buttoned"),
    *("laced", "slip-on", "ankle-high", "open", "backless"),
    *("roomy", "open-top", "flap-over", "zipped"),
    *("turned-up", "brimmed", "round", "peaked"),
    *("beaded", "draped", "flower-shaped", "jewelled"),
    *("round-bezel", "three-register", "military", "square"),
    *("carrying", "hanging", "swivelling", "slim"),
    *("winged", "three-legged", "curved-runner", "slatted", "two-seat"),
    *("writing", "two-door", "wheeled", "bedside"),
    *("fringed", "folded", "tasselled", "gathered"),
    *("whistling", "long-handled", "spouted", "hand-cranked", "lidded"),
    *("footed", "narrow-necked", "oval", "handled"),
    *("potted", "pointed", "slung", "gabled"),
    *("ridge", "screw-top", "reclining", "staked"),
    *("four-string", "jingling", "thumb-played", "end-blown"),
    *("interlocking", "tailed", "looping", "rolling", "jointed"),
    *("ribbon-marked", "nibbed", "compartment", "tabbed"),
    *("bristled", "hand-held", "ridged", "fine-toothed"),
)


def _ways(words: tuple[str, ...], others: Ways) -> Ways:
    """The word itself as often as all others together."""
    return tuple((word,) * len(ways) + ways for word, ways in zip(words, others, strict=True))


SYNONYMS: Mapping[str, Ways] = MappingProxyType(
    {
        "category": _ways(CATEGORIES, OTHER_CATEGORIES),
        "style": _ways(
            STYLE_NAMES, tuple((f"{how} {name}",) for how, name in zip(ADJECTIVES, STYLE_NAMES, strict=True))
        ),
        "colour": _ways(COLOURS, OTHER_COLOURS),
        "material": _ways(MATERIALS, OTHER_MATERIALS),
        "mood": _ways(MOODS, OTHER_MOODS),
        "occasion": _ways(OCCASIONS, OTHER_OCCASIONS),
    }
)
"""By attribute of an item and its code: words to choose from, each as likely as the next."""
