"""Everything that is said of the impressions of the test time."""

from winnow.data.dataset import Dataset
from winnow.data.split import Split
from winnow.engine.engine import Engine
from winnow.evaluation.head_quality import head_rows
from winnow.evaluation.head_row import HeadRow
from winnow.evaluation.held_impressions import held_impressions
from winnow.evaluation.impression_quality import impression_rows
from winnow.evaluation.judgement import Judgement
from winnow.evaluation.planted import Planted
from winnow.evaluation.report import ImpressionRow, ReliabilityBin
from winnow.evaluation.served_clicks import served_clicks
from winnow.evaluation.setting import OURS, POPULAR
from winnow.training.progress import Progress


def judge_impressions(
    engine: Engine, dataset: Dataset, split: Split, planted: Planted | None, progress: Progress
) -> tuple[list[ImpressionRow], list[ReliabilityBin], list[HeadRow]]:
    """Figures and bins of popularity, of the engine where it knows clicks, and of what a simulated shop's truth says.

    Beside them, of the engine alone, figures of each outcome that its click model tells. Nothing where nothing was
    logged, and where there is nobody but popularity to judge.

    Raises:
        DataError: the catalogue lacks an item that was shown.
        Unavailable: a store did not answer.
    """
    held = held_impressions(dataset, split)
    if held is None:
        return [], [], []
    judged = {} if planted is None else dict(planted.judgements(held))
    ours = served_clicks(engine, dataset, held, progress)
    if ours is not None:
        judged = {OURS: ours, **judged}
    if not judged:
        return [], [], []
    rows, bins = impression_rows(held, {POPULAR: Judgement(scores=held.popularity), **judged}, dataset.schema)
    return rows, bins, [] if ours is None else head_rows(held, ours)
