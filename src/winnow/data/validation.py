"""From raw tables to a Dataset, or to one error that names every problem."""

from collections.abc import Callable
from dataclasses import replace

import pyarrow as pa

from winnow.data.canonical import canonical_schema
from winnow.data.check_pictures import check_pictures
from winnow.data.dataset import ITEM, Dataset
from winnow.data.entity_table import entity_table
from winnow.data.event_table import EVENT_STEPS, event_table
from winnow.data.feature_findings import feature_findings, outcome_findings
from winnow.data.impression_table import impression_table, read_as_log
from winnow.data.ledger import Ledger
from winnow.data.raw_columns import RawColumns
from winnow.data.raw_tables import RawTables
from winnow.data.report import DataReport
from winnow.data.window_findings import window_findings
from winnow.schema.feature import Entity
from winnow.schema.places import NOWHERE, Places
from winnow.schema.progress import Progress, silent
from winnow.schema.schema import Schema


def validated(
    raw: RawTables,
    schema: Schema,
    *,
    source: str,
    now: float,
    places: Places = NOWHERE,
    progress: Progress = silent,
) -> Dataset:
    """Check everything, drop what cannot be used and report it.

    Args:
        raw: tables as the files brought them.
        schema: their meaning, with the raw column names.
        source: where they came from, for messages and the record.
        now: UTC seconds; events more than a day later are out of range.
        places: where the schema file says what, for messages.
        progress: told after every check, and while pictures are looked for.

    Raises:
        DataError: the data cannot be used; the message lists all problems, with counts and example rows.
    """
    ledger, canonical, step = Ledger(findings=[*raw.findings]), canonical_schema(schema, places), _steps(progress)
    given = tuple(
        RawColumns(name=name, table=table, schema=schema, entity=entity, places=places)
        for name, table, entity in (
            ("users", _users(raw, schema), Entity.USER),
            ("items", raw.items, Entity.ITEM),
            ("events", raw.events, Entity.CONTEXT),
        )
    )
    tables = {each.name: _entity_table(each, ledger, step) for each in given[:2]}
    check_pictures(given[1], raw.media, ledger, progress)
    known = _with_coming(tables["items"], raw.coming)
    tables["events"] = event_table(given[2], tables["users"], known, now, ledger, step)
    told = schema.impressions
    if told is not None and raw.impressions is not None:
        shown = read_as_log(replace(given[2], name="impressions", table=raw.impressions), told)
        tables["impressions"] = impression_table(shown, told, tables["users"], known, now, ledger)
        given = (*given, shown)
    ledger.close(source)
    step(1)
    entities = {each.name: each.entity for each in given}
    for name, table in tables.items():
        ledger.findings.extend(feature_findings(name, table, canonical, entities[name]))
    ledger.findings.extend(window_findings(tables["events"], canonical))
    if "impressions" in tables:
        ledger.findings.extend(outcome_findings("impressions", tables["impressions"], canonical))
    report = DataReport(
        rows_read={each.name: each.table.num_rows for each in given},
        rows_kept={each.name: tables[each.name].num_rows for each in given},
        findings=tuple(ledger.findings),
        unused={each.name: each.unused for each in given if each.unused},
    )
    return Dataset(schema=canonical, **tables, report=report, source=source, media=raw.media)


def _steps(progress: Progress) -> Callable[[int], None]:
    """Counts the checks: one of users, one of items, those of events, and the end."""
    done, total = 0, EVENT_STEPS + 3

    def step(size: int) -> None:
        nonlocal done
        done += size
        progress("Checking data", done, total)

    return step


def _entity_table(raw: RawColumns, ledger: Ledger, step: Callable[[int], None]) -> pa.Table:
    table = entity_table(raw, ledger)
    step(1)
    return table


def _with_coming(items: pa.Table, coming: tuple[str, ...]) -> pa.Table:
    """Ids that events may name; none where items cannot be read, which is told already."""
    ids = items.select([ITEM])
    return pa.concat_tables([ids, pa.table({ITEM: pa.array(coming, pa.string())})]) if ids.num_rows else ids


def _users(raw: RawTables, schema: Schema) -> pa.Table:
    nobody = pa.table({schema.user_key: pa.array([], pa.string())})
    return nobody if raw.users is None else raw.users
