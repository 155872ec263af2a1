"""One network for pictures and texts. A leaf: serving never imports it."""

from dataclasses import dataclass
from typing import Any

from transformers import AutoModel

from winnow.features.encoders.weights import loading, revision_of, short_name
from winnow.schema.errors import EncoderError

DEFAULT = "openai/clip-vit-base-patch32"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A loaded CLIP or SigLIP, which `ClipPictures` and `ClipTexts` may share.

    Attributes:
        source: id or folder that it came from.
        name: short name and revision.
        device: that it is on.
        model: the network, in evaluation mode.

    Source: Radford et al., Learning Transferable Visual Models From Natural Language Supervision, 2021; Zhai et al.,
        Sigmoid Loss for Language Image Pre-Training, 2023.
    """

    source: str
    name: str
    device: str
    model: Any

    @property
    def logit_scale(self) -> float:
        """What it learnt to multiply cosines of pictures and texts by before the softmax."""
        return float(self.model.logit_scale.exp().item())


def load_clip(name: str = DEFAULT, device: str = "cpu") -> Clip:
    """The network under a public id or in a local folder.

    Args:
        name: of any CLIP or SigLIP.
        device: to put it on, such as "cpu" or "cuda".

    Raises:
        EncoderError: the weights cannot be had, are not whole, or are of another network.
    """
    with loading(name, "CLIP or SigLIP model"):
        model, report = AutoModel.from_pretrained(name, output_loading_info=True)
        _check(name, model, report)
        model = model.to(device).eval()
    revision = revision_of(name, getattr(model.config, "_commit_hash", None))
    return Clip(source=name, name=f"{short_name(name)} {revision}", device=device, model=model)


def _check(name: str, model: Any, report: dict[str, Any]) -> None:
    """The library fills up what is missing with random numbers, and says so only in its log."""
    if not hasattr(model, "get_image_features") or not hasattr(model, "get_text_features"):
        raise EncoderError(f"'{name}' is a {type(model).__name__}; a CLIP or SigLIP model is wanted.")
    odd = sorted(map(str, [*report["missing_keys"], *report["mismatched_keys"]]))
    if odd:
        raise EncoderError(
            f"The weights of '{name}' are not whole: {len(odd)} are missing or of the wrong shape, such as {odd[0]}; "
            "download the model again."
        )
