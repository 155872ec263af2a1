"""Training requests through the very pipeline that will serve: the ranker learns on what it will see."""

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.filters import SEEN_FILTER
from winnow.pipeline.pipeline import Pipeline
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array, Bools, Column, Ragged, take_rows
from winnow.training.progress import Progress
from winnow.training.ranking import RankingConfig, RankingRows
from winnow.training.training_set import TrainingSet

BATCH = 256


def replay(
    pipeline: Pipeline,
    data: TrainingSet,
    context: dict[str, Column],
    config: RankingConfig,
    seed: int,
    progress: Progress,
) -> RankingRows:
    """Replays the latest training requests, each as of its own instant, and keeps the click and some other candidates.

    A click on an item that the user had before was made where seen items are shown, so it is replayed without the seen
    filter; every other click is replayed with it.

    Args:
        pipeline: of the retrieval-only bundle.
        data: the training set; its interactions are replayed.
        context: raw context columns of the interactions.
        config: how many requests, and how many candidates of each.
        seed: of the sampling.
        progress: told after every batch.
    """
    generator = np.random.default_rng(seed)
    latest = np.sort(latest_examples(data.interactions.at, data.interactions.first, config.requests))
    # Half of a small catalogue at most, so that what a user has had leaves enough to draw from.
    width = max(2, min(config.negatives + 1, pipeline.num_items // 2))
    without_seen = pipeline.without(SEEN_FILTER)
    kept: list[dict[str, Array]] = []
    done = 0
    for batch in np.array_split(latest, max(1, -(-len(latest) // BATCH))):
        again = _had_before(pipeline, _requests(data, context, batch), data.interactions.items[batch])
        for path, examples in ((pipeline, batch[~again]), (without_seen, batch[again])):
            if len(examples):
                requests, candidates = path.candidates(_requests(data, context, examples))
                clicked = data.interactions.items[examples]
                kept.append(sampled(requests, candidates, examples, clicked, width, generator))
        done += len(batch)
        progress("Replaying requests", done, len(latest))
    joined = {name: np.concatenate([part[name] for part in kept]) for name in kept[0]}
    return RankingRows(**joined, retrieved=len(joined["examples"]) / max(1, len(latest)))


def latest_examples(at: Array, first: Bools, size: int) -> Array:
    """The latest examples, as far as there are: half of them clicks on what was new to the user, half repeats."""
    order = np.argsort(at, kind="stable")
    new, again = order[first[order]], order[~first[order]]
    repeats = min(len(again), max(size // 2, size - len(new)))
    return np.concatenate([new[max(0, len(new) - (size - repeats)) :], again[len(again) - repeats :]])


def _had_before(pipeline: Pipeline, requests: Requests, items: Array) -> Bools:
    """Whether the seen filter would remove each request's click."""
    clicks = Candidates(item_rows=items, offsets=np.arange(len(items) + 1))
    stage = next(stage for stage in pipeline.filters if stage.name == SEEN_FILTER)
    return stage(requests, clicks).counts == 0


def _requests(data: TrainingSet, context: dict[str, Column], examples: Array) -> Requests:
    size = len(examples)
    users: list[str] = data.interactions.user_ids[data.interactions.users[examples]].tolist()
    return Requests(
        request_ids=tuple(map(str, examples)),
        user_ids=tuple(users),
        at=data.interactions.at[examples],
        k=np.zeros(size, np.int64),
        exclude=Ragged(np.empty(0, np.int64), np.zeros(size + 1, np.int64)),
        seeds=examples.astype(np.uint64),
        context={name: take_rows(column, examples) for name, column in context.items()},
    )


def sampled(
    requests: Requests,
    candidates: Candidates,
    examples: Array,
    clicked: Array,
    width: int,
    generator: np.random.Generator,
) -> dict[str, Array]:
    """The click and `width - 1` other candidates, drawn uniformly, of each request that has them."""
    is_click = candidates.item_rows == clicked[candidates.request_of()]
    keys = np.where(is_click, -1.0, generator.random(len(candidates)))
    place = np.arange(len(candidates))
    padded_keys, _ = Ragged(keys, candidates.offsets).padded(max(width, int(candidates.counts.max())), fill=np.inf)
    padded_place, _ = Ragged(place, candidates.offsets).padded(padded_keys.shape[1])
    chosen = np.argpartition(padded_keys, width - 1, axis=1)[:, :width]
    drawn = np.take_along_axis(padded_keys, chosen, axis=1)
    whole = np.isfinite(drawn).all(axis=1) & (drawn < 0).any(axis=1)
    rows = np.take_along_axis(padded_place, chosen, axis=1)[whole]
    return {
        "examples": examples[whole],
        "query": requests.array("query")[whole],
        "history_vector": requests.array("history_vector")[whole],
        "items": candidates.item_rows[rows],
        "match": candidates.array("match")[rows],
        "labels": (drawn[whole] < 0).astype(np.float32),
    }
