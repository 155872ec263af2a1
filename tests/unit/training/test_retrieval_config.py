"""What retrieval training refuses to be told."""

import pytest

from winnow.models.sequence_encoder import EncoderSizes
from winnow.schema.errors import RecipeError
from winnow.training.retrieval_config import RetrievalConfig


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"uniform_negatives": -1}, "retrieval has uniform_negatives -1"),
        ({"full_softmax_up_to": 0.5}, "retrieval has full_softmax_up_to 0.5; a whole number"),
        ({"weight_decay": float("inf")}, "retrieval has weight_decay inf; a finite number"),
        ({"history_dropout": 1.0}, "history_dropout 1.0; from 0 to below 1"),
        ({"loss": "hinge"}, "loss 'hinge'; it is one of: softmax, gbce"),
        ({"loss": "gbce", "uniform_negatives": 0}, "gbce is one of uniform negatives"),
        ({"dim": 9, "encoder": EncoderSizes(heads=2)}, "dim 9 and 2 heads of attention; .* a multiple"),
        ({"dim": 8, "encoder": EncoderSizes(heads=3)}, "dim 8 and 3 heads"),
    ],
)
def test_what_cannot_be_trained_is_refused(wrong: dict[str, object], sentence: str):
    with pytest.raises(RecipeError, match=sentence):
        RetrievalConfig(**wrong)


def test_none_of_what_may_be_left_out_is_needed():
    config = RetrievalConfig(uniform_negatives=0, full_softmax_up_to=0, weight_decay=0)
    assert (config.uniform_negatives, config.full_softmax_up_to, config.weight_decay) == (0, 0, 0)
