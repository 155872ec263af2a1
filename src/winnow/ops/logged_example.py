"""A row of the event log in a report."""

import pyarrow as pa


def logged_example(rows: pa.Table) -> str:
    """The first of some rows, of which there is one, as text."""
    return f"({', '.join(f'{name}={value}' for name, value in rows.slice(0, 1).to_pylist()[0].items())})"
