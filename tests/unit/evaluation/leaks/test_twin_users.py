"""Users who did the very same."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from tests.unit.evaluation.leaks.planting import cut_in_time, random_shop
from winnow.data.dataset import AT, ITEM, TYPE, USER, Dataset
from winnow.evaluation.leaks.coded_events import CodedEvents
from winnow.evaluation.leaks.twin_users import FEWEST_ITEMS, sequences, twin_users


def copied(shop: Dataset, user: str, later_s: float = 0.5) -> Dataset:
    """The same events once more, a little later, under another name."""
    mine = shop.events.filter(pa.array([each == user for each in shop.events[USER].to_pylist()]))
    theirs = mine.set_column(0, USER, pa.array([f"{user} again"] * len(mine)))
    theirs = theirs.set_column(3, AT, pa.array(mine[AT].to_numpy() + later_s))
    return replace(shop, events=pa.concat_tables([shop.events, theirs]).sort_by(AT))


def by_hand(shop: Dataset) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in shop.events.to_pylist():
        found.setdefault(row[USER], []).append((row[ITEM], row[TYPE]))
    return {user: steps for user, steps in found.items() if len({item for item, _ in steps}) >= FEWEST_ITEMS}


def test_sequences_share_a_number_where_every_step_is_equal() -> None:
    shop = copied(copied(random_shop(0, events=90), "u1"), "u4")
    coded = CodedEvents.of(shop, shop.events)
    names = dict(zip(coded.users.tolist(), shop.events[USER].to_pylist(), strict=True))
    users, numbers = sequences(coded)
    told = dict(zip((names[code] for code in users.tolist()), numbers.tolist(), strict=True))
    steps = by_hand(shop)
    assert told.keys() == steps.keys()
    assert 0 < len(told) < len(names), "some have too few items"
    for a, number in told.items():
        for b, other in told.items():
            assert (number == other) == (steps[a] == steps[b])


def test_the_order_counts() -> None:
    shop = random_shop(0, events=300)
    turned = shop.events.take(pa.array(np.arange(299, -1, -1))).set_column(3, AT, shop.events[AT])
    other = turned.set_column(0, USER, pa.array([f"{each} turned" for each in turned[USER].to_pylist()]))
    both = replace(shop, events=pa.concat_tables([shop.events, other]).sort_by(AT))
    assert twin_users(cut_in_time(both)).sentence.startswith("0 of 24 users")


def test_a_shop_without_passes_and_a_copied_user_is_a_warning_with_both_names() -> None:
    shop = random_shop(0)
    assert twin_users(cut_in_time(shop)).severity == "none"
    found = twin_users(cut_in_time(copied(shop, "u1")))
    assert found.severity == "warning"
    assert found.sentence.startswith("2 of 13 users")
    assert {row[USER] for row in found.evidence} == {"u1", "u1 again"}
    assert len({row["events"] for row in found.evidence}) == 1


def test_nobody_with_so_many_items_is_no_trouble() -> None:
    assert twin_users(cut_in_time(random_shop(0, items=3))).sentence.startswith("0 of 0 users")
