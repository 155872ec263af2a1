"""A bundle is asked as it was trained to be asked, or not at all."""

from winnow.data.split import LEAVE_OUT, Split, SplitKind
from winnow.schema.errors import DataError


def check_protocol(split: Split, asked: SplitKind) -> None:
    """Refuses a protocol whose answers training saw.

    Args:
        split: of the bundle.
        asked: what the caller wants.

    Raises:
        DataError: the split is of another kind.
    """
    if asked == split.kind:
        return
    if asked == LEAVE_OUT:
        raise DataError(
            "The protocol leave-one-out asks for the last event of every user, and this bundle was trained on all "
            "events before a cut in time, many a last one among them. Train one that leaves them out, as the recipe "
            "'sequential' does, or evaluate this one with the protocol time."
        )
    raise DataError(
        "The protocol time asks for what happened after a cut in time, and this bundle has none: the last events of "
        "every user were left out, whenever they were. Train one that holds out days, as the recipe 'retail' does, or "
        "evaluate this one with the protocol leave-one-out."
    )
