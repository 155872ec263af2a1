"""The bundle of the small shop with another click model, and what torch says in its place."""

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import torch

from tests.unit.bundle.small_bundle import forge, raw_manifest
from tests.unit.pipeline.tables import requests_of
from winnow.bundle.bundle import ATTACHMENTS, SPACE_FILE
from winnow.bundle.writer import BundleWriter
from winnow.data.dataset import AT, ITEM, OUTCOME, POSITION, USER, Dataset
from winnow.data.open_dataset import open_dataset
from winnow.data.split import train_events
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.features.encoders.vector_cache import VectorCache
from winnow.features.item_tastes import ItemTastes
from winnow.models.click_sizes import ClickSizes
from winnow.ops import click_part
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.person_hydrator import PersonHydrator
from winnow.pipeline.requests import Requests
from winnow.recipes.recipes import tiny
from winnow.schema.column import Array
from winnow.schema.progress import silent
from winnow.stores.counted_types import counted_types
from winnow.training.click_batches import ClickBatches
from winnow.training.clicks import Clicks
from winnow.training.contents import encode_contents
from winnow.training.impression_rows import impression_rows
from winnow.training.shown_before import ShownBefore
from winnow.training.training_set import training_set


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickedShop:
    """A shop, what training learned of its clicks, and the engine that serves it."""

    dataset: Dataset
    batches: ClickBatches
    learned: Clicks
    engine: Engine

    def expected(self, requests: Requests, candidates: Candidates) -> Array:
        """float32 [N, 3 + W + C], the column `clicks` by what training would read were these candidates shown."""
        rows = impression_rows(self.dataset, self._shown(requests, candidates), self.batches.data)
        known = self.batches.shown.last
        figures = known.figures(self.batches.data.items.codes, rows.items)
        shown = ShownBefore(table=figures, place=np.arange(len(rows)), last=known)
        batches, every = replace(self.batches, rows=rows, shown=shown), np.arange(len(rows))
        with torch.inference_mode():
            common = self.learned.model(batches(every)).squeeze(1).numpy()
        taste, intent = self._liked(requests, candidates.request_of(), rows.items)
        return np.column_stack([-np.logaddexp(0, -(common + taste)), common, taste, figures, intent])

    def _liked(self, requests: Requests, of: Array, items: Array) -> tuple[Array, Array]:
        """float32 [N], how much users like the items, and [N, C], how much they come for them.

        By what training holds, and not by what the bundle says of it.
        """
        data, tastes = self.batches.data, self.learned.tastes
        person = PersonHydrator(
            users=tastes.known(data.user_ids),
            likings=tastes.likings,
            tastes=ItemTastes(space=tastes.space, items=self.engine.catalogue),
            catalogue=self.engine.catalogue,
            counted=counted_types(self.engine.schema.events.positives),
        ).columns(requests)
        taste = np.einsum("nf,nf->n", person["taste"][of], tastes.space(data.items)[items])
        places = tastes.likings.places(data.items.codes[items])
        return taste, np.take_along_axis(person["intent"][of], places, axis=1)

    def contexts(self, size: int) -> pa.Table:
        """Of as many requests, those that come first in the log."""
        return self.dataset.impressions.select(self.engine.context_names).slice(0, size)

    def _shown(self, requests: Requests, candidates: Candidates) -> pa.Table:
        """The candidates as impressions; requests come by time."""
        whose = candidates.request_of().tolist()
        context = self.contexts(len(requests)).take(whose)
        return pa.table(
            {
                USER: [requests.user_ids[place] for place in whose],
                ITEM: [self.engine.catalogue.item_ids[row] for row in candidates.item_rows.tolist()],
                OUTCOME: pa.nulls(len(whose), pa.string()),
                AT: requests.at[whose],
                POSITION: np.ones(len(whose)),
                **{name: context[name] for name in context.column_names},
            }
        )


def clicked_shop(shop: Path, bundle: Path, folder: Path, sizes: ClickSizes) -> ClickedShop:
    """Trains a click model of these sizes for a short time and puts it into a copy of the bundle, without a ranker."""
    recipe = tiny()
    tastes = replace(recipe.clicks.tastes, rounds=2, users=100)
    config = replace(recipe.clicks, sizes=sizes, epochs=1, learning_rate=1e-2, tastes=tastes)
    dataset = open_dataset(shop)
    split = recipe.split(dataset)
    contents = encode_contents(dataset, recipe.encoders, VectorCache(file=bundle.parent / "vectors.arrow"), silent)
    data = training_set(dataset, train_events(dataset, split), contents, silent)
    batches = click_part.training_clicks(dataset, split, data, config)
    copy = shutil.copytree(bundle, folder, ignore=shutil.ignore_patterns(ATTACHMENTS, "ranker", "clicks"))
    learned = _written(BundleWriter(folder=copy), batches, config)
    shutil.copy(copy / "catalogue" / SPACE_FILE, copy / "clicks")
    vectors = np.load(copy / "catalogue" / "tower.npy")
    vectors[:, -learned.tastes.likings.leading :] = learned.tastes.said(data.items)
    np.save(copy / "catalogue" / "tower.npy", vectors)
    forge(copy, recipe={**raw_manifest(copy)["recipe"], "clicks": asdict(config)})
    return ClickedShop(dataset=dataset, batches=batches, learned=learned, engine=open_engine(copy))


def _written(writer: BundleWriter, *told: Any) -> Clicks:
    """What was learned of what was written."""
    caught: list[Clicks] = []
    train = click_part.train_clicks

    def keep(*args: Any) -> Clicks:
        caught.append(train(*args))
        return caught[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(click_part, "train_clicks", keep)
        click_part.write_click_part(writer, *told, 0, silent)
    return caught[0]


def visits_of(shop: ClickedShop, users: Sequence[str], at: Array) -> Requests:
    """Requests of users at instants, which rise."""
    context = shop.engine.context_columns(shop.contexts(len(users)).to_pylist())
    return replace(requests_of(users), at=at, context=context)
