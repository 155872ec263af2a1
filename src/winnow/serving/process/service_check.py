"""Whether a service could start as it is told to, without starting it."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

from winnow.bundle.registry import Registry
from winnow.engine.open_engine import open_engine
from winnow.engine.open_outside import feast_users
from winnow.engine.state_home import check_server
from winnow.schema.errors import SettingsError, WinnowError
from winnow.serving.access.key_ring import KeyRing
from winnow.serving.access.role import written_roles
from winnow.serving.items.picture_files import PictureFiles
from winnow.serving.settings.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPart:
    """One thing that a service needs.

    Attributes:
        name: of the part.
        found: what is there, or a sentence that says what is wrong.
        is_good: whether the service could use it.
    """

    name: str
    found: str
    is_good: bool


def check_service(settings: Settings, bundle: Path | None) -> Iterator[CheckedPart]:
    """Looks at all that the settings name; changes nothing, and takes no lock, so that a service may be running.

    Args:
        settings: of the service, valid in themselves.
        bundle: it, or that which a registry was told to serve, is opened as a service would open it, with the feature
            store of the settings; None leaves both out.
    """
    yield _checked("keys", partial(_keys, settings))
    yield _checked("state", partial(_state, settings))
    if settings.events is not None:
        yield _checked("event log", partial(_folder, settings.events))
    if settings.media is not None:
        yield _checked("pictures", partial(_pictures, settings.media))
    if settings.grpc_port:
        yield _checked("gRPC", partial(_installed, "grpc"))
    if settings.otel_endpoint:
        yield _checked("traces", partial(_installed, "opentelemetry.sdk.trace"))
    if bundle is not None:
        yield _checked("bundle", partial(_bundle, bundle, settings))


def _checked(name: str, look: Callable[[], str]) -> CheckedPart:
    try:
        return CheckedPart(name=name, found=look(), is_good=True)
    except WinnowError as error:
        return CheckedPart(name=name, found=str(error), is_good=False)


def _keys(settings: Settings) -> str:
    known = KeyRing(fixed=settings.key_hashes, file=settings.keys_file).current()
    counts = Counter(written_roles(each.roles) for each in known)
    return ", ".join(f"{count} for {roles}" for roles, count in counts.items()) or (
        "none, so that nothing can be changed and nobody elsewhere is answered"
    )


def _state(settings: Settings) -> str:
    if settings.valkey_url:
        return f"{check_server(settings.valkey_url)} answers"
    return _folder(settings.state) if settings.state is not None else "in memory, and ends with the process"


def _folder(folder: Path) -> str:
    there = next((each for each in (folder, *folder.absolute().parents) if each.exists()), folder)
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        raise SettingsError(f"{there} is no folder that this process may write to; name another, or let it.")
    return f"{folder} can be written to"


def _installed(package: str) -> str:
    """Raises ModuleNotFoundError, as the service would, where the extra that brings it is not installed."""
    return f"{import_module(package).__name__} is installed"


def _pictures(folder: Path) -> str:
    return f"{PictureFiles.open(folder).folder} is there"


def _bundle(bundle: Path, settings: Settings) -> str:
    registry = Registry.at(bundle)
    chosen = bundle if registry is None else registry.path_of(registry.current())
    engine = open_engine(chosen, open_users=feast_users(settings.feast))
    return f"{engine.name}, {len(engine.catalogue):,} items"
