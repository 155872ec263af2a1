"""Outputs of the Open Inference Protocol: which there are, and how an answer fills them."""

from collections.abc import Mapping, Sequence

import numpy as np

from winnow.api.inference import MODEL, RequestedOutput
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.recommendations import Recommendations
from winnow.serving.inference.inference_bytes import TEXT
from winnow.serving.inference.inference_tensor import Tensor
from winnow.serving.routes.json_body import invalid

OUTPUTS: Mapping[str, tuple[str, int]] = {"item_ids": (TEXT, 2), "scores": ("FP32", 2), "count": ("INT32", 1)}
"""Datatype of each output, and whether it has a place for each request and item or for each request."""
NO_SCORE = np.finfo(np.float32).min
"""Stands where no item is: below all scores, and finite, since JSON has neither NaN nor infinity."""

REFUSED = ("classification", "shared_memory_region")
"""Parameters of extensions which, passed over in silence, would seem to have an effect."""


def answered_tensors(catalogues: Sequence[Catalogue], answers: Sequence[Recommendations]) -> dict[str, Tensor]:
    """All outputs, by name, of the requests of all answers together, each with the catalogue that it is from.

    Where fewer than the largest k came, the rest of a row is "" and NO_SCORE; `count` says how many came.
    """
    counts = np.concatenate([np.diff(each.offsets) for each in answers])
    size, width = len(counts), max(int(each.requests.k.max()) for each in answers)
    # The place of each item, row by row: one after the other, but that every request begins at a multiple of the width.
    places = np.arange(int(counts.sum())) + np.repeat(np.arange(size) * width - np.cumsum(counts) + counts, counts)
    scores = np.full(size * width, NO_SCORE, np.float32)
    scores[places] = np.concatenate([each.scores for each in answers])
    item_ids = [""] * (size * width)
    told = (
        catalogue.item_ids[row]
        for catalogue, each in zip(catalogues, answers, strict=True)
        for row in each.item_rows.tolist()
    )
    for place, item_id in zip(places.tolist(), told, strict=True):
        item_ids[place] = item_id
    contents = {"item_ids": item_ids, "scores": scores, "count": counts}
    return {
        name: Tensor(name=name, datatype=datatype, shape=(size, width)[:dimensions], content=contents[name])
        for name, (datatype, dimensions) in OUTPUTS.items()
    }


def wanted_outputs(asked: Sequence[RequestedOutput]) -> Sequence[str]:
    """Names of the outputs to answer with, in the order asked for; all where none is named.

    Raises:
        ApiError: there is no such output, it is named twice, or is wanted in a way that the model does not know.
    """
    names: list[str] = []
    for output in asked:
        name = output.name[:60]
        if name not in OUTPUTS:
            raise invalid(name, f"The output '{name}' is not one of the model {MODEL}; it gives: {', '.join(OUTPUTS)}.")
        if name in names:
            raise invalid(name, f"The output '{name}' is named twice; name it once.")
        if refused := [each for each in REFUSED if each in output.parameters]:
            raise invalid(
                name, f"The output '{name}' is wanted with '{refused[0]}', which the model {MODEL} does not do."
            )
        names.append(name)
    return names or tuple(OUTPUTS)
