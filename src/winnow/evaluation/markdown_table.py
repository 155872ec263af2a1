"""Tables in Markdown, with columns that also line up as plain text."""

from collections.abc import Iterator, Sequence

from winnow.evaluation.report import ReportRow


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a table; every row has a cell for each of the head."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in [head, ["-" * width for width in widths], *rows]:
        yield "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"


def interval(low: float, high: float, sign: str = "-", digits: int = 3) -> str:
    """Both ends of an interval; with the sign "+" also where they are positive."""
    return f"[{low:{sign}.{digits}f}, {high:{sign}.{digits}f}]"


def figure(row: ReportRow, digits: int = 3) -> str:
    """A figure, with its interval if it has one."""
    if row.low is None or row.high is None:
        return f"{row.value:.{digits}f}"
    return f"{row.value:.{digits}f} {interval(row.low, row.high, digits=digits)}"
