"""What orders that were given come to."""

from collections.abc import Mapping

from winnow.serving.orders.order import Order

ITEM = "item:"
PREPARE, SWITCH = "prepare_bundle", "switch_bundle"


def subject_of(order: Order) -> str:
    """What an order is about: of two on the same subject, the later one is all that counts."""
    if "item_id" in order.told:
        return f"{ITEM}{order.told['item_id']}"
    return f"{order.kind}:{order.told.get('name', '')}"


def is_about_item(subject: str) -> bool:
    """Whether orders on it change an item; all others are about bundles."""
    return subject.startswith(ITEM)


def is_about_bundle(order: Order) -> bool:
    """Whether it prepares a bundle, or needs one that is prepared."""
    return "name" in order.told


def lasting_orders(orders: Mapping[str, Order], chosen_at: float) -> set[str]:
    """The subjects on which one who begins has to carry out what others have: of what was said of bundles.

    That is the last switch, with the preparation that it needs, and what was said of candidates after it.

    Args:
        orders: the last word on each subject, in the order in which they were given.
        chosen_at: when the registry came to name the bundle with which one begins: it knows of every switch before
            that. UTC seconds, 0 without a registry.
    """
    subjects = list(orders)
    switches = [place for place, subject in enumerate(subjects) if orders[subject].kind == SWITCH]
    last = switches[-1] if switches else -1
    switch = orders[subjects[last]] if switches else None
    name = switch.told["name"] if switch is not None and switch.at > chosen_at else None
    return {
        subject
        for place, subject in enumerate(subjects)
        if place > last or (orders[subject].kind in {PREPARE, SWITCH} and orders[subject].told["name"] == name)
    }
