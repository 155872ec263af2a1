"""`POST /v1/admin/keys`."""

from typing_extensions import TypedDict


class KeysRead(TypedDict):
    """The keys file was read again."""

    keys: int
    """How many keys are good now, those of the environment among them."""
