"""Who else answers."""

import os
import socket
from secrets import token_hex

from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.engines.shadow import Shadow
from winnow.serving.fleet.fleet import Fleet
from winnow.serving.fleet.solo_fleet import SoloFleet
from winnow.serving.settings.settings import Settings


def open_fleet(live: LiveEngine, shadow: Shadow, settings: Settings) -> Fleet:
    """All that share a Valkey server, or this process alone where the settings name none.

    Raises:
        SettingsError: the URL is none of a Valkey server.
    """
    if not settings.valkey_url:
        return SoloFleet(live)
    # An extra: whoever keeps the state embedded needs no client.
    from winnow.serving.fleet.valkey_fleet import ValkeyFleet  # noqa: PLC0415

    name = settings.seat.name if settings.seat else f"{socket.gethostname()}-{os.getpid()}-{token_hex(4)}"
    return ValkeyFleet.open(live, settings.valkey_url, name, shadow)
