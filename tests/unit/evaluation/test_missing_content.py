"""What is lost without content, in shops where that is known."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.evaluation import content_shop
from tests.unit.evaluation.content_shop import (
    NO_PICTURE,
    NUM_ITEMS,
    READS_CODES,
    READS_WORDS,
    SPLIT,
    USERS,
    content_dataset,
    content_engine,
)
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.evaluation import missing_content as module
from winnow.evaluation.evaluate import evaluate
from winnow.evaluation.held_out import HeldOut, held_out
from winnow.evaluation.missing_content import EMBEDDED_TEXTS, content_counts, missing_content
from winnow.evaluation.report import ContentCount, ContentRow
from winnow.training.progress import silent


@pytest.fixture(scope="module")
def reads_words() -> Engine:
    return content_engine(READS_WORDS)


@pytest.fixture(scope="module")
def held(reads_words: Engine) -> HeldOut:
    return held_out(content_dataset(), SPLIT, reads_words.catalogue).masked()


def by_share(rows: list[ContentRow], metric: str = "recall") -> dict[tuple[str, float], ContentRow]:
    return {(row.feature, row.share): row for row in rows if row.metric == metric}


def rows_of(engine: Engine, held: HeldOut) -> list[ContentRow]:
    return missing_content(engine, held, "masked", progress=silent, seed=0)


def recall_of_the_first_rows() -> float:
    """Without any content all items are alike, and come in the order of the catalogue."""
    found = []
    for user in range(USERS):
        answer = [row for row in range(NUM_ITEMS) if row not in content_shop.had(user)][:10]
        right = content_shop.wanted(user)
        found.append(len(set(answer) & set(right)) / len(right))
    return float(np.mean(found))


def test_where_words_are_everything_hiding_them_destroys_recall_and_hiding_pictures_changes_nothing(
    reads_words: Engine, held: HeldOut
) -> None:
    rows = by_share(rows_of(reads_words, held))
    assert rows["words", 1.0].value == 1, "the ten wanted items are exactly those of the taste that were not had"
    assert 0.3 < rows["words", 0.5].value < 0.8
    assert rows["words", 0.0].value == rows["*", 0.0].value == pytest.approx(recall_of_the_first_rows())
    assert rows["words", 0.0].value < 0.3
    for share in (1.0, 0.5, 0.0):
        picture = rows["picture", share]
        assert (picture.value, picture.change, picture.change_low, picture.change_high) == (1, 0, 0, 0)
    assert set(rows) == {(name, share) for name in ("words", "picture") for share in (1.0, 0.5, 0.0)} | {
        ("*", 1.0),
        ("*", 0.0),
    }


def test_where_content_is_nothing_hiding_all_of_it_changes_nothing(held: HeldOut) -> None:
    rows = rows_of(content_engine(READS_CODES), held)
    assert {row.feature for row in rows} == {"words", "picture", "*"}
    assert [row.value for row in rows] == [pytest.approx(1)] * len(rows)
    assert {(row.change, row.change_low, row.change_high) for row in rows} == {(0, 0, 0)}


def test_a_change_is_the_figure_minus_that_with_all_content_and_paired(reads_words: Engine, held: HeldOut) -> None:
    for metric in ("recall", "ndcg"):
        rows = by_share(rows_of(reads_words, held), metric)
        for (feature, _), row in rows.items():
            assert row.change == pytest.approx(row.value - rows[feature, 1.0].value)
            assert row.change_low <= row.change <= row.change_high
            assert (row.users, row.k, row.seen) == (USERS, 10, "masked")


def test_more_users_than_the_limit_are_drawn_by_the_seed(
    reads_words: Engine, held: HeldOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "USERS", 8)
    first, again = (rows_of(reads_words, held) for _ in range(2))
    assert first == again
    assert {row.users for row in first} == {8}
    other = missing_content(reads_words, held, "masked", progress=silent, seed=1)
    assert by_share(other)["words", 0.5].value != by_share(first)["words", 0.5].value


def test_progress_is_told_of_every_user_of_every_pass(reads_words: Engine, held: HeldOut) -> None:
    told: list[tuple[str, int, int]] = []
    missing_content(reads_words, held, "masked", progress=lambda *step: told.append(step), seed=0)
    passes = 1 + 2 * 2 + 1
    assert told == [("Hiding content", USERS * done, USERS * passes) for done in range(passes + 1)]


def test_content_is_counted_by_what_is_not_zero(reads_words: Engine) -> None:
    words, picture = (vectors.shape[1] for vectors in reads_words.catalogue.vectors.values())
    with_picture = NUM_ITEMS - NO_PICTURE
    assert content_counts(reads_words) == [
        ContentCount(feature="words", items=NUM_ITEMS, share=1.0, width=words),
        ContentCount(feature="picture", items=with_picture, share=with_picture / NUM_ITEMS, width=picture),
    ]


def test_who_made_content_and_what_it_explains_is_told(bundle: Path) -> None:
    counts = {each.feature: each for each in content_counts(open_engine(bundle))}
    made = {name: each.encoder for name, each in counts.items()}
    assert made == {"title": EMBEDDED_TEXTS, "description": EMBEDDED_TEXTS, "picture": "picture-statistics 1"}
    assert {each.width for each in counts.values()} == {64}
    assert all(each.explained is not None and 0.4 < each.explained < 1 for each in counts.values())


def test_an_engine_that_cannot_make_item_vectors_has_no_rows(engine: Engine, held: HeldOut) -> None:
    assert rows_of(engine, held) == []


def test_the_report_tells_of_content_once_and_by_masked_where_that_was_asked() -> None:
    engine, dataset = content_engine(READS_WORDS), content_dataset()
    both, kept = evaluate(engine, dataset, SPLIT), evaluate(engine, dataset, SPLIT, seen=["kept"])
    assert {row.seen for row in both.content} == {"masked"}
    assert {row.seen for row in kept.content} == {"kept"}
    assert [each.feature for each in both.content_counts] == ["words", "picture"]
    (table,) = [row for row in both.rows if (row.model, row.metric, row.k, row.slice, row.seen) == (
        "winnow", "recall", 10, "all", "masked"
    )]  # fmt: skip
    whole = by_share(list(both.content))["words", 1.0]
    assert (whole.value, whole.low, whole.high) == (table.value, table.low, table.high)
