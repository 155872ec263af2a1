"""What people read of new items."""

from dataclasses import replace

from winnow.data.dataset import Dataset
from winnow.data.split import TimeSplit
from winnow.engine.engine import Engine
from winnow.evaluation.evaluate import evaluate
from winnow.evaluation.new_items_text import new_items_text
from winnow.evaluation.report_text import report_text


def test_new_items_stand_beside_known_ones_at_50(engine: Engine, dataset: Dataset, split: TimeSplit) -> None:
    report = evaluate(engine, dataset, split, seen=["kept"])
    lines = list(new_items_text(report, "kept"))
    assert "4 of 6 right answers, for 2 of 3 users." in lines
    assert "recall@50 where only new, or only known, items count:\n" in lines
    (ours,) = [line for line in lines if line.startswith("| winnow ")]
    assert ours.split("|")[2:4] == [" 0.750 [0.500, 1.000] ", " 1.000 [1.000, 1.000] "]
    (own,) = [line for line in lines if line.startswith("| own_history ")]
    assert own.split("|")[4].strip() == "+0.000 [+0.000, +0.000]"
    assert "\n".join(lines) in report_text(report)


def test_where_nobody_wants_a_new_item_a_sentence_says_so(engine: Engine, dataset: Dataset, split: TimeSplit) -> None:
    only_known = dataset.events.filter([name in ("item-02", "item-03", "item-05") for name in items_of(dataset)])
    report = evaluate(engine, replace(dataset, events=only_known), split, seen=["kept"])
    assert list(new_items_text(report, "kept")) == [
        "\nNobody wants a new item: all right answers had an event in the training time."
    ]


def items_of(dataset: Dataset) -> list[str]:
    return dataset.events["item_id"].to_pylist()
