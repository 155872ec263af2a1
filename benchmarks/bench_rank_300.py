"""The click model alone, on one thread, for one request of 300 candidates, with weights that nobody trained."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.inputs import Inputs as BenchInputs
from benchmarks.measure import latencies_ms
from benchmarks.result import Result
from benchmarks.workload import ROUNDS, WARM_UP
from winnow.bundle.bundle import Bundle
from winnow.engine.onnx_model import OnnxModel
from winnow.features.saved_features import load_fitted
from winnow.models.click_model import ClickModel
from winnow.models.click_sizes import ClickSizes
from winnow.models.inputs import Inputs, told_places
from winnow.schema.column import Array
from winnow.schema.feature import Entity, Kind
from winnow.stores.showings import no_showings
from winnow.training.clicks_config import ClicksConfig
from winnow.training.export import export_model, exported_clicks

GROUP = "rank.300"
QUALITY = False
CANDIDATES = 300
EVENTS = 50
REQUESTS = 64
PUBLISHED = ClickSizes(kind="dlrm", dim=64, bottom=(128,), top=(128, 64, 32))
"""The widths of the published system; with a bottom of (128, 64), as `dim` is the last of it."""
MEASURED = {"dlrm": PUBLISHED, "history": replace(PUBLISHED, history=EVENTS)}


def rows(inputs: BenchInputs) -> Iterator[Result]:
    """Median and 99th percentile of one run for one request."""
    read = Read.of(Bundle.open(inputs.bundle))
    for name, sizes in MEASURED.items():
        taken = _taken(read, sizes, name)
        events = f", and {sizes.history} events that each candidate attends to" if sizes.history else ""
        how = (
            f"the click model as a DLRM of width {sizes.dim}, bottom {(*sizes.bottom, sizes.dim)}, top {sizes.top}, on "
            f"the columns of the retail data: {read.said()}{events}; what it makes of items alone is kept, as the "
            f"catalogue changes seldom; ONNX Runtime, 1 thread, {CANDIDATES} candidates, {ROUNDS * 100:,} runs"
        )
        for percent in (50, 99):
            value = float(np.percentile(taken, percent))
            yield Result(name=f"{GROUP}.{name}.p{percent}_ms", value=value, unit="ms", better="lower", how=how)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the click model reads of users, moments and items of a bundle."""

    user: Inputs
    context: Inputs
    item: Inputs

    @staticmethod
    def of(bundle: Bundle) -> "Read":
        """Widths as in training."""
        user, context, item = (_widths(bundle, each) for each in (Entity.USER, Entity.CONTEXT, Entity.ITEM))
        return Read(user=user, context=context, item=item)

    @property
    def likeness(self) -> int:
        """Columns of what a candidate shares with the visit."""
        return len(self.item.codes) + len(self.item.vectors) + 1

    @property
    def shown(self) -> int:
        """Columns of what came of showing an item."""
        columns = told_places(self.item)
        return no_showings(
            ClicksConfig().half_lives_days, columns, 1, [self.item.codes[each] for each in columns]
        ).width

    def said(self) -> str:
        """How much it is."""
        request, values = len(told_places(self.user)) + len(self.context.codes), self.user.values + self.context.values
        codes, numbers = len(told_places(self.item)), self.item.values + self.likeness + self.shown
        widths = ", ".join(map(str, self.item.vectors.values()))
        return (
            f"{request} codes and {values} numbers of a request, {codes} codes, {numbers} numbers and "
            f"{len(self.item.vectors)} vectors ({widths}) of an item"
        )


def _widths(bundle: Bundle, entity: Entity) -> Inputs:
    outputs = load_fitted(bundle.part(f"features_{entity}")).outputs
    ids = {each.name for each in bundle.schema.of(entity) if each.kind is Kind.ID}
    codes = [each for each in outputs if each.form == "code"]
    return Inputs(
        codes=tuple(each.size for each in codes),
        values=sum(each.form == "value" for each in outputs),
        vectors={each.name: each.size for each in outputs if each.form == "vector"},
        ids=tuple(place for place, each in enumerate(codes) if each.name in ids),
    )


def _taken(read: Read, sizes: ClickSizes, label: str) -> Array:
    torch.manual_seed(0)
    model = ClickModel(read.user, read.context, read.item, read.likeness + read.shown, sizes, rate=0.1).eval()
    torch.nn.init.normal_(model.scorer.logit.weight)
    with tempfile.TemporaryDirectory() as folder:
        export_model(exported_clicks(model.scorer, *_arrays(model, read, sizes, 2, 4)), Path(folder))
        served = OnnxModel.open(Path(folder))
    asked = [_arrays(model, read, sizes, 1, CANDIDATES) for _ in range(REQUESTS)]
    feeds = [{name: each.numpy() for name, each in {**request, **items}.items()} for request, items in asked]
    return latencies_ms(
        lambda number: served(feeds[number % REQUESTS]), warm_up=WARM_UP, rounds=ROUNDS, label=f"ranking, {label}"
    )


def _arrays(
    model: ClickModel, read: Read, sizes: ClickSizes, batch: int, count: int
) -> tuple[Mapping[str, Tensor], Mapping[str, Tensor]]:
    """Of requests, and of their candidates, as the scorer takes them."""
    request = {**_drawn("user", read.user, batch), **_drawn("context", read.context, batch)}
    item = _drawn("item", read.item, batch, count)
    with torch.no_grad():
        made = {name: each for name, each in model.items(item).items() if name != "item_event"}
        if sizes.history:
            event = model.items(_drawn("item", read.item, batch, sizes.history))["item_event"]
            request |= {"history_events": event, "history_present": torch.ones(batch, sizes.history)}
    values = {name: each for name, each in item.items() if name == "item_values"}
    numbers = {"likeness": torch.rand(batch, count, read.likeness), "shown": torch.randn(batch, count, read.shown)}
    return request, {**values, **made, **numbers}


def _drawn(name: str, inputs: Inputs, *shape: int) -> dict[str, Tensor]:
    codes = [torch.randint(size, shape, dtype=torch.int32) for size in inputs.codes]
    made = {f"{name}_codes": torch.stack(codes, dim=-1)} if codes else {}
    made |= {f"{name}_values": torch.randn(*shape, inputs.values)} if inputs.values else {}
    for key, width in inputs.vectors.items():
        made[f"{name}_vector_{key}"] = torch.nn.functional.normalize(torch.randn(*shape, width), dim=-1)
    return made
