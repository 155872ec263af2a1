"""What the pages are told from outside."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from winnow.api.client import Client
from winnow.schema.errors import SettingsError

VARIABLES = {
    "service": "WINNOW_UI_SERVICE",
    "key": "WINNOW_UI_KEY",
    "admin_key": "WINNOW_UI_ADMIN_KEY",
    "name": "WINNOW_UI_NAME",
    "currency": "WINNOW_UI_CURRENCY",
    "price": "WINNOW_UI_PRICE",
    "users": "WINNOW_UI_USERS",
    "timeout_s": "WINNOW_UI_TIMEOUT_S",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the service is, how it is called, and what the shop is called. Nothing of it but names reaches a browser.

    Attributes:
        service: its address.
        key: of the roles read and events; empty for none, and then nothing that a visitor does can be reported.
        admin_key: shows, resets and forgets what is known of visitors, and moves bundles; empty for none.
        name: of the shop.
        currency: sign before a price.
        price: column of cards that is the price, if it is a number there; the schema of a shop does not say which.
        users: ids of known users that a visitor may try; the first one is who comes without a name.
        may_operate: whether whoever reaches the pages may move bundles; no variable says so, only an option.
        timeout_s: how long an answer may take before a page says so.
    """

    service: str = "http://127.0.0.1:8080"
    key: str = field(default="", repr=False)
    admin_key: str = field(default="", repr=False)
    name: str = "Winnow"
    currency: str = "$"
    price: str = "price"
    users: tuple[str, ...] = ()
    may_operate: bool = False
    timeout_s: float = 3.0


def read_settings(environment: Mapping[str, str], **options: str | tuple[str, ...] | bool | None) -> Settings:
    """Settings by VARIABLES, and by options of the command line, which count more.

    Args:
        environment: variables by name; WINNOW_UI_USERS holds ids with commas between them.
        options: by attribute of Settings; None or empty where nothing was said.

    Raises:
        SettingsError: a key cannot be sent in a header, or the patience is no number of seconds above 0.
        RequestError: the service is no address.
    """
    told: dict[str, Any] = {
        name: environment[variable] for name, variable in VARIABLES.items() if environment.get(variable)
    }
    said = {**told, **{name: value for name, value in options.items() if value}}
    for name in ("key", "admin_key"):
        if not (text := str(said.get(name, ""))).isascii() or not text.isprintable():
            raise SettingsError(f"{VARIABLES[name]} holds what cannot be sent; a key is letters, digits and signs.")
    if isinstance(users := said.get("users"), str):
        said["users"] = tuple(each.strip() for each in users.split(",") if each.strip())
    if isinstance(patience := said.get("timeout_s"), str):
        said["timeout_s"] = _seconds(patience)
    settings = Settings(**said)  # pyright: ignore[reportArgumentType] - by attribute
    Client(settings.service).close()  # nobody is asked yet: it looks at the address
    return settings


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < math.inf:
        raise SettingsError(f"{VARIABLES['timeout_s']} is {text[:40]!r}; a number of seconds above 0 is wanted, as 3.")
    return seconds
