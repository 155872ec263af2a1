"""What comes of an order for whoever asked for it."""

from collections.abc import Sequence

from winnow.schema.errors import RequestError, Unavailable
from winnow.serving.orders.order import Report


def carried_out(reports: Sequence[Report]) -> None:
    """Passes where every worker has carried an order out.

    Raises:
        RequestError: no worker could; the sentence is one of theirs.
        Unavailable: some could and some could not.
    """
    refused = [each for each in reports if each.refusal is not None]
    if not refused:
        return
    sentence = str(refused[0].refusal)
    if len(refused) == len(reports):
        raise RequestError(sentence)
    raise Unavailable(
        f"{len(refused)} of {len(reports)} workers could not carry this out, the first of them {refused[0].worker}: "
        f"{sentence}"
    )
