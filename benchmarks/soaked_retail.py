"""The retail bundle under mixed load: two workers, a Valkey server and two bundles to swap."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.inputs import Inputs
from benchmarks.soak import Soaked, SoakPlan, soak
from benchmarks.state_users import state_server
from benchmarks.workload import workload_of
from winnow.bundle.registry import Registry
from winnow.engine.open_engine import open_engine
from winnow.ops.load.service_process import service_process

KEY = "a-key-of-the-benchmarks"
NAMES = ("one", "other")


def soaked_retail(inputs: Inputs, seconds: float, swap_s: float) -> Soaked:
    """What came of so many seconds of everything at once, with a swap each `swap_s`, 0 for one after the other."""
    engine, users = open_engine(inputs.bundle), workload_of(inputs.retail).user_ids
    card = {name: engine.catalogue.cards[0].get(name) for name in engine.item_columns}
    plan = SoakPlan(
        seconds=seconds,
        bundles=NAMES,
        users=users,
        items=engine.catalogue.item_ids,
        values={name: value for name, value in card.items() if value},
        swap_s=swap_s,
    )
    with (
        state_server(inputs.cache, appendonly="yes", appendfsync="everysec") as server,
        _registry(inputs.bundle, inputs.cache) as registry,
        service_process(registry, KEY, WINNOW_VALKEY_URL=server.url, WINNOW_WORKERS="2") as service,
    ):
        return soak(service, KEY, plan)


def told(found: Soaked) -> str:
    """What went on meanwhile, and why calls failed."""
    kinds = Counter(re.sub(r"[\d.,:]+", "#", each) for each in found.failures)
    failed = "".join(f"; {number} times: {kind}" for kind, number in kinds.most_common())
    return (
        f"{len(found.taken):,} requests for items by 2 callers, {found.clicks:,} clicks and {found.changes} changes of "
        "an item meanwhile; the retail bundle, 2 workers, state on a Valkey server on the same cores, everysec"
        f"{failed}"
    )


@contextmanager
def _registry(bundle: Path, cache: Path) -> Iterator[Path]:
    """Two copies of a bundle."""
    with TemporaryDirectory(dir=cache) as folder:
        for name in NAMES:
            shutil.copytree(bundle, Path(folder) / name)
        Registry(Path(folder)).promote(NAMES[0])
        yield Path(folder)
