"""Where the weights of a pretrained model come from, and which they are."""

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from winnow.schema.errors import EncoderError

_PIECE = 1 << 20
_DIGITS = 16


@contextmanager
def loading(name: str, what: str) -> Generator[None]:
    """Turns whatever goes wrong while a model is loaded into one sentence.

    Args:
        name: id or folder of the model.
        what: the kind of model that is wanted, for the message.

    Raises:
        EncoderError: `name` looks like a folder and is none, or the block failed.
    """
    if _looks_like_folder(name) and not Path(name).is_dir():
        raise EncoderError(f"There is no folder {name}; a {what} was wanted there. Name its folder, or a public id.")
    try:
        yield
    except EncoderError:
        raise
    # Libraries raise whatever they like here: OSError, ValueError, KeyError, errors of their HTTP clients.
    except Exception as error:
        where = "in the folder" if Path(name).is_dir() else "under the id"
        raise EncoderError(
            f"No {what} could be loaded {where} '{name}' ({type(error).__name__}: {_first_line(error)}). "
            "Check the spelling; without a way to the internet, download the model elsewhere and name its folder."
        ) from error


def revision_of(name: str, commit: str | None) -> str:
    """What changes when the weights do.

    Args:
        name: id or folder of the model.
        commit: of a downloaded model, as its library says.

    Returns:
        The commit of a downloaded model; for a folder a digest of all that is in it.

    Raises:
        EncoderError: it is neither.
    """
    if Path(name).is_dir():
        return _digest(Path(name))
    if commit is None:
        raise EncoderError(f"The revision of the model '{name}' is not known; download it and name its folder.")
    return commit[:_DIGITS]


def short_name(name: str) -> str:
    """The id, or the last part of a folder's path: the same model has one name wherever it lies."""
    return Path(name).resolve().name if Path(name).is_dir() else name


def _looks_like_folder(name: str) -> bool:
    return name.startswith((".", "/", "~")) or name.count("/") > 1


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.stat().st_size.to_bytes(8, "big"))
        with file.open("rb") as opened:
            while piece := opened.read(_PIECE):
                digest.update(piece)
    return digest.hexdigest()[:_DIGITS]


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")
