"""What the click model is made of."""

from dataclasses import asdict, dataclass
from typing import Literal, get_args

from winnow.schema.errors import RecipeError

ClickKind = Literal["dlrm", "dcn", "deep_fm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickSizes:
    """The kind of the click model, and widths.

    Attributes:
        kind: `dlrm`, `dcn` for DCN-V2, `deep_fm` for DeepFM.
        dim: width of every embedding and projected content vector.
        bottom: hidden widths that numbers go through before they meet vectors; of `dlrm` only.
        top: widths of the layers before the logit, at least one.
        crosses: cross layers, which make pairs, triples and so on meet; of `dcn` only.
        history: last events of the user that each candidate attends to; 0 for none.

    Raises:
        RecipeError: an unknown kind, a size that is not a whole number above 0, a history that is not one from 0, or a
            top without layers.
    """

    kind: ClickKind = "dlrm"
    dim: int = 32
    bottom: tuple[int, ...] = (64,)
    top: tuple[int, ...] = (64, 32)
    crosses: int = 2
    history: int = 0

    def __post_init__(self) -> None:
        if self.kind not in get_args(ClickKind):
            kinds = ", ".join(get_args(ClickKind))
            raise RecipeError(f"The click model has the kind {self.kind!r}; the kinds are {kinds}.")
        sizes = {name: size for name, size in asdict(self).items() if name != "kind"}
        for name, size in sizes.items():
            least = 0 if name == "history" else 1
            for each in size if isinstance(size, tuple) else (size,):
                if not isinstance(each, int) or isinstance(each, bool) or each < least:
                    wanted = f"a whole number {'from 0' if least == 0 else 'above 0'}"
                    raise RecipeError(f"The click model has {name} {each!r}; {wanted} is wanted.")
        if not self.top:
            raise RecipeError("The click model's top has no layers; give at least one width, for example (64, 32).")
