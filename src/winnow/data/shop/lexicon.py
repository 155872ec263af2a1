"""What the simulated shop sells: codes and their words."""

STYLES = {
    "jackets": ("parka", "blazer", "anorak", "bomber"),
    "dresses": ("sundress", "gown", "pinafore", "kaftan"),
    "shirts": ("polo", "tunic", "henley", "blouse"),
    "shoes": ("sneaker", "loafer", "boot", "sandal", "clog"),
    "bags": ("backpack", "tote", "satchel", "duffel"),
    "hats": ("beanie", "fedora", "beret", "cap"),
    "jewelry": ("bracelet", "necklace", "brooch", "ring"),
    "watches": ("diver", "chronograph", "field watch", "regulator"),
    "lamps": ("lantern", "pendant", "spotlight", "uplighter"),
    "seats": ("armchair", "stool", "rocker", "bench", "sofa"),
    "tables": ("desk", "sideboard", "trolley", "nightstand"),
    "textiles": ("rug", "blanket", "cushion", "curtain"),
    "kitchen": ("kettle", "skillet", "teapot", "grinder", "casserole"),
    "tableware": ("bowl", "carafe", "platter", "mug"),
    "garden": ("planter", "trowel", "hammock", "birdhouse"),
    "outdoors": ("tent", "canteen", "lounger", "windbreak"),
    "instruments": ("ukulele", "tambourine", "kalimba", "recorder"),
    "toys": ("puzzle", "kite", "yoyo", "pull toy", "marionette"),
    "stationery": ("notebook", "fountain pen", "organiser", "folder"),
    "beauty": ("brush", "mirror", "soap dish", "comb"),
}
CATEGORIES = tuple(STYLES)
STYLE_NAMES = tuple(style for styles in STYLES.values() for style in styles)
COLOURS = (
    "red",
    "orange",
    "yellow",
    "green",
    "teal",
    "blue",
    "navy",
    "purple",
    "pink",
    "brown",
    "grey",
    "black",
)
MATERIALS = ("leather", "cotton", "oak", "steel", "glass", "linen", "ceramic", "wool")
MOODS = ("plain", "bold", "quiet", "classic", "playful", "modern", "rustic", "elegant")
OCCASIONS = ("for travel", "for the weekend", "for work", "for guests", "for children", "for a gift")
PATTERNS = ("solid", "stripes", "dots", "checks", "waves", "speckles")
GENDERS = ("f", "m", "any")
DEVICES = ("mobile", "desktop", "tablet")

CATEGORY_OF_STYLE = tuple(place for place, styles in enumerate(STYLES.values()) for _ in styles)
