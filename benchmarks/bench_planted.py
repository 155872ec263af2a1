"""What retrieval finds in the demo's shop, whose truth is planted, and what each of its parts is worth."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console

from benchmarks.ablations import ablations
from benchmarks.inputs import Inputs
from benchmarks.result import Result
from winnow.data.dataset import Dataset
from winnow.data.open_dataset import open_dataset
from winnow.data.shop.shop_spec import SIZES
from winnow.data.shop.write_shop import write_shop
from winnow.data.split import Split, split_from_dict
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.evaluation.answers import Answers, ask
from winnow.evaluation.baseline import rank
from winnow.evaluation.held_out import HeldOut, held_out
from winnow.evaluation.known_items import known_items
from winnow.evaluation.planted import REFERENCE, Planted
from winnow.evaluation.verdict_text import CANDIDATES
from winnow.metrics.ranking import ndcg_at_k, recall_at_k
from winnow.ops.progress_bars import progress_bars
from winnow.ops.train import train
from winnow.ops.train_files import TrainFiles
from winnow.recipes.config import Config
from winnow.recipes.recipes import demo
from winnow.schema.column import Ragged, offsets_of
from winnow.schema.progress import Progress

GROUP = "planted"
QUALITY = True
BEST, FIRST = 10, 50
TOLD = "the demo's shop, full ranking of the held-out week, items had before masked"


def rows(inputs: Inputs) -> Iterator[Result]:
    """The share of the reference's best items among the candidates; then retrieval alone, whole and without parts."""
    folder = inputs.cache / "planted"
    with progress_bars(Console(stderr=True)) as progress:
        if not (folder / "shop").exists():
            write_shop(SIZES["demo"], folder / "shop", progress)
        dataset = open_dataset(folder / "shop", progress=progress)
        yield _reference_held(_asked(dataset, demo(), folder, progress), progress)
        for name, (data, config) in ablations(dataset, replace(demo(), ranking=None)).items():
            asked = _asked(data, config, folder, progress)
            for figure, value in _found(asked).items():
                how = f"order of the towers, {name.replace('_', ' ')}; {TOLD}, {len(asked.held):,} users"
                full = f"planted.{name}.{figure}"
                yield Result(name=full, value=value, unit="share", better="higher", how=how)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A trained bundle and what it is asked."""

    dataset: Dataset
    split: Split
    engine: Engine
    held: HeldOut

    def ask(self, held: HeldOut, k: int) -> Answers:
        return ask(self.engine.pipeline, held, k=k, seed=0, advance=lambda _: None)


def _asked(dataset: Dataset, config: Config, folder: Path, progress: Progress) -> _Asked:
    out = folder / "bundle"
    shutil.rmtree(out, ignore_errors=True)
    bundle = train(dataset, config, out, progress, files=TrainFiles(vectors=folder / "vectors.arrow"))
    engine, split = open_engine(out), split_from_dict(bundle.manifest.split)
    held = held_out(dataset, split, engine.catalogue, engine.seen_types).masked()
    return _Asked(dataset=dataset, split=split, engine=engine, held=held)


def _reference_held(asked: _Asked, progress: Progress) -> Result:
    held, catalogue = asked.held, asked.engine.catalogue
    planted = Planted.of(asked.dataset, asked.split, progress)
    if planted is None:
        raise ValueError(f"There is no truth beside the shop {asked.dataset.source}.")
    reference = planted.models(held, catalogue)[REFERENCE]
    best = rank(reference, held.users, BEST, np.arange(len(catalogue)), held.history)
    wanted = replace(held, relevant=Ragged(best.ravel(), offsets_of(np.full(len(held), BEST))))
    answers = asked.ask(wanted, BEST)
    stage = answers.stages.index(CANDIDATES)
    number = answers.candidates[:, stage].mean()
    how = f"best {BEST} items of the reference model among {number:.0f} candidates of all sources; {TOLD}"
    value = float(answers.recall[:, stage].mean())
    return Result(name="planted.reference_held", value=value, unit="share", better="higher", how=how)


def _found(asked: _Asked) -> Mapping[str, float]:
    held, known = asked.held, known_items(asked.dataset, asked.split, asked.engine.catalogue)
    sides = {"known": held.counting(known), "new": held.counting(~known)}
    recall = {
        f"{name}_recall_at_{FIRST}": float(recall_at_k(asked.ask(side, FIRST).recommended, side.relevant, FIRST).mean())
        for name, side in sides.items()
    }
    listed = asked.ask(held, BEST).recommended
    return {f"ndcg_at_{BEST}": float(ndcg_at_k(listed, held.relevant, BEST).mean()), **recall}
