import numpy as np
import pytest

from winnow.features.encoders.zero_shot import Suggestions
from winnow.ops.label_check import label_check

LABELS = ["lamp", "pan", "shoe"]
OWN = np.array([0, 1, 1, 2, 1])


def suggested(labels, scores):
    labels, scores = np.array(labels), np.array(scores, np.float32)
    return Suggestions(labels=labels, scores=scores, cosines=scores)


FOUND = suggested(
    [[0, 1], [0, 1], [1, 2], [0, 1], [-1, -1]], [[0.9, 0.1], [0.6, 0.3], [0.7, 0.2], [0.8, 0.1], [np.nan] * 2]
)


def test_shares_are_of_the_items_for_which_something_was_suggested():
    check = label_check(FOUND, OWN, LABELS)
    assert (check.num_items, check.k) == (4, 2)
    assert (check.top_1, check.top_k) == (0.5, 0.75)
    assert check.mean_score == pytest.approx(0.75)


def test_beside_them_stands_what_the_most_frequent_labels_would_reach():
    check = label_check(FOUND, OWN, LABELS)
    assert (check.frequent, check.frequent_1, check.frequent_k) == ("pan", 0.5, 0.75)


def test_the_figures_are_told_in_sentences():
    first, *others = label_check(FOUND, OWN, LABELS).lines()
    assert first.startswith("Checked on 4 items that have a label: the first suggestion is right for 50.0 %")
    assert first.endswith(", one of the first 2 for 75.0 %.")
    assert others == [
        "The most frequent label, 'pan', has 50.0 %, the 2 most frequent 75.0 %.",
        "The mean score of first suggestions is 75.0 %: scores promise more than suggestions keep.",
    ]


@pytest.mark.parametrize(
    ("score", "hint"),
    [(0.3, "suggestions keep more than scores promise"), (0.52, "about as large"), (0.8, "promise more")],
)
def test_a_hint_says_how_far_to_believe_the_scores(score, hint):
    found = suggested([[0], [0]], [[score], [score]])
    lines = label_check(found, np.array([0, 1]), LABELS).lines()
    assert hint in lines[-1]
    assert "first 1" not in " ".join(lines)


@pytest.mark.parametrize("rows", [0, 2])
def test_nothing_suggested_is_nothing_to_check(rows):
    found = suggested(np.full((rows, 2), -1), np.full((rows, 2), np.nan))
    assert label_check(found, np.zeros(rows, int), LABELS) is None
