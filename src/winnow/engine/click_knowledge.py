"""What a bundle knows of clicks: the part `clicks`."""

from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from winnow.calibration.calibrator import Calibrator
from winnow.calibration.load_calibrator import load_calibrator
from winnow.engine.item_sides import ItemSides
from winnow.engine.item_vectors import item_inputs
from winnow.engine.kind_vectors import KindVectors
from winnow.engine.opened_model import OpenedModel, OpenModel
from winnow.engine.stock import Stock
from winnow.features.feature_arrays import items_at
from winnow.features.item_arrays import ItemArrays
from winnow.features.item_tastes import ItemTastes
from winnow.features.likings import Likings
from winnow.features.taste_space import TasteSpace
from winnow.pipeline.click_hydrators import AFTER, CLICKS, HISTORY_EVENTS, ClickHydrator, VisitHydrator
from winnow.pipeline.hydrators import VECTOR
from winnow.pipeline.person_hydrator import PERSON, PersonHydrator
from winnow.pipeline.scorers import DlrmScorer
from winnow.pipeline.stage import RequestStage, Stage, hydrate_stage, request_stage, skippable_stage
from winnow.schema.column import Array, Bools
from winnow.schema.errors import BundleError
from winnow.stores.user_vectors import UserVectors

LOOKS_FILE, ITEMS_FOLDER = "looks.npy", "items"
ROWS_AT_ONCE = 1_024
MOST_KEPT = 100_000
"""Items of a catalogue of which all is kept as the model makes it, which may be more than a kilobyte for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickKnowledge:
    """All that stays when items change.

    Attributes:
        model: log-odds of a click for all users alike, once an item is looked at, of what `items` makes of the items.
        items: what of the model depends on the item alone; None where nothing does.
        history: last events of the user that candidates attend to; 0 for none.
        space: what of items is liked.
        likings: what people like and come for.
        users: likings of those whom training knew.
        looks: float32 [places + 1], chance of a look by place from 1; the first stands for places that are not known.
        calibrator: from log-odds of a click at a place to its chance.
        further: outcomes besides clicks whose chances the model tells, in order.
    """

    model: OpenedModel
    items: OpenedModel | None
    history: int
    space: TasteSpace
    likings: Likings
    users: UserVectors
    looks: Array
    calibrator: Calibrator
    further: tuple[str, ...] = ()

    @staticmethod
    def open(folder: Path, history: int, further: tuple[str, ...], open_model: OpenModel) -> "ClickKnowledge":
        """Opens the part.

        Args:
            folder: of the part.
            history: as the model was trained.
            further: outcomes that a model with heads tells of.
            open_model: opens the networks.

        Raises:
            BundleError: a file of it is damaged.
        """
        items = folder / ITEMS_FOLDER
        try:
            model = open_model(folder)
            return ClickKnowledge(
                model=model,
                items=open_model(items) if items.is_dir() else None,
                history=history,
                space=TasteSpace.load(folder),
                likings=Likings.load(folder),
                users=UserVectors.load(folder),
                looks=np.load(folder / LOOKS_FILE, allow_pickle=False),
                calibrator=load_calibrator(folder),
                further=further if AFTER in model.outputs else (),
            )
        except (OSError, EOFError, BadZipFile, KeyError, TypeError, ValueError) as error:
            raise BundleError(f"What {folder} knows of clicks cannot be read ({error}); train it again.") from error

    def told(self, stock: Stock, rows: Array | None = None) -> Stock:
        """The same stock with what the model makes of some items made anew, by default of all.

        Of a catalogue of more than `MOST_KEPT` items vectors that many of them share are kept once, and what is read of
        the few items of a history is not kept, nor are tastes.

        Args:
            stock: I items.
            rows: int64 [n], of new and changed items.
        """
        items, catalogue = self.items, stock.catalogue
        stock = replace(stock, tastes=self._tastes(stock, rows))
        if stock.shown is None or items is None:
            return stock
        many = len(catalogue) > MOST_KEPT
        apart_already = any(len(each) > MOST_KEPT for each in stock.known.values())
        before = stock.known if apart_already or not many else {}
        rows = np.arange(len(catalogue)) if rows is None or not before else rows
        kinds, known = KindVectors(stock.kinds, own=_num_content(items)), dict[str, Array]()
        for each in _pieces(rows):
            made = items(item_inputs(items, items_at(catalogue, each)))
            for name, part in (kinds.apart(made) if many else made).items():
                if name not in known:
                    known[name] = _copied(before.get(name), len(catalogue), like=part)
                known[name][each] = part
        return replace(stock, known=known, kinds=kinds.table())

    def stages(self, stock: Stock, counted: Bools) -> tuple[tuple[RequestStage, ...], tuple[Stage, ...]]:
        """What is asked of requests and then of candidates; nothing where it is not known what came of showing items.

        Args:
            stock: the items, of which the click model has been told.
            counted: bool [number of event types], which types are positive.
        """
        if stock.shown is None:
            return (), ()
        model, catalogue = self.model, stock.catalogue
        sides = ItemSides(model=self.items, catalogue=catalogue, kept=stock.known, kinds=stock.kinds)
        event = self.model.width(HISTORY_EVENTS)
        visit = VisitHydrator(
            counted=counted, length=self.history, width=event or 0, events=None if event is None else sides.events
        )
        common = DlrmScorer(
            model=model, request_inputs=model.inputs["request"], candidate_inputs=model.inputs["candidate"]
        )
        clicks = ClickHydrator(
            common=common,
            catalogue=catalogue,
            items=sides.of_candidates,
            shown=stock.shown,
            tastes=self._tastes_of(stock),
            likings=self.likings,
            further=len(self.further),
        )
        return (request_stage("visit", visit),), (hydrate_stage(CLICKS, clicks),)

    def person(self, stock: Stock, counted: Bools) -> RequestStage:
        """What is asked of whoever asks, before anything is retrieved; arguments as of `stages`."""
        hydrator = PersonHydrator(
            users=self.users,
            likings=self.likings,
            tastes=self._tastes_of(stock),
            catalogue=stock.catalogue,
            counted=counted,
        )
        return skippable_stage(PERSON, hydrator)

    def said(self, items: ItemArrays) -> Array:
        """float32 [I, L], what choosing each of I items says of a person."""
        return self.likings.said(self.space(items), items.codes)

    def _tastes_of(self, stock: Stock) -> ItemTastes:
        return ItemTastes(space=self.space, items=stock.catalogue, kept=stock.tastes)

    def _tastes(self, stock: Stock, rows: Array | None) -> Array | None:
        """Those of a stock, of some rows made anew; None where items are many."""
        catalogue, before = stock.catalogue, stock.tastes
        if len(catalogue) > MOST_KEPT:
            return None
        if rows is None or before is None:
            return self.space(catalogue)
        made = self.space(items_at(catalogue, rows))
        whole = _copied(before, len(catalogue), like=made)
        whole[rows] = made
        return whole


def _num_content(items: OpenedModel) -> int:
    """Vectors that the model makes of an item's content; it makes them before those of its codes."""
    return sum(name.startswith(VECTOR) for name in items.inputs["item"])


def _pieces(rows: Array) -> list[Array]:
    return np.array_split(rows, max(1, -(-len(rows) // ROWS_AT_ONCE)))


def _copied(before: Array | None, size: int, like: Array) -> Array:
    """[size, ...]: what was before, and room for what is made."""
    whole = np.empty((size, *like.shape[1:]), like.dtype)
    if before is not None:
        whole[: len(before)] = before
    return whole
