"""What a bundle knows of clicks: the part `clicks`."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from winnow.calibration.calibrator import Calibrator
from winnow.calibration.load_calibrator import load_calibrator
from winnow.engine.onnx_model import OnnxModel
from winnow.engine.stock import Stock
from winnow.features.taste_space import TasteSpace
from winnow.pipeline.click_hydrators import ClickHydrator
from winnow.pipeline.scorers import DlrmScorer
from winnow.schema.column import Array
from winnow.stores.user_vectors import UserVectors

LOOKS_FILE = "looks.npy"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickKnowledge:
    """All that stays when items change.

    Attributes:
        model: log-odds of a click for all users alike, once an item is looked at.
        space: what of items is liked.
        tastes: what users like.
        looks: float32 [places + 1], chance of a look by place from 1; the first stands for places that are not known.
        calibrator: from log-odds of a click at a place to its chance.
    """

    model: OnnxModel
    space: TasteSpace
    tastes: UserVectors
    looks: Array
    calibrator: Calibrator

    @staticmethod
    def open(folder: Path) -> "ClickKnowledge":
        """Opens the part.

        Raises:
            BundleError: a file of it is damaged.
        """
        return ClickKnowledge(
            model=OnnxModel.open(folder),
            space=TasteSpace.load(folder),
            tastes=UserVectors.load(folder),
            looks=np.load(folder / LOOKS_FILE, allow_pickle=False),
            calibrator=load_calibrator(folder),
        )

    def hydrator(self, stock: Stock) -> ClickHydrator | None:
        """Over these items; None where nothing is known of what came of showing them."""
        if stock.showings is None:
            return None
        model, catalogue = self.model, stock.catalogue
        return ClickHydrator(
            common=DlrmScorer(
                model=model, request_inputs=model.inputs["request"], candidate_inputs=model.inputs["candidate"]
            ),
            catalogue=catalogue,
            liked=self.space(catalogue),
            shown=stock.showings.figures(catalogue.codes, np.arange(len(catalogue))),
        )
