"""Opens what somebody outside says of users."""

import logging
from collections.abc import Callable
from pathlib import Path

from winnow.schema.errors import SettingsError, Unavailable
from winnow.schema.schema import Schema
from winnow.stores.feature_table import user_table
from winnow.stores.raw_users import RawUsers

logger = logging.getLogger(__name__)

OpenUsers = Callable[[Schema], RawUsers]


def feast_users(folder: Path | None) -> OpenUsers | None:
    """How to open users of a Feast repository for a bundle's schema; None where none is given.

    What it returns raises SettingsError where the folder is no repository, or lacks what the schema declares.
    """
    if folder is None:
        return None

    def opened(schema: Schema) -> RawUsers:
        # An extra: whoever has no Feast needs none of it.
        from winnow.stores.feast_repository import FeastRepository  # noqa: PLC0415
        from winnow.stores.feast_users import FeastUsers  # noqa: PLC0415

        table = user_table(schema)
        if table is None:
            raise SettingsError(
                "A Feast repository is named (WINNOW_FEAST), and the bundle's schema declares no features of users; "
                "leave the variable out."
            )
        repository = FeastRepository(folder)
        repository.check(table)
        users = FeastUsers(repository=repository, table=table)
        try:
            # The first question takes longest.
            users.rows(["winnow"])
        except Unavailable as error:
            logger.warning("The service starts without its feature store: %s", error)
        return users

    return opened
