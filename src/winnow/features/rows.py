"""Training rows that Ibis can ask."""

from types import TracebackType

import ibis
import ibis.expr.types as ir
import pyarrow as pa


class Rows:
    """An Arrow table under DuckDB, while the `with` block lasts.

    Attributes:
        table: the rows as they came.
    """

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        # One thread: sums then have one order, so that the same rows give the same bundle to the bit.
        self._connection = ibis.duckdb.connect(threads=1)

    def __enter__(self) -> "Rows":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.disconnect()

    def of(self, *columns: str) -> ir.Table:
        """The named columns, to build expressions on."""
        chosen = self.table.select(list(dict.fromkeys(columns)))
        coded = {each.name: each.type.value_type for each in chosen.schema if pa.types.is_dictionary(each.type)}
        plain = pa.schema([pa.field(each.name, coded.get(each.name, each.type)) for each in chosen.schema])
        return ibis.memtable(chosen.cast(plain))

    def answer(self, expression: ir.Table) -> pa.Table:
        """The result of an expression."""
        return self._connection.to_pyarrow(expression)
