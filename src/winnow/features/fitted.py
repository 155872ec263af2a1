"""The one function from raw columns to model arrays, the same object in training and in serving."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from winnow.features.encoders.projection import Projection
from winnow.features.feature_arrays import FeatureArrays, pack
from winnow.features.fitted_transform import FittedTransform
from winnow.features.output import Output
from winnow.schema.column import Array, Column, Masked
from winnow.schema.errors import SchemaError
from winnow.schema.feature import Entity

NOTHING: Mapping[str, Array] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedFeature:
    """A feature with what was learnt from the training rows.

    Attributes:
        name: of the feature.
        column: raw column that it reads, itself or through an encoder.
        transform: with what it learnt.
        outputs: the arrays that come out.
    """

    name: str
    column: str
    transform: FittedTransform
    outputs: tuple[Output, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "outputs", self.transform.outputs(self.name))

    @property
    def encoder(self) -> str | None:
        """Id of the encoder that the raw column goes through first; None where there is none."""
        return self.transform.encoder if isinstance(self.transform, Projection) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedFeatures:
    """All features of one entity that models read, in the order of the schema.

    Attributes:
        entity: whose features they are.
        features: each with its fitted transform.
        outputs: the arrays that come out, in order.
    """

    entity: Entity
    features: tuple[FittedFeature, ...]
    outputs: tuple[Output, ...] = field(init=False)

    def __post_init__(self) -> None:
        outputs = tuple(output for each in self.features for output in each.outputs)
        names = [output.name for output in outputs]
        if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
            raise SchemaError(f"Two features of the {self.entity} make the input '{twice[0]}'; rename one of them.")
        object.__setattr__(self, "outputs", outputs)

    @property
    def columns(self) -> tuple[str, ...]:
        """The raw columns that are read as they are, each once."""
        return tuple(dict.fromkeys(feature.column for feature in self.features if feature.encoder is None))

    @property
    def encoded(self) -> tuple[FittedFeature, ...]:
        """The features whose column goes through an encoder first."""
        return tuple(feature for feature in self.features if feature.encoder is not None)

    def __call__(
        self, columns: Mapping[str, Column], num_rows: int, encoded: Mapping[str, Array] = NOTHING
    ) -> dict[str, Array]:
        """Model arrays of `num_rows` rows by output name.

        Args:
            columns: raw columns by name, as `features/columns.py` makes them; an absent column is missing in all rows.
            num_rows: how many rows each column has.
            encoded: by feature name, what the encoder made of its column; an absent one is missing in all rows.

        Raises:
            SchemaError: a column is of the wrong kind, or holds a value that its transform cannot take.
        """
        arrays: dict[str, Array] = {}
        for feature in self.features:
            column = columns.get(feature.column) if feature.encoder is None else encoded.get(feature.name)
            made = self._apply(feature, _absent(num_rows) if column is None else column)
            for output, array in zip(feature.outputs, made, strict=True):
                arrays[output.name] = array
        return arrays

    def packed(
        self, columns: Mapping[str, Column], num_rows: int, encoded: Mapping[str, Array] = NOTHING
    ) -> FeatureArrays:
        """The same arrays, packed by form."""
        return pack(self.outputs, self(columns, num_rows, encoded), num_rows)

    def missing(self) -> FeatureArrays:
        """One row of which nothing is known: an unknown user, or one that training hides."""
        return self.packed({}, 1)

    def _apply(self, feature: FittedFeature, column: Column) -> tuple[Array, ...]:
        try:
            return feature.transform(column)
        except SchemaError as error:
            raise SchemaError(
                f"The {self.entity} feature '{feature.name}' cannot read the column '{feature.column}': {error}"
            ) from error


def _absent(num_rows: int) -> Masked:
    return Masked(np.zeros(num_rows), np.zeros(num_rows, bool))
