"""The whole evaluation: held-out users, the pipeline that serves, the baselines, and what to make of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from winnow.data.dataset import Dataset
from winnow.data.split import TIME, Split
from winnow.engine.engine import Engine
from winnow.evaluation.answers import Answers, ask, path_of
from winnow.evaluation.baselines import Baselines
from winnow.evaluation.held_out import HeldOut, held_out
from winnow.evaluation.judge_impressions import judge_impressions
from winnow.evaluation.known_items import known_items
from winnow.evaluation.leaks.leak_report import LeakReport
from winnow.evaluation.leaks.masking import masking
from winnow.evaluation.learn_validation import learn_validation
from winnow.evaluation.missing_content import content_counts, missing_content
from winnow.evaluation.planted import Planted
from winnow.evaluation.report import ContentRow, Report, SeenMode
from winnow.evaluation.setting import OURS, RESAMPLINGS, RETRIEVAL_ONLY, Setting
from winnow.evaluation.slice import KS, slices
from winnow.pipeline.pipeline import Pipeline
from winnow.schema.column import Bools
from winnow.training.progress import Advance, Progress, counted, silent


def evaluate(
    engine: Engine,
    dataset: Dataset,
    split: Split,
    *,
    seen: Sequence[SeenMode] | None = None,
    progress: Progress = silent,
    seed: int = 0,
) -> Report:
    """Full ranking of what the split holds out, beside baselines that know its training.

    Between training and the questions may lie validation events, which everybody knows when asked: the engine's store
    is told of them.

    Args:
        engine: its pipeline and catalogue are used as they are; only `kept` leaves out the filter of seen items. With a
            ranker, its order of retrieval is a model of its own, "retrieval_only": what the ranker adds or loses.
        dataset: the data that the bundle was trained on.
        split: the bundle's own.
        seen: what to do with items that users had in training; one setting for each, and no rows for one in which
            nobody is left (all came back for what they had). By default masked and kept; masked where the last event of
            every user is left out, as the field has it.
        progress: told of each baseline that is fitted, of requests answered by every model, with content and without,
            of pages whose clicks are judged, and of intervals found.
        seed: of the pipeline's draws and of the bootstrap.

    Raises:
        DataError: nobody has a positive event in the test, or the catalogue lacks an item.
        Unavailable: a stage of the pipeline was skipped.
    """
    seen = seen or (("masked", "kept") if split.kind == TIME else ("masked",))
    learn_validation(engine, dataset, split)
    baselines = Baselines.fit(dataset, split, engine.catalogue, progress)
    planted = Planted.of(dataset, split, progress)
    everyone = held_out(dataset, split, engine.catalogue, engine.seen_types)
    asked: dict[SeenMode, HeldOut] = {mode: everyone.masked() if mode == "masked" else everyone for mode in seen}
    asked = {mode: held for mode, held in asked.items() if len(held)}
    truths = {} if planted is None else planted.models(everyone, engine.catalogue)
    baselines = baselines.beside(truths)
    known = known_items(dataset, split, engine.catalogue)
    paths = 1 if engine.retrieval is None else 2
    answering = {mode: paths + len(baselines.answering(mode)) for mode in asked}
    advance = counted(progress, "Evaluating", sum(answering[mode] * len(held) for mode, held in asked.items()))
    examiner = _Examiner(engine=engine, baselines=baselines, known=known, seed=seed)
    settings = [examiner.setting(held, mode, advance) for mode, held in asked.items()]
    content = _content(engine, asked, progress, seed)
    impressions, bins, heads = judge_impressions(engine, dataset, split, planted, progress)
    advance = counted(progress, "Finding intervals", RESAMPLINGS * len(settings))
    return Report(
        rows=[replace(row, protocol=split.kind) for setting in settings for row in setting.rows(seed, advance)],
        differences=[row for setting in settings for row in setting.differences(seed, advance)],
        funnel=[row for setting in settings for row in setting.funnel()],
        users=[row for setting in settings for row in setting.users()],
        impressions=impressions,
        reliability=bins,
        heads=heads,
        content_counts=content_counts(engine),
        content=content,
        leaks=_masking(settings, int(engine.catalogue.allowed.sum())),
        notes=baselines.notes,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Examiner:
    """Puts the same questions to the pipeline and to the baselines."""

    engine: Engine
    baselines: Baselines
    known: Bools
    seed: int

    def setting(self, held: HeldOut, mode: SeenMode, advance: Advance) -> Setting:
        """All lists of one setting; advances by the users for each model."""
        answers = self._answers(self.engine.pipeline, held, mode, advance)
        lists = {OURS: answers.recommended}
        if self.engine.retrieval is not None:
            lists[RETRIEVAL_ONLY] = self._answers(self.engine.retrieval, held, mode, advance).recommended
        lists |= self.baselines.rank(held, mode, max(KS), advance)
        return Setting(
            seen=mode,
            held=held,
            answers=answers,
            lists=lists,
            slices=slices(held, lists, self.known),
            num_items=len(self.known),
        )

    def _answers(self, pipeline: Pipeline, held: HeldOut, mode: SeenMode, advance: Advance) -> Answers:
        return ask(path_of(pipeline, mode), held, k=max(KS), seed=self.seed, advance=advance)


def _masking(settings: Sequence[Setting], num_allowed: int) -> LeakReport:
    masked = [each for each in settings if each.seen == "masked"]
    return LeakReport(findings=tuple(row for each in masked for row in masking(each.held, each.lists, num_allowed)))


def _content(engine: Engine, asked: Mapping[SeenMode, HeldOut], progress: Progress, seed: int) -> list[ContentRow]:
    """Of the users of one setting: where nothing is masked, repeats tell little of content."""
    for mode in ("masked", "kept"):
        if mode in asked:
            return missing_content(engine, asked[mode], mode, progress=progress, seed=seed)
    return []
