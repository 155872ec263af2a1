"""A label space by the spec of its encoder."""

from collections.abc import Sequence

from winnow.features.encoders.encoder_spec import encoder_spec
from winnow.features.encoders.label_space import LabelSpace
from winnow.features.encoders.label_vectors import FOR_PICTURES, FOR_TEXTS, check_templates
from winnow.features.encoders.open_encoder import OF_PICTURES, open_clip, open_text_encoder
from winnow.features.encoders.zero_shot import TEXT_SCALE


def open_text_labels(spec: str, templates: Sequence[str] = FOR_TEXTS) -> LabelSpace:
    """Items by their texts, with the encoder of texts that a spec names; CLIP brings the scale that it learnt.

    Args:
        spec: as for `open_text_encoder`.
        templates: prompts, each with `{label}` where the label goes.

    Raises:
        EncoderError: there is no such encoder, it cannot be had, or a template has no place for the label.
    """
    check_templates(templates)
    encoder = open_text_encoder(spec)
    scale = getattr(encoder, "logit_scale", TEXT_SCALE)
    return LabelSpace(items=encoder, labels=encoder, scale=scale, templates=templates)


def open_picture_labels(spec: str = "clip", templates: Sequence[str] = FOR_PICTURES) -> LabelSpace:
    """Items by their pictures against the words of labels, with one CLIP or SigLIP for both and the scale it learnt.

    Scores are a softmax with either: among the labels one is taken to be right. SigLIP's own answer, each label by
    itself, would need its bias too, and orders labels alike.

    Args:
        spec: `clip`, alone or with a public id or folder behind a colon.
        templates: as for texts.

    Raises:
        EncoderError: as for texts.
    """
    check_templates(templates)
    asked = encoder_spec(spec, "pictures and labels", OF_PICTURES)
    clip = open_clip(asked.model)
    from winnow.features.encoders.clip_pictures import ClipPictures  # noqa: PLC0415 - torch, which few need
    from winnow.features.encoders.clip_texts import ClipTexts  # noqa: PLC0415 - torch, which few need

    return LabelSpace(items=ClipPictures(clip), labels=ClipTexts(clip), scale=clip.logit_scale, templates=templates)
