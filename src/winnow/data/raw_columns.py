"""Reads the columns that the schema asks for, and says of each what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.canonical import raw_columns, raw_names
from winnow.data.counted_words import counted_words
from winnow.data.ledger import Ledger
from winnow.data.typed_column import TypedColumn, instants, keys, numbers, texts, true, truths, vectors
from winnow.schema.column import Bools
from winnow.schema.errors import DataError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.places import NOWHERE, Places
from winnow.schema.schema import Schema
from winnow.schema.transform import LogStandardise


class Form(StrEnum):
    """The type that a column has in a Dataset."""

    TEXT = "text"
    NUMBER = "a number"
    VECTOR = "a vector"
    INSTANT = "an instant"
    TRUTH = "true or false"


EMPTY = "or leave them empty if they are missing."
REMEDY = {
    Form.TEXT: f"Mend them, {EMPTY}",
    Form.NUMBER: f"Write digits, with a point before decimals and nothing beside them, {EMPTY}",
    Form.VECTOR: f"Store them in Parquet as lists of that width, or as text such as [0.5, 1.0], {EMPTY}",
    Form.INSTANT: f"Write them as events.time_unit of the schema says, {EMPTY}",
    Form.TRUTH: "Write true or 1, false or 0, or leave them empty, which means available.",
}

FORM_OF_KIND = {
    Kind.ID: Form.TEXT,
    Kind.CATEGORY: Form.TEXT,
    Kind.TEXT: Form.TEXT,
    Kind.IMAGE: Form.TEXT,
    Kind.NUMBER: Form.NUMBER,
    Kind.VECTOR: Form.VECTOR,
    Kind.TIME: Form.INSTANT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RawColumns:
    """One raw table and what the schema wants of it.

    Attributes:
        name: "users", "items", "events" or "impressions".
        table: the raw table.
        schema: as the user wrote it.
        entity: whose features the table carries; CONTEXT for events and impressions.
        places: where the schema file says what.
        beside: columns that are wanted besides keys and features, by the key of the schema file that names them.
    """

    name: str
    table: pa.Table
    schema: Schema
    entity: Entity
    places: Places = NOWHERE
    beside: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def wanted(self) -> tuple[str, ...]:
        """Raw columns, keys first."""
        session = self.schema.events.session if self.entity is Entity.CONTEXT else None
        named = (*raw_names(self.schema, self.entity), *((session,) if session else ()))
        rest = (*raw_columns(self.schema, self.entity), *self.beside.values())
        return (*named, *dict.fromkeys(each for each in rest if each not in named))

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns that the schema does not mention."""
        return tuple(column for column in self.table.column_names if column not in self.wanted)

    def selected(self) -> "RawColumns":
        """The same without the unused columns, so that examples show what matters."""
        return replace(self, table=self.table.select(list(self.wanted)))

    def can_be_read(self, ledger: Ledger) -> bool:
        """Whether there are rows and every wanted column exists once; records what is not so."""
        there = self.table.column_names
        if not self.table.num_rows:
            ledger.fail(f"The {self.name} table is empty (columns: {', '.join(there)}); at least one row is wanted.")
        for column in self.wanted:
            if there.count(column) != 1:
                problem = "has no column" if column not in there else f"has {there.count(column)} columns named"
                ledger.fail(
                    f"The {self.name} table {problem} '{column}'{self._asked_by(column)}; it has: {', '.join(there)}."
                )
        return self.table.num_rows > 0 and all(there.count(column) == 1 for column in self.wanted)

    def nothing(self) -> pa.Table:
        """The table of a Dataset without rows and with the keys only."""
        return pa.table({key: pa.array([], pa.string()) for key in raw_names(self.schema, self.entity).values()})

    def typed(self, ledger: Ledger) -> dict[str, pa.ChunkedArray]:
        """The columns besides the keys, in the types of a Dataset; records values that cannot be."""
        return {column: self._typed(column, ledger) for column in raw_columns(self.schema, self.entity)}

    def key(self, column: str, ledger: Ledger) -> pa.ChunkedArray:
        """A key column as text; records keys that were stored as floats."""
        key = keys(self.table[column])
        self._refuse(column, key, Form.TEXT, ledger)
        problem = f"ids of '{column}' were written as floats and are read as whole numbers"
        ledger.note(self.name, self.table, true(pc.is_valid(key.values)) & key.repaired, problem, "repaired")
        return key.values

    def _typed(self, column: str, ledger: Ledger) -> pa.ChunkedArray:
        features = self._features(column)
        form = self._form(column, features)
        typed = _read(self.table[column], form, features, self.schema.events.time_unit)
        self._refuse(column, typed, form, ledger)
        if typed.stated is not None and typed.stated.any():
            words = counted_words(self.table[column].filter(pa.array(typed.stated)))
            problem = f"values of '{column}' say in words that they are missing ({words})"
            ledger.note(self.name, self.table, typed.stated, problem, "read as missing")
        if any(isinstance(feature.transform, LogStandardise) for feature in features):
            problem = f"values of '{column}' are negative, which log_standardise cannot take"
            ledger.refuse(
                self.name, self.table, true(pc.less(typed.values, 0)), problem, "Mend them or use standardise."
            )
        return typed.values

    def _refuse(self, column: str, typed: TypedColumn, form: Form, ledger: Ledger) -> None:
        stored = self.table[column].type
        problem = f"values of '{column}' (stored as {stored}) cannot be read as {form}{self._width(column)}"
        ledger.refuse(self.name, self.table, typed.wrong, problem, f"{REMEDY[form]}{self._reader_of(column)}")

    def _features(self, column: str) -> tuple[Feature, ...]:
        return tuple(feature for feature in self.schema.of(self.entity) if feature.column == column)

    def _form(self, column: str, features: tuple[Feature, ...]) -> Form:
        forms = {FORM_OF_KIND[feature.kind] for feature in features}
        if self.entity is Entity.ITEM:
            forms |= {Form.TEXT} if column == self.schema.title else set()
            forms |= {Form.TRUTH} if column == self.schema.available else set()
        if len(forms) > 1 or len({feature.width for feature in features}) > 1:
            settings = [f"{name} names" for name, named in self._settings().items() if named == column]
            who = " and ".join([*self._readers(column), *settings])
            raise DataError(
                f"Features read the column '{column}' of {self.name} both as {' and as '.join(sorted(forms))}, or in "
                "different widths; a column is of one kind. Store it twice, under two names, or change a feature. It "
                f"is what {who}."
            )
        return forms.pop()

    def _width(self, column: str) -> str:
        wide = [feature.width for feature in self._features(column) if feature.kind is Kind.VECTOR]
        return f" of {wide[0]} finite numbers" if wide else ""

    def _asked_by(self, column: str) -> str:
        setting = next((setting for setting, name in self._settings().items() if name == column), None)
        if setting is None:
            return "".join(f", which {each}" for each in self._readers(column)[:1])
        return f", which the schema names under {setting}{self.places.after(setting)}"

    def _reader_of(self, column: str) -> str:
        return "".join(f" They are what {each}." for each in self._readers(column)[:1])

    def _readers(self, column: str) -> list[str]:
        features = self._features(column)
        return [f"the feature '{each.name}' reads{self.places.after(f'features.{each.name}')}" for each in features]

    def _settings(self) -> dict[str, str | None]:
        """Column names by the key of the schema file that gives them."""
        schema, events = self.schema, self.schema.events
        match self.entity:
            case Entity.USER:
                return {"keys.user": schema.user_key}
            case Entity.ITEM:
                return {"keys.item": schema.item_key, "title": schema.title, "available": schema.available}
            case Entity.CONTEXT:
                keys_of_events = ("user", "session", "item", "time", "type")
                return {**{f"events.{key}": getattr(events, key) for key in keys_of_events}, **self.beside}


def _read(raw: pa.ChunkedArray, form: Form, features: tuple[Feature, ...], time_unit: str) -> TypedColumn:
    match form:
        case Form.TEXT:
            return texts(raw)
        case Form.NUMBER:
            return numbers(raw)
        case Form.VECTOR:
            return vectors(raw, features[0].width)
        case Form.INSTANT:
            return instants(raw, time_unit)
        case Form.TRUTH:
            return truths(raw)


def repeated(keys: pa.ChunkedArray) -> Bools:
    """bool [N], true where a key that is not null was there before."""
    codes = keys.combine_chunks().dictionary_encode().indices
    codes = pc.fill_null(codes, -1).to_numpy()
    first = np.zeros(len(codes), bool)
    first[np.unique(codes, return_index=True)[1]] = True
    return ~first & (codes >= 0)
