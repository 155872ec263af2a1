"""What is odd about the columns that models read, and about what came of impressions; nothing is dropped for it."""

from collections.abc import Iterator, Sequence

import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.column_findings import column_findings, kept
from winnow.data.dataset import OUTCOME
from winnow.data.ledger import short
from winnow.data.positive_outcomes import positive_outcomes
from winnow.data.report import Finding
from winnow.schema.feature import Entity, Feature
from winnow.schema.schema import Schema
from winnow.schema.transform import History, Vocabulary

FEW = 10
"""Values of which it is no wonder that they are all the same."""


def feature_findings(name: str, table: pa.Table, schema: Schema, entity: Entity) -> Iterator[Finding]:
    """Columns that are all missing, columns with a single value, and vocabularies that do not hold all values.

    Args:
        name: of the table.
        table: as a Dataset has it.
        schema: of the Dataset.
        entity: whose features the table carries.
    """
    of_table = (each for each in schema.of_entity(entity) if each.window is None)
    read = [each for each in of_table if each.transform and not isinstance(each.transform, History)]
    for column in dict.fromkeys(each.column for each in read):
        values = table[column]
        present = len(values) - values.null_count
        if len(values) and not 0 < present < FEW:
            yield from column_findings(name, column, len(values), present, _distinct(values) if present else ())
    for each in read:
        if isinstance(each.transform, Vocabulary) and each.transform.max_size is not None:
            yield from _beyond(name, table[each.column], each, each.transform.max_size)


def outcome_findings(name: str, table: pa.Table, schema: Schema) -> Iterator[Finding]:
    """Impressions of which none was clicked, or all were: there is nothing to tell apart.

    Args:
        name: of the table.
        table: impressions as a Dataset has them.
        schema: of the Dataset.
    """
    words = positive_outcomes(schema)
    clicked = int(pc.sum(pc.is_in(table[OUTCOME], pa.array(words, pa.string()))).as_py() or 0)
    if table.num_rows and clicked in {0, table.num_rows}:
        how = "came to" if clicked else "did not come to"
        other = "none did not" if clicked else "none did"
        problem = f"rows {how} a click ({', '.join(words)}) and {other}, so that no click can be learned from them"
        yield kept(name, problem, table.num_rows, f"outcome={table[OUTCOME][0].as_py() or 'nothing'}")


def _distinct(values: pa.ChunkedArray) -> Sequence[str]:
    """Up to two different values as text; some is there."""
    present = values.drop_null().combine_chunks()
    if pa.types.is_fixed_size_list(values.type):
        first = present[0].as_py()
        rows = present.flatten().to_numpy().reshape(len(present), -1)
        return [short(first)] if (rows == rows[0]).all() else ["", ""]
    ends = dict.fromkeys(pc.min_max(present).as_py().values())
    return [short(each) for each in ends]


def _beyond(name: str, values: pa.ChunkedArray, feature: Feature, limit: int) -> Iterator[Finding]:
    """Rows whose value is too rare for a place in a vocabulary that is full."""
    counts = values.drop_null().value_counts()
    if len(counts) <= limit:
        return
    table = pa.table({"value": counts.field("values"), "rows": counts.field("counts")})
    rest = table.sort_by([("rows", "descending"), ("value", "ascending")]).slice(limit)
    problem = (
        f"rows have one of the {rest.num_rows:,} rarest of {len(counts):,} values of '{feature.column}'; the "
        f"vocabulary of '{feature.name}' holds {limit:,} (max_size), and models read the others as unknown"
    )
    yield kept(name, problem, pc.sum(rest["rows"]).as_py(), f"{feature.column}={short(rest['value'][0].as_py())}")
