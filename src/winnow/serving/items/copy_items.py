"""What was said of items over HTTP comes from a server into a folder, for the next training."""

from collections.abc import Iterator
from pathlib import Path

from winnow.schema.errors import SettingsError
from winnow.serving.items.item_change import ItemChange
from winnow.serving.items.item_log import ItemLog
from winnow.serving.orders.lasting_orders import is_about_item
from winnow.serving.orders.written_order import read_order
from winnow.serving.settings.settings import Settings
from winnow.stores.valkey_orders import ValkeyOrders

PATIENT_S = 10.0
AT_ONCE = 64


def copy_items(settings: Settings, folder: Path) -> int:
    """Adds the last word on each item to the item log of a folder, if it is later than what is there.

    Args:
        settings: name the server.
        folder: no service has it; it is made if need be.

    Returns:
        how many words were new.

    Raises:
        SettingsError: no server is named, or the folder cannot be used.
        DataError: the log that is there is damaged.
        Unavailable: the server does not answer, or the disk is full. Call again to go on.
    """
    if not settings.valkey_url:
        raise SettingsError("Nobody says which server the items are on; name it in WINNOW_VALKEY_URL.")
    # An extra: whoever keeps the state embedded needs no client.
    from winnow.stores.valkey_client import ValkeyClient  # noqa: PLC0415

    client = ValkeyClient(settings.valkey_url, connect_timeout_s=PATIENT_S, read_timeout_s=PATIENT_S)
    log = ItemLog(folder)
    try:
        known = {change.item_id: change.at for change in log.changes()}
        new = [
            log.append(each) for each in _changes(ValkeyOrders(client=client)) if each.at > known.get(each.item_id, 0)
        ]
        return len(new)
    finally:
        log.close()
        client.close()


def _changes(orders: ValkeyOrders) -> Iterator[ItemChange]:
    """In the order in which they were said."""
    _, marks = orders.marks()
    subjects = sorted(filter(is_about_item, marks), key=lambda each: int(marks[each].split()[0]))
    for start in range(0, len(subjects), AT_ONCE):
        for _, word in orders.words(subjects[start : start + AT_ONCE]):
            order = read_order(word)
            yield ItemChange(item_id=order.told["item_id"], values=order.told.get("values"), at=order.at)
