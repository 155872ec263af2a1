"""Labels to vectors, each the mean of several ways to say it."""

from collections.abc import Sequence

from winnow.features.encoders.encoder import TextEncoder
from winnow.features.encoders.unit_length import unit_length
from winnow.schema.column import Floats
from winnow.schema.errors import EncoderError
from winnow.schema.progress import Progress, silent

BLANK = "{label}"
FOR_TEXTS = ("a product of the category {label}",)
FOR_PICTURES = ("a photo of {label}", BLANK)


def label_vectors(
    encoder: TextEncoder, labels: Sequence[str], templates: Sequence[str] = FOR_TEXTS, progress: Progress = silent
) -> Floats:
    """One unit vector for each label: the mean of the unit vectors of its prompts, scaled to unit length.

    Args:
        encoder: of texts, of the space that the items are in.
        labels: C texts; an underscore is read as a space.
        templates: prompts, each with `{label}` where the label goes.
        progress: hears of each batch.

    Returns:
        float32 [C, D].

    Raises:
        EncoderError: there is no template, one has no `{label}`, or a label cannot be encoded.

    Source: Radford et al., Learning Transferable Visual Models From Natural Language Supervision, 2021, section 3.1.4.
    """
    check_templates(templates)
    prompts = [each.replace(BLANK, label.replace("_", " ")) for label in labels for each in templates]
    encoded = encoder.encode(prompts, progress=progress)
    for place, problem in encoded.problems.items():
        raise EncoderError(f"The label {labels[place // len(templates)]!r} cannot be encoded: {problem}")
    vectors = encoded.vectors.reshape(len(labels), len(templates), encoder.width)
    return unit_length(vectors.mean(axis=1))


def check_templates(templates: Sequence[str]) -> None:
    """Whether every label can be put into every template.

    Raises:
        EncoderError: there is none, or one has no `{label}`.
    """
    if not templates:
        raise EncoderError(f"There is no template to put labels into; give one, such as '{FOR_PICTURES[0]}'.")
    for template in templates:
        if BLANK not in template:
            raise EncoderError(f"The template '{template}' has no {BLANK}; write it as in '{FOR_PICTURES[0]}'.")
