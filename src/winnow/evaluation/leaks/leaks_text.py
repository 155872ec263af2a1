"""What a report says of leaks: a section of its own, and a label above every table where there are some."""

from collections.abc import Iterable, Iterator

from winnow.evaluation.leaks.leak_report import LeakReport


def leaks_text(leaks: LeakReport) -> Iterator[str]:
    """Every check with what it looked at; nothing where none was made."""
    if leaks.findings:
        yield "## Leak checks\n"
        yield from leaks.lines()


def labelled(lines: Iterable[str], label: str) -> Iterator[str]:
    """The same lines of Markdown with the label above every table and every block; unchanged where the label is ""."""
    inside, fenced = False, False
    for line in lines:
        fence, row = line.startswith("```"), line.startswith("|") and not fenced
        opens = (fence and not fenced) or (row and not inside)
        if label and opens:
            yield from (label, "")
        yield line
        inside, fenced = row, fenced ^ fence
