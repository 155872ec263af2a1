"""How the two towers are trained."""

from dataclasses import dataclass, field
from typing import Literal

from winnow.models.sequence_encoder import EncoderSizes
from winnow.schema.errors import RecipeError
from winnow.training.item_dropout import ItemDropout
from winnow.training.positive import check_positive

LOSSES = ("softmax", "gbce")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalConfig:
    """Sizes and choices of retrieval training.

    Attributes:
        dim: width of the space that both towers map to.
        encoder: sizes of what reads histories.
        epochs: passes over all examples.
        batch_size: examples a step, whose items are also the in-batch negatives.
        uniform_negatives: items drawn uniformly a step; 0 leaves the in-batch ones alone, which is for comparisons.
        full_softmax_up_to: catalogues of at most so many items are negatives as a whole.
        loss: "softmax", or "gbce", which takes the uniform negatives only.
        logq: whether the softmax is corrected for how negatives were sampled; off is for comparisons.
        mask_own: whether a user's positives of any time are left out of the negatives of that user's examples.
        learning_rate: highest rate of Adam; falls to zero along a cosine.
        weight_decay: share of each weight matrix that a step of rate 1 takes away.
        dropout: of ids and content, so that new items get a useful vector.
        history_dropout: share of examples that are asked as if nothing had been done before, 0 to below 1, so that
            user and moment count for newcomers too.

    Raises:
        RecipeError: a number is out of range, or the loss is unknown.
    """

    dim: int = 64
    encoder: EncoderSizes = field(default_factory=EncoderSizes)
    epochs: int = 6
    batch_size: int = 1024
    uniform_negatives: int = 1024
    full_softmax_up_to: int = 4096
    loss: Literal["softmax", "gbce"] = "softmax"
    logq: bool = True
    mask_own: bool = True
    learning_rate: float = 3e-3
    weight_decay: float = 0.0
    dropout: ItemDropout = field(default_factory=ItemDropout)
    history_dropout: float = 0.3

    def __post_init__(self) -> None:
        check_positive("retrieval", self, ("dim", "epochs", "batch_size", "learning_rate"))
        for name in ("uniform_negatives", "full_softmax_up_to", "weight_decay"):
            if getattr(self, name) != 0:
                check_positive("retrieval", self, (name,))
        if not isinstance(self.history_dropout, int | float) or not 0 <= self.history_dropout < 1:
            raise RecipeError(
                f"The recipe's retrieval has history_dropout {self.history_dropout!r}; from 0 to below 1 is wanted."
            )
        if self.loss not in LOSSES:
            raise RecipeError(f"The recipe's retrieval has the loss {self.loss!r}; it is one of: {', '.join(LOSSES)}.")
        if self.loss == "gbce" and not self.uniform_negatives:
            raise RecipeError("The loss gbce is one of uniform negatives, and the recipe's retrieval has none of them.")
        if self.dim % self.encoder.heads:
            raise RecipeError(
                f"The recipe's retrieval has dim {self.dim} and {self.encoder.heads} heads of attention; the heads "
                "divide the dim among them, so it must be a multiple."
            )
