"""How people name an encoder: its kind, and behind a colon whose weights."""

from collections.abc import Sequence
from dataclasses import dataclass

from winnow.schema.errors import EncoderError


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderSpec:
    """An encoder by name, such as `clip` or `sentence-bert:models/ours`.

    Attributes:
        kind: of the encoder.
        model: public id or local folder of its weights; None for those that it takes by itself.
    """

    kind: str
    model: str | None


def encoder_spec(text: str, of: str, with_model: Sequence[str], without: Sequence[str] = ()) -> EncoderSpec:
    """Reads a spec.

    Args:
        text: as it came.
        of: what is encoded, for the message.
        with_model: kinds that there are, and that may be followed by a colon and a model.
        without: kinds that have no weights.

    Raises:
        EncoderError: there is no such kind; no model stands behind the colon; or one does where none can.
    """
    kind, colon, model = text.partition(":")
    if kind not in (*with_model, *without):
        raise EncoderError(
            f"'{text}' is no encoder of {of}; there are: {', '.join([*without, *with_model])}. To name a model, put "
            f"its public id or folder behind a colon, as in {with_model[0]}:models/ours."
        )
    if colon and kind in without:
        raise EncoderError(f"The encoder '{text}' names a model, and '{kind}' has no weights; write {kind} alone.")
    if colon and not model:
        raise EncoderError(f"No model stands behind the colon of '{text}'; put an id or a folder there, or no colon.")
    return EncoderSpec(kind=kind, model=model or None)
