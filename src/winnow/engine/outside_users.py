"""User features that somebody outside keeps, through the features of the bundle."""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winnow.features.columns import columns_from_values
from winnow.features.fitted import FittedFeatures
from winnow.schema.column import Array
from winnow.schema.errors import RequestError, Unavailable
from winnow.schema.schema import Schema
from winnow.stores.feature_store import UserFeatures
from winnow.stores.raw_users import RawUsers

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideUsers:
    """What is said outside goes through the transforms of training; of others the bundle's own features are read.

    Attributes:
        store: says it.
        schema: of the users.
        fitted: the transforms.
        known: users of the bundle; gives the missing row for everybody else.
    """

    store: RawUsers
    schema: Schema
    fitted: FittedFeatures
    known: UserFeatures

    def read(self, user_ids: Sequence[str], within_s: float = math.inf) -> tuple[Array, Array]:
        codes, values = self.known.read(user_ids)
        rows = self.store.rows(user_ids, within_s)
        places = [place for place, row in enumerate(rows) if row is not None]
        if places:
            told = [row for row in rows if row is not None]
            try:
                columns = columns_from_values(self.schema, told)
            except RequestError as error:
                # Not the fault of whoever asks for recommendations, who is not to read what is known of others either.
                logger.warning("The feature store outside says what the schema does not allow: %s", error.unquoted)
                raise Unavailable(f"The feature store outside cannot be read: {error.unquoted}") from None
            made = self.fitted.packed(columns, len(places))
            codes[np.array(places)], values[np.array(places)] = made.codes, made.values
        return codes, values
