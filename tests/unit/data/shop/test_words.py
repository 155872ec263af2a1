import re

import numpy as np
import pytest

from winnow.data.shop.items import make_items
from winnow.data.shop.lexicon import CATEGORY_OF_STYLE, PATTERNS
from winnow.data.shop.shop_spec import SIZES
from winnow.data.shop.synonyms import SYNONYMS
from winnow.data.shop.words import DESCRIPTIONS, TITLES, descriptions, titles

ITEMS = make_items(SIZES["demo"])
SEED = 3
TEXTS = {"title": titles(ITEMS, SEED).to_pylist(), "description": descriptions(ITEMS, SEED).to_pylist()}
NAMES = {"title": set(SYNONYMS) - {"category"}, "description": set(SYNONYMS)}
UNTOLD = re.compile(
    r"\b(" + "|".join(PATTERNS) + r"|striped?|dott(y|ed)|dot|check(ed|ered)|wav(y|e)|speckled?|printed|patterned|"
    r"light|dark|bright|pale|deep|pastel|shad(e|y|ed)|lighter|darker)\b"
)


def codes_read_from(text, name):
    ways = {way.lower(): code for code, ways in enumerate(SYNONYMS[name]) for way in ways}
    pattern = "|".join(sorted(map(re.escape, ways), key=len, reverse=True))
    return {ways[found] for found in re.findall(rf"\b({pattern})\b", text.lower())}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in NAMES for name in sorted(NAMES[kind])])
def test_every_word_can_be_read_back_from_every_text(kind, name):
    read = [codes_read_from(text, name) for text in TEXTS[kind]]
    assert read == [{code} for code in getattr(ITEMS, name).tolist()]


def test_a_title_tells_the_category_through_the_style():
    styles = [codes_read_from(text, "style").pop() for text in TEXTS["title"]]
    assert [CATEGORY_OF_STYLE[style] for style in styles] == ITEMS.category.tolist()


@pytest.mark.parametrize("kind", TEXTS)
def test_no_text_tells_pattern_or_shade(kind):
    assert [text for text in TEXTS[kind] if UNTOLD.search(text.lower())] == []


def test_no_word_for_pattern_or_shade_is_in_the_grammar_at_all():
    said = [way.lower() for ways in SYNONYMS.values() for each in ways for way in each] + [*TITLES, *DESCRIPTIONS]
    assert [each for each in said if UNTOLD.search(each)] == []


def test_texts_do_not_depend_on_pattern_or_shade():
    both = np.unique(ITEMS.pattern), np.unique(np.sign(ITEMS.shade))
    assert [len(each) for each in both] == [len(PATTERNS), 2]
    plain = make_items(SIZES["demo"])
    plain.pattern[:] = 0
    plain.shade[:] = 0
    assert titles(plain, SEED).to_pylist() == TEXTS["title"]
    assert descriptions(plain, SEED).to_pylist() == TEXTS["description"]


def test_texts_are_many_and_not_of_one_form():
    assert len(set(TEXTS["title"])) > 0.98 * len(ITEMS)
    starts = {text.split()[0] for text in TEXTS["description"]}
    assert {"This", "From"} < starts
    assert len(starts) > 30


def test_every_way_to_say_a_word_is_used():
    said = " ".join(TEXTS["title"] + TEXTS["description"]).lower()
    ways = [way.lower() for ways in SYNONYMS.values() for each in ways for way in each]
    assert [way for way in ways if way not in said] == []


def test_texts_begin_with_a_capital_and_have_the_right_article():
    texts = TEXTS["title"] + TEXTS["description"]
    assert [text for text in texts if not text[0].isupper()] == []
    assert [text for text in texts if re.search(r"\b(a [aeiou]|an [^aeiou])|  |[{}]", text.lower())] == []


def test_a_slice_says_what_the_whole_says():
    assert titles(ITEMS, SEED, slice(700, 903)).to_pylist() == TEXTS["title"][700:903]
    assert descriptions(ITEMS, SEED, slice(700, 903)).to_pylist() == TEXTS["description"][700:903]
    assert titles(ITEMS, SEED, slice(5, 5)).to_pylist() == []


def test_another_seed_says_it_in_another_way():
    assert titles(ITEMS, SEED).to_pylist() == TEXTS["title"]
    other = titles(ITEMS, SEED + 1).to_pylist()
    assert sum(mine == theirs for mine, theirs in zip(TEXTS["title"], other, strict=True)) < len(ITEMS) / 20
