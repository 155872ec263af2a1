"""What if pictures or words were missing? The pipeline is asked again with them hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winnow.engine.engine import Engine
from winnow.evaluation.answers import ask, path_of
from winnow.evaluation.held_out import HeldOut
from winnow.evaluation.report import ContentCount, ContentRow, SeenMode
from winnow.evaluation.slice import KS, PER_USER
from winnow.features.encoders.projection import Projection
from winnow.features.fitted_transform import FittedTransform
from winnow.features.text_vectors import TextVectors
from winnow.metrics.bootstrap import difference_intervals, mean_intervals
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Array, Bools
from winnow.training.progress import Advance, Progress, counted

USERS = 1_000
"""Most users that are asked, in each of 1 + 2F passes for F kinds of content, and one more for all of several."""
ALL_CONTENT = "*"
EMBEDDED_TEXTS = "TF-IDF and SVD"
MEASURED = (("recall", 10), ("ndcg", 10))


def content_counts(engine: Engine) -> list[ContentCount]:
    """How many items have each kind of content, and what it is made of; the zero vector is none."""
    encoder = None if engine.assembly is None else engine.assembly.encoder
    transforms = {} if encoder is None else {each.name: each.transform for each in encoder.fitted.features}
    size, counts = max(1, len(engine.catalogue)), list[ContentCount]()
    for name, vectors in engine.catalogue.vectors.items():
        items = int(_present(vectors).sum())
        who, explained = _made_by(transforms.get(name))
        count = ContentCount(
            feature=name, items=items, share=items / size, encoder=who, width=vectors.shape[1], explained=explained
        )
        counts.append(count)
    return counts


def _made_by(transform: FittedTransform | None) -> tuple[str, float | None]:
    """Encoder, and the share of its variance that is left."""
    match transform:
        case Projection(encoder=encoder, explained=explained):
            return encoder, float(explained.sum())
        case TextVectors(explained=explained):
            return EMBEDDED_TEXTS, explained
        case _:
            return "", None


def missing_content(
    engine: Engine, held: HeldOut, seen: SeenMode, *, progress: Progress, seed: int
) -> list[ContentRow]:
    """Recall and NDCG with content for all items that have it, for half of them and for none, each kind by itself.

    With several kinds, all of them together are hidden as well.

    Args:
        engine: its whole pipeline is asked, with an exact index.
        held: the users to ask, at least one; of more than USERS, so many are drawn.
        seen: what is done with items of their histories.
        progress: told of the users asked.
        seed: of the draws of users and items, of the pipeline's draws and of the bootstrap.

    Returns:
        nothing where there is no content, or where the bundle has no item tower to do without it.
    """
    if not engine.catalogue.vectors or engine.assembly is None or engine.assembly.encoder is None:
        return []
    panel = _Panel(held=_drawn(held, seed), seen=seen, seed=seed)
    hidings = _hidings(engine.catalogue, seed)
    advance = counted(progress, "Hiding content", (1 + len(hidings)) * len(panel.held))
    whole = panel.figures(engine.hiding((), np.zeros(len(engine.catalogue), np.bool_)), advance)
    rows: list[ContentRow] = []
    for each in hidings:
        if each.feature not in (row.feature for row in rows):
            rows += panel.rows(each.feature, 1.0, whole, whole)
        figures = panel.figures(engine.hiding(each.names, each.items), advance)
        rows += panel.rows(each.feature, each.share, figures, whole)
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hiding:
    """The vectors `names` of `items`, bool [I]; in the report it is the `feature` of which a `share` is kept."""

    feature: str
    share: float
    names: Sequence[str]
    items: Bools


def _hidings(catalogue: Catalogue, seed: int) -> list[_Hiding]:
    everywhere = np.ones(len(catalogue), np.bool_)
    hidings: list[_Hiding] = []
    for place, (name, vectors) in enumerate(catalogue.vectors.items()):
        half = _half(_present(vectors), np.random.default_rng((seed, place)))
        hidings.append(_Hiding(feature=name, share=0.5, names=[name], items=half))
        hidings.append(_Hiding(feature=name, share=0.0, names=[name], items=everywhere))
    if len(catalogue.vectors) > 1:
        hidings.append(_Hiding(feature=ALL_CONTENT, share=0.0, names=list(catalogue.vectors), items=everywhere))
    return hidings


def _half(present: Bools, draw: np.random.Generator) -> Bools:
    """bool [I], a drawn half of those that have something, rounded down."""
    owners = np.flatnonzero(present)
    half = np.zeros(len(present), np.bool_)
    half[draw.permutation(owners)[: len(owners) // 2]] = True
    return half


def _present(vectors: Array) -> Bools:
    return np.any(vectors, axis=1)


def _drawn(held: HeldOut, seed: int) -> HeldOut:
    if len(held) <= USERS:
        return held
    return held.take(np.sort(np.random.default_rng(seed).choice(len(held), USERS, replace=False)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Panel:
    """The same users for all passes."""

    held: HeldOut
    seen: SeenMode
    seed: int

    def figures(self, engine: Engine, advance: Advance) -> Array:
        """float64 [U, len(MEASURED)] of one pass; advances by U."""
        pipeline = path_of(engine.pipeline, self.seen)
        lists = ask(pipeline, self.held, k=max(KS), seed=self.seed, advance=advance).recommended
        return np.stack([PER_USER[metric](lists, self.held.relevant, k) for metric, k in MEASURED], axis=1)

    def rows(self, feature: str, share: float, figures: Array, whole: Array) -> list[ContentRow]:
        """What is reported of a pass, beside the pass with all content."""
        values = mean_intervals(figures, seed=self.seed)
        changes = difference_intervals(figures, whole, seed=self.seed)
        return [
            ContentRow(
                feature=feature,
                share=share,
                seen=self.seen,
                users=len(self.held),
                metric=metric,
                k=k,
                value=value.value,
                low=value.low,
                high=value.high,
                change=change.value,
                change_low=change.low,
                change_high=change.high,
            )
            for (metric, k), value, change in zip(MEASURED, values, changes, strict=True)
        ]
