import pytest

from benchmarks.quality_bar import check_bar, recall_at_10
from benchmarks.refused import RefusedError


def row(model, value, seen="masked", **other):
    return {"model": model, "metric": "recall", "k": 10, "slice": "all", "seen": seen, "value": value} | other


def evaluation(masked=0.5, kept=0.8, popular=0.02, popular_7d=0.03):
    return [
        row("winnow", masked),
        row("winnow", kept, "kept"),
        row("popular", popular),
        row("popular_7d", popular_7d),
        row("winnow", 0.0, slice="cold"),
        row("winnow", 0.0, k=20),
        row("winnow", 0.0, metric="ndcg"),
    ]


def test_a_bundle_exactly_at_the_bar_passes():
    check_bar(evaluation(masked=0.15, kept=0.75, popular_7d=0.03))


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"masked": 0.15, "popular": 0.031}, "masked is 0.150; the bar is 5 times 'popular', 0.155"),
        ({"masked": 0.15, "popular_7d": 0.031}, "5 times 'popular_7d'"),
        ({"kept": 0.7499}, "kept is 0.750; the bar is 0.75"),
        ({"masked": float("nan")}, "masked is nan"),
        ({"kept": float("nan")}, "kept is nan"),
    ],
)
def test_a_bundle_below_the_bar_is_refused_with_both_figures(figures, words):
    with pytest.raises(RefusedError, match=words):
        check_bar(evaluation(**figures))


@pytest.mark.parametrize("missing", [0, 1, 2, 3])
def test_a_missing_row_refuses_rather_than_passes(missing):
    rows = evaluation()
    del rows[missing]
    with pytest.raises(RefusedError, match="0 rows"):
        check_bar(rows)


def test_two_rows_for_one_figure_are_refused():
    with pytest.raises(RefusedError, match="2 rows"):
        recall_at_10([row("winnow", 0.5), row("winnow", 0.6)], "winnow", "masked")
