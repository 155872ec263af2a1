"""Training requests through the very pipeline that will serve: the ranker learns on what it will be asked."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.engine.engine import Engine
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.click_hydrators import CLICKS
from winnow.pipeline.filters import SEEN_FILTER
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array, Bools, Column, Ragged, take_rows
from winnow.training.counting import first_had
from winnow.training.landings import landings
from winnow.training.progress import Progress, counted
from winnow.training.ranking import RankingConfig
from winnow.training.ranking_rows import RankingRows
from winnow.training.training_set import TrainingSet

BATCH = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedRequests:
    """Training examples as the requests that they were.

    Attributes:
        data: the training set; its interactions are replayed.
        context: raw context columns of the interactions.
        later: bool [N], which of them the retrieval that is replayed has not seen.
    """

    data: TrainingSet
    context: Mapping[str, Column]
    later: Bools

    @property
    def landed(self) -> Array:
        """float64 [N], when the visitor arrived; of those that are not replayed, when they clicked."""
        interactions, at = self.data.interactions, self.data.interactions.at.copy()
        at[self.later] = landings(interactions.users[self.later], at[self.later])
        return at

    def of(self, examples: Array, at: Array, strangers: Bools | None = None) -> Requests:
        """The requests of some examples.

        Args:
            examples: int64 [B].
            at: float64 [B], as of when.
            strangers: bool [B], where it is not told who asks; by default it is.
        """
        size = len(examples)
        interactions = self.data.interactions
        users = interactions.user_ids[interactions.users[examples]]
        users = users if strangers is None else np.where(strangers, "", users)
        return Requests(
            request_ids=tuple(map(str, examples)),
            user_ids=tuple(users.tolist()),
            at=at,
            k=np.zeros(size, np.int64),
            exclude=Ragged(np.empty(0, np.int64), np.zeros(size + 1, np.int64)),
            seeds=examples.astype(np.uint64),
            context={name: take_rows(column, examples) for name, column in self.context.items()},
        )


def replay(
    engine: Engine,
    asked: ReplayedRequests,
    config: RankingConfig,
    seed: int,
    progress: Progress,
    *,
    strangers: float = 0.0,
) -> RankingRows:
    """Replays the latest training requests, and keeps the click and some other candidates of each.

    Each is asked as of the landing of its visit, with what was known when the visitor arrived: a service is mostly
    asked then, and the later clicks of a visit would teach to repeat the last one. No request is asked with the seen
    filter: so what the user had is among the candidates, and the ranker learns what coming back is worth against
    something new. Of a visit that reaches back into what the retrieval has seen, the rest counts as a visit. What
    nobody had until the click may not have been in the shop yet, and is no candidate that was passed over.

    Args:
        engine: of a retrieval-only bundle, trained on what was earlier: of a click that it has seen, towers and counts
            would vouch for the click itself.
        asked: the training examples, of which only the later ones are replayed.
        config: how many requests, and how many candidates of each.
        seed: of the sampling.
        progress: told after every batch.
        strangers: share of the requests that are asked once more, as if by somebody who was never there. Newcomers are
            few in a log and many at the door, and what those choose who are known says something of them, too.
    """
    interactions, pipeline = asked.data.interactions, engine.pipeline.without(SEEN_FILTER)
    later = np.flatnonzero(asked.later)
    landed = asked.landed
    latest = np.sort(np.argsort(interactions.at[later], kind="stable")[-config.requests :])
    generator = np.random.default_rng(seed)
    again = latest[generator.random(len(latest)) < strangers] if strangers else latest[:0]
    replayed, unknown = np.append(latest, again), np.arange(len(latest) + len(again)) >= len(latest)
    advance = counted(progress, "Replaying requests", len(replayed))
    # Half of a small catalogue at most, so that what may not be shown leaves enough to draw from.
    width = max(2, min(config.negatives + 1, pipeline.num_items // 2))
    arrived = first_had(interactions.items, interactions.at, asked.data.num_items)
    kept: list[dict[str, Array]] = []
    for batch in np.array_split(np.arange(len(replayed)), max(1, -(-len(replayed) // BATCH))):
        examples = later[replayed[batch]]
        requests, candidates = pipeline.candidates(asked.of(examples, landed[examples], unknown[batch]))
        clicked_at = interactions.at[examples][candidates.request_of()]
        candidates = candidates.keep(arrived[candidates.item_rows] <= clicked_at)
        kept.append(sampled(requests, candidates, examples, interactions.items[examples], width, generator))
        advance(len(batch))
    joined = {name: np.concatenate([part[name] for part in kept]) for name in kept[0]}
    return RankingRows(
        **joined,
        tower=np.asarray(engine.catalogue.tower),
        retrieved=len(joined["examples"]) / max(1, len(replayed)),
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
    padded_keys = Ragged(keys, candidates.offsets).padded(max(width, int(candidates.counts.max())), fill=np.inf)
    padded_place = Ragged(place, candidates.offsets).padded(padded_keys.shape[1])
    chosen = np.argpartition(padded_keys, width - 1, axis=1)[:, :width]
    drawn = np.take_along_axis(padded_keys, chosen, axis=1)
    whole = np.isfinite(drawn).all(axis=1) & (drawn < 0).any(axis=1)
    rows = np.take_along_axis(padded_place, chosen, axis=1)[whole]
    return {
        "examples": examples[whole],
        "query": requests.array("query")[whole],
        "history_vector": requests.array("history_vector")[whole],
        "moment_vector": requests.array("moment_vector")[whole],
        "items": candidates.item_rows[rows],
        "match": candidates.array("match")[rows],
        "source_features": candidates.array("source_features")[rows],
        "clicks": candidates.array(CLICKS)[rows]
        if CLICKS in candidates.columns
        else np.empty((*rows.shape, 0), np.float32),
        "labels": (drawn[whole] < 0).astype(np.float32),
    }
