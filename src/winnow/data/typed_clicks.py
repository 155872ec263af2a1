"""Raw rows of clicks in the types of a ClickTable."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.click_table_form import ClickTableForm
from winnow.data.ledger import Ledger
from winnow.data.raw_clicks import RawClicks
from winnow.data.report import Finding
from winnow.data.typed_column import TypedColumn, instants, numbers, plain, texts, true, truths
from winnow.schema.column import Bools

CLICKS = "clicks"
CATEGORY = pa.dictionary(pa.int32(), pa.string())
LARGEST = float(np.finfo(np.float32).max)
LONGEST_VALUE = 80


def typed_clicks(raw: RawClicks, form: ClickTableForm, ledger: Ledger) -> pa.Table:
    """The columns of the form: bool, float32, dictionaries of text, and float64 seconds; records what is wrong."""
    typed = {form.label: _label(raw, form.label, ledger)}
    for name in form.numbers:
        typed[name] = _number(raw, name, ledger)
    for name in form.categories:
        typed[name] = _category(raw, name, ledger)
    if form.at is not None:
        typed[form.at] = _instant(raw, form.at, form.time_unit, ledger)
    return pa.table(typed)


def _label(raw: RawClicks, name: str, ledger: Ledger) -> pa.ChunkedArray:
    label = truths(raw.table[name])
    _refuse(raw, name, true(pc.is_null(label.values)), "where a label is 0 or 1", ledger)
    return label.values


def _number(raw: RawClicks, name: str, ledger: Ledger) -> pa.ChunkedArray:
    number = numbers(raw.table[name])
    wrong = number.wrong | true(pc.greater(pc.abs(number.values), LARGEST))
    _refuse(raw, name, wrong, f"where a finite number up to {LARGEST:.2g} is wanted, or nothing", ledger)
    _note_words(raw, name, number, ledger)
    return number.values.cast(pa.float32(), safe=False)


def _category(raw: RawClicks, name: str, ledger: Ledger) -> pa.ChunkedArray:
    category = texts(raw.table[name])
    _refuse(raw, name, category.wrong, f"of the Arrow type {raw.table[name].type}, where text is wanted", ledger)
    return category.values.dictionary_encode().cast(CATEGORY)


def _instant(raw: RawClicks, name: str, unit: str, ledger: Ledger) -> pa.ChunkedArray:
    instant = instants(raw.table[name], unit)
    _refuse(raw, name, true(pc.is_null(instant.values)), f"where an instant is wanted, in {unit}", ledger)
    return instant.values


def _refuse(raw: RawClicks, name: str, wrong: Bools, wanted: str, ledger: Ledger) -> None:
    if wrong.any():
        row = int(np.argmax(wrong))
        others = f", and so do {wrong.sum() - 1:,} of the {len(wrong):,} rows read with it" if wrong.sum() > 1 else ""
        ledger.fail(f"{raw.place(row)}: '{name}' {_said(raw, name, row)}, {wanted}{others}. Mend the file.")


def _said(raw: RawClicks, name: str, row: int) -> str:
    value = raw.table[name][row].as_py()
    return "is missing" if value is None else f"is {str(value)[:LONGEST_VALUE]!r}"


def _note_words(raw: RawClicks, name: str, number: TypedColumn, ledger: Ledger) -> None:
    if number.stated is not None and number.stated.any():
        row = int(np.argmax(number.stated))
        word = plain(raw.table[name])[row].as_py()
        ledger.findings.append(
            Finding(
                table=CLICKS,
                problem=f"values of '{name}' say in words that they are missing",
                count=int(number.stated.sum()),
                example=f"{raw.place(row)} ({name}={word})",
                action="read as missing",
            )
        )


def summed(findings: list[Finding]) -> Iterator[Finding]:
    """Findings of the pieces of a table as those of the whole: one for each problem, with the first example."""
    for problem in dict.fromkeys(each.problem for each in findings):
        alike = [each for each in findings if each.problem == problem]
        yield Finding(
            table=CLICKS,
            problem=problem,
            count=sum(each.count for each in alike),
            example=alike[0].example,
            action=alike[0].action,
        )
