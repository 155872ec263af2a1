"""`winnow bundle`: look at bundles, and say which one serves."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winnow.cli.printing import console, print_manifest
from winnow.schema.errors import BundleError

if TYPE_CHECKING:
    from winnow.api.bundles import BundleStatus
    from winnow.api.client import Client
    from winnow.bundle.registry import Registry

bundle_app = typer.Typer(
    no_args_is_help=True,
    help="""Look at bundles, which are what training hands to serving, and say which one serves.

Example: `winnow bundle show bundles/shop`

Example: `winnow bundle promote monday --registry registry/`""",
)

BundlePath = Annotated[Path, typer.Argument(help="Folder of a bundle.")]
RegistryPath = Annotated[
    Path | None,
    typer.Option("--registry", envvar="WINNOW_REGISTRY", help="Folder of bundles, from which the next service starts."),
]
Url = Annotated[
    str | None, typer.Option(envvar="WINNOW_URL", help="Of a running service, which changes over at once, all workers.")
]
Key = Annotated[str | None, typer.Option(envvar="WINNOW_API_KEY", help="Of that service.", show_envvar=True)]
PATIENCE_S = 600.0
"""For a service in which every worker opens a bundle."""


@bundle_app.command("show")
def bundle_show(bundle: BundlePath) -> None:
    """Print what a bundle is made of, and from what.

    Example: `winnow bundle show bundles/shop`
    """
    from winnow.bundle.bundle import Bundle

    print_manifest(Bundle.open(bundle).manifest)


@bundle_app.command("verify")
def bundle_verify(bundle: BundlePath) -> None:
    """Check every file against the manifest, and that all parts belong together.

    Example: `winnow bundle verify bundles/shop`
    """
    from winnow.engine.open_engine import open_engine

    engine = open_engine(bundle)
    console.print(
        f"{engine.name} is whole: every file is as it was written, and its {len(engine.catalogue)} items load."
    )


@bundle_app.command("list")
def bundle_list(registry: Annotated[Path, typer.Argument(help="Folder of bundles.")]) -> None:
    """Print the bundles of a registry, and which of them serves.

    Example: `winnow bundle list registry/`
    """
    from winnow.bundle.registry import Registry

    known = Registry(registry)
    pointer = known.pointer()
    roles = {pointer.previous: "previous", pointer.current: "current"}
    for name in known.names():
        line = f"{roles.get(name, ''):<9} {name}  {_told_of(known, name)}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)


@bundle_app.command("promote")
def bundle_promote(
    name: Annotated[str, typer.Argument(help="Of the bundle in its registry, as its folder is called.")],
    registry: RegistryPath = None,
    url: Url = None,
    key: Key = None,
) -> None:
    """Have a bundle serve, once it has proved whole and answers as it did when it was trained.

    A running service is asked with --url; its registry is the folder that it was started with.

    Example: `winnow bundle promote monday --registry registry/`

    Example: `winnow bundle promote tuesday --url http://localhost:8080 --key $KEY`
    """
    if url is not None:
        with closing(_client(url, key)) as client:
            _print_status(client.promote(name))
        return
    from winnow.engine.open_engine import open_engine
    from winnow.serving.engines.bundle_shelf import BundleShelf

    known = _registry(registry)
    console.print(BundleShelf(registry=known, first=name, open=open_engine).tried(name).trial)
    known.promote(name)
    console.print(f"{name} serves from the next start on: winnow serve {known.folder}")


@bundle_app.command("roll-back")
def bundle_roll_back(registry: RegistryPath = None, url: Url = None, key: Key = None) -> None:
    """Have the bundle serve that did before; a second call takes the first back.

    Example: `winnow bundle roll-back --registry registry/`

    Example: `winnow bundle roll-back --url http://localhost:8080 --key $KEY`
    """
    if url is not None:
        with closing(_client(url, key)) as client:
            _print_status(client.roll_back())
        return
    known = _registry(registry)
    name = known.previous()
    known.promote(name)
    console.print(f"{name} serves from the next start on: winnow serve {known.folder}")


def _told_of(registry: "Registry", name: str) -> str:
    try:
        manifest = registry.manifest_of(name)
    except BundleError as error:
        return str(error)
    return f"{manifest.name}  {manifest.created_at}"


def _client(url: str, key: str | None) -> "Client":
    from winnow.api.client import Client

    return Client(url, key, timeout_s=PATIENCE_S)


def _registry(path: Path | None) -> "Registry":
    from winnow.bundle.registry import Registry

    if path is None:
        raise BundleError("Whose bundle? Name the folder of bundles with --registry, or a running service with --url.")
    return Registry(path)


def _print_status(status: "BundleStatus") -> None:
    previous = status["previous"]
    before = "" if previous is None else f", after {previous['name']}"
    answering = f"{status['current']['name']} answers{before}. Workers: {len(status['workers'])}."
    console.print(answering, markup=False, highlight=False, soft_wrap=True)
