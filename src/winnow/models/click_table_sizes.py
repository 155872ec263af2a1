"""What a click model of a table is made of."""

from dataclasses import asdict, dataclass
from typing import Literal, get_args

from winnow.schema.errors import RecipeError

Kind = Literal["wide", "dlrm", "dcn", "deep_fm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickTableSizes:
    """The kind of its deep part, and widths.

    Attributes:
        kind: `wide` for none, `dlrm`, `dcn` for DCN-V2, `deep_fm` for DeepFM.
        dim: width of the embedding of a code.
        bottom: hidden widths that numbers go through before they meet codes; of `dlrm` only.
        hidden: widths of the layers before the logit, at least one.
        crosses: cross layers, which make pairs, triples and so on meet; of `dcn` only.
        dropout: share of hidden numbers that are left out in training, from 0 to below 1.

    Raises:
        RecipeError: an unknown kind, a size that is not a whole number above 0, no hidden layer, or a wrong share.
    """

    kind: Kind = "deep_fm"
    dim: int = 8
    bottom: tuple[int, ...] = (32,)
    hidden: tuple[int, ...] = (64, 32)
    crosses: int = 2
    dropout: float = 0.3

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise RecipeError(f"The click model has the kind '{self.kind}'; the kinds are {', '.join(get_args(Kind))}.")
        sizes = {name: size for name, size in asdict(self).items() if name not in {"kind", "dropout"}}
        for name, size in sizes.items():
            for each in size if isinstance(size, tuple) else (size,):
                if not isinstance(each, int) or each < 1:
                    raise RecipeError(f"The click model has {name} {each!r}; a whole number above 0 is wanted.")
        if not self.hidden:
            raise RecipeError("The click model has no hidden layers; give at least one width, for example (64, 32).")
        if not 0 <= self.dropout < 1:
            raise RecipeError(f"The click model has dropout {self.dropout!r}; from 0 to below 1 is wanted.")
