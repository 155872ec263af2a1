"""Whether a Valkey server may hold what users did."""

import logging

from winnow.schema.errors import SettingsError
from winnow.stores.valkey_client import ValkeyClient

logger = logging.getLogger(__name__)


def check_valkey(client: ValkeyClient) -> None:
    """Asks the server how it is set up, before it is relied upon; warns if a crash would lose events.

    Raises:
        Unavailable: it does not answer.
        SettingsError: it would delete events of its own accord when memory runs out.
    """
    _, memory, persistence = client.send([("PING",), ("INFO", "memory"), ("INFO", "persistence")])
    policy = memory["maxmemory_policy"]
    if policy != "noeviction":
        raise SettingsError(
            f"The state store at {client.address} has the maxmemory-policy {policy}, and so deletes what users did "
            "when memory runs out; set it to noeviction."
        )
    if not persistence["aof_enabled"]:
        logger.warning(
            "The state store at %s keeps no append-only file, so that events of the last minutes are lost if it "
            "crashes; set appendonly to yes.",
            client.address,
        )
