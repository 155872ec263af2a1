"""The whole evaluation: held-out users, the pipeline that serves, the baselines, and what to make of them."""

from collections.abc import Sequence

from winnow.data.dataset import Dataset
from winnow.data.split import TimeSplit
from winnow.engine.engine import Engine
from winnow.evaluation.answers import ask
from winnow.evaluation.baselines import Baselines
from winnow.evaluation.held_out import HeldOut, held_out
from winnow.evaluation.planted import Planted
from winnow.evaluation.report import Report, SeenMode
from winnow.evaluation.setting import KS, RESAMPLINGS, Setting
from winnow.pipeline.filters import SEEN_FILTER
from winnow.pipeline.pipeline import Pipeline
from winnow.training.progress import Progress, counted, silent


def evaluate(
    engine: Engine,
    dataset: Dataset,
    split: TimeSplit,
    *,
    seen: Sequence[SeenMode] = ("masked", "kept"),
    progress: Progress = silent,
    seed: int = 0,
) -> Report:
    """Full ranking over the test time of the split, beside baselines that know the training time.

    Args:
        engine: its pipeline and catalogue are used as they are; only `kept` leaves out the filter of seen items. With a
            ranker, its order of retrieval is a model of its own, "retrieval_only": what the ranker adds or loses.
        dataset: the data that the bundle was trained on.
        split: the bundle's own.
        seen: what to do with items that users had in training; one setting for each, and no rows for one in which
            nobody is left (all came back for what they had).
        progress: told of each baseline that is fitted, of requests answered by every model, and of intervals found.
        seed: of the pipeline's draws and of the bootstrap.

    Raises:
        DataError: nobody has a positive event in the test time, or the catalogue lacks an item.
        Unavailable: a stage of the pipeline was skipped.
    """
    baselines = Baselines.fit(dataset, split, engine.catalogue, progress)
    planted = Planted.of(dataset, split, progress)
    everyone = held_out(dataset, split, engine.catalogue, engine.seen_types)
    asked: dict[SeenMode, HeldOut] = {mode: everyone.masked() if mode == "masked" else everyone for mode in seen}
    truths = {} if planted is None else planted.models(everyone, engine.catalogue)
    baselines = baselines.beside(truths)
    paths = 1 if engine.retrieval is None else 2
    answering = {mode: paths + len(baselines.answering(mode)) for mode in asked}
    advance = counted(progress, "Evaluating", sum(answering[mode] * len(held) for mode, held in asked.items()))
    settings: list[Setting] = []
    for mode, held in asked.items():
        if not len(held):
            continue
        answers = ask(_path(engine.pipeline, mode), held, k=max(KS), seed=seed, advance=advance)
        lists = {"winnow": answers.recommended}
        if engine.retrieval is not None:
            ordered = ask(_path(engine.retrieval, mode), held, k=max(KS), seed=seed, advance=advance)
            lists["retrieval_only"] = ordered.recommended
        lists |= baselines.rank(held, mode, max(KS), advance)
        settings.append(Setting(seen=mode, held=held, answers=answers, lists=lists, num_items=len(engine.catalogue)))
    advance = counted(progress, "Finding intervals", RESAMPLINGS * len(settings))
    return Report(
        rows=[row for setting in settings for row in setting.rows(seed, advance)],
        differences=[row for setting in settings for row in setting.differences(seed, advance)],
        funnel=[row for setting in settings for row in setting.funnel()],
        users=[row for setting in settings for row in setting.users()],
        impressions=[] if planted is None else planted.impressions(),
    )


def _path(pipeline: Pipeline, mode: SeenMode) -> Pipeline:
    return pipeline if mode == "masked" else pipeline.without(SEEN_FILTER)
