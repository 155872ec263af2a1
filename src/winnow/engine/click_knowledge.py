"""What a bundle knows of clicks: the part `clicks`."""

from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from winnow.calibration.calibrator import Calibrator
from winnow.calibration.load_calibrator import load_calibrator
from winnow.engine.opened_model import OpenedModel, OpenModel
from winnow.engine.stock import Stock
from winnow.engine.tower_vectors import item_inputs
from winnow.features.feature_arrays import FeatureArrays
from winnow.features.taste_space import TasteSpace
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.click_hydrators import AFTER, CLICKS, ClickHydrator, PersonHydrator, VisitHydrator
from winnow.pipeline.scorers import DlrmScorer
from winnow.pipeline.stage import RequestStage, Stage, hydrate_stage, request_stage, skippable_stage
from winnow.schema.column import Array, Bools
from winnow.schema.errors import BundleError
from winnow.stores.intents import Intents
from winnow.stores.showings import Showings
from winnow.stores.user_vectors import UserVectors

LOOKS_FILE, ITEMS_FOLDER = "looks.npy", "items"
EVENT = "item_event"
"""What of an item is read only where it stands in a history."""
ROWS_AT_ONCE = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickKnowledge:
    """All that stays when items change.

    Attributes:
        model: log-odds of a click for all users alike, once an item is looked at, of what `items` makes of the items.
        items: what of the model depends on the item alone; None where nothing does.
        history: last events of the user that candidates attend to; 0 for none.
        space: what of items is liked.
        tastes: what users like.
        intents: what users come for.
        looks: float32 [places + 1], chance of a look by place from 1; the first stands for places that are not known.
        calibrator: from log-odds of a click at a place to its chance.
        further: outcomes besides clicks whose chances the model tells, in order.
    """

    model: OpenedModel
    items: OpenedModel | None
    history: int
    space: TasteSpace
    tastes: UserVectors
    intents: Intents
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
                tastes=UserVectors.load(folder),
                intents=Intents.load(folder),
                looks=np.load(folder / LOOKS_FILE, allow_pickle=False),
                calibrator=load_calibrator(folder),
                further=further if AFTER in model.outputs else (),
            )
        except (OSError, EOFError, BadZipFile, KeyError, TypeError, ValueError) as error:
            raise BundleError(f"What {folder} knows of clicks cannot be read ({error}); train it again.") from error

    def told(self, stock: Stock, rows: Array | None = None) -> Stock:
        """The same stock with what is known of some items made anew, by default of all.

        Args:
            stock: I items.
            rows: int64 [n], of new and changed items; those that are not new keep what came of showing them.
        """
        showings, catalogue = stock.showings, stock.catalogue
        if showings is None:
            return stock
        rows = np.arange(len(catalogue)) if rows is None else rows
        parts = [self._made(catalogue, showings, each) for each in _pieces(rows)]
        made = {name: np.concatenate([each[name] for each in parts]) for name in parts[0]}
        known = {name: _changed(stock.known.get(name), len(catalogue), rows, each) for name, each in made.items()}
        return replace(stock, known=known)

    def stages(self, stock: Stock, counted: Bools) -> tuple[tuple[RequestStage, ...], tuple[Stage, ...]]:
        """What is asked of requests and then of candidates; nothing where it is not known what came of showing items.

        Args:
            stock: the items, of which the click model has been told.
            counted: bool [number of event types], which types are positive.
        """
        if stock.showings is None:
            return (), ()
        model, catalogue = self.model, stock.catalogue
        visit = VisitHydrator(counted=counted, length=self.history, events=stock.known.get(EVENT))
        common = DlrmScorer(
            model=model, request_inputs=model.inputs["request"], candidate_inputs=model.inputs["candidate"]
        )
        kept = {name: each for name, each in stock.known.items() if name != EVENT}
        clicks = ClickHydrator(common=common, catalogue=catalogue, kept=kept, further=len(self.further))
        person = PersonHydrator(tastes=self.tastes, intents=self.intents.users)
        asked = (request_stage("visit", visit), skippable_stage("person", person))
        return asked, (hydrate_stage(CLICKS, clicks),)

    def _made(self, catalogue: Catalogue, showings: Showings, rows: Array) -> dict[str, Array]:
        """Arrays [n, ...] by name."""
        vectors = {name: each[rows] for name, each in catalogue.vectors.items()}
        items = FeatureArrays(codes=catalogue.codes[rows], values=catalogue.values[rows], vectors=vectors)
        made = {} if self.items is None else dict(self.items(item_inputs(self.items, items)))
        shown, kinds = showings.figures(catalogue.codes, rows), self.intents.kinds(items.codes)
        return {**made, "liked": self.space(items), "shown": shown, "kinds": kinds}


def _pieces(rows: Array) -> list[Array]:
    return np.array_split(rows, max(1, -(-len(rows) // ROWS_AT_ONCE)))


def _changed(before: Array | None, size: int, rows: Array, made: Array) -> Array:
    """[size, ...]: what was made at its rows, and what was before at the others."""
    whole = np.empty((size, *made.shape[1:]), made.dtype)
    if before is not None:
        whole[: len(before)] = before
    whole[rows] = made
    return whole
