"""An engine is told what happened between its training and the questions, as a service would be."""

from winnow.data.dataset import AT, ITEM, TYPE, USER, Dataset
from winnow.data.split import Split, validation_events
from winnow.engine.engine import Engine
from winnow.stores.event import Event


def learn_validation(engine: Engine, dataset: Dataset, split: Split) -> int:
    """Appends the validation events to the engine's store; returns how many were new to it.

    Its requests then read them, in histories and as seen items, though training did not.
    """
    columns = (validation_events(dataset, split)[name].to_pylist() for name in (USER, ITEM, TYPE, AT))
    events = [
        Event(event_id=f"validation-{place}", user_id=user, item_id=item, type=kind, at=at)
        for place, (user, item, kind, at) in enumerate(zip(*columns, strict=True))
    ]
    return engine.state.append(events)
