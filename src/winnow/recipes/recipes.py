"""The recipes that Winnow ships, and how a user's own is loaded."""

import runpy
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from winnow.models.click_sizes import ClickSizes
from winnow.models.interaction import DlrmSizes
from winnow.models.sequence_encoder import EncoderSizes
from winnow.recipes.config import Config
from winnow.schema.errors import RecipeError
from winnow.training.clicks_config import ClicksConfig
from winnow.training.contents import EncodersConfig
from winnow.training.ranking import RankingConfig
from winnow.training.retrieval import RetrievalConfig
from winnow.training.tastes import TastesConfig

Recipe = Callable[[], Config]


def tiny() -> Config:
    """Seconds on a laptop: for tests and for a first look."""
    return Config(
        name="tiny",
        holdout_days=3.0,
        retrieval=RetrievalConfig(
            dim=16, encoder=EncoderSizes(layers=1), epochs=8, batch_size=128, uniform_negatives=64
        ),
        ranking=RankingConfig(
            sizes=DlrmSizes(dim=16, bottom=(32,), top=(32, 16)), requests=4_000, negatives=15, epochs=3, batch_size=32
        ),
        clicks=ClicksConfig(
            sizes=ClickSizes(dim=16, bottom=(32,), top=(32, 16)), tastes=TastesConfig(width=24, rounds=6, users=200)
        ),
    )


def demo() -> Config:
    """The simulated shop of the demo: a minute on two cores."""
    return Config(
        name="demo",
        retrieval=RetrievalConfig(learning_rate=5e-3),
        ranking=RankingConfig(requests=20_000, negatives=15, wide_penalty=1.0),
    )


def retail() -> Config:
    """A shop of some thousand items: minutes on two cores."""
    return Config(name="retail", retrieval=RetrievalConfig(epochs=4))


def multimodal() -> Config:
    """As retail, with words read by Sentence-BERT and pictures by CLIP, of which the weights must be there."""
    return replace(retail(), name="multimodal", encoders=EncodersConfig(text="sentence-bert", image="clip"))


def sequential() -> Config:
    """Sequences of items and nothing else, evaluated as the academic field does; the order of the towers alone.

    The last two items of every user are left out: the last is asked for, and the one before it is known by then.
    """
    retrieval = RetrievalConfig(
        encoder=EncoderSizes(dropout=0.6),
        epochs=40,
        batch_size=1536,
        uniform_negatives=2048,
        weight_decay=0.3,
        history_dropout=0.1,
        mask_own=False,
    )
    return Config(name="sequential", leave_out=2, retrieval=retrieval, ranking=None)


def sequential_refit() -> Config:
    """As sequential, and trained on the last item but one as well."""
    return replace(sequential(), name="sequential_refit", leave_out=1)


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {each.__name__: each for each in (tiny, demo, retail, multimodal, sequential, sequential_refit)}
)


def load_recipe(name: str) -> Config:
    """A shipped recipe by name, or a user's own as `path/to/file.py:function`.

    Raises:
        RecipeError: no such recipe, file or function; the file or the function fails; or what it returns is not a
            Config.
    """
    if name in RECIPES:
        return RECIPES[name]()
    file, _, function = name.rpartition(":")
    if not file.endswith(".py"):
        raise RecipeError(
            f"There is no recipe '{name}'; there are: {', '.join(RECIPES)}, or your own as path/to/file.py:function."
        )
    config = _run(Path(file), function)
    if not isinstance(config, Config):
        raise RecipeError(f"'{function}' in {file} returned a {type(config).__name__}; a recipe returns a Config.")
    return config


def _run(file: Path, name: str) -> object:
    """What the user's function returns; a fault in the user's code is told as the user's, with its cause."""
    if not file.is_file():
        raise RecipeError(f"There is no file {file}; a recipe of your own is path/to/file.py:function.")
    try:
        function = runpy.run_path(str(file)).get(name)
        if callable(function):
            return function()
    except RecipeError:
        raise
    except Exception as error:
        raise RecipeError(f"The recipe {file}:{name} failed with {type(error).__name__}: {error}") from error
    raise RecipeError(f"{file} has no function '{name}'; a recipe is a function that returns a Config.")
