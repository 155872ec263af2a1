"""`winnow bundle`: look at bundles."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.cli.printing import console, print_manifest

bundle_app = typer.Typer(no_args_is_help=True, help="Look at bundles, which are what training hands to serving.")

BundlePath = Annotated[Path, typer.Argument(help="Folder of a bundle.")]


@bundle_app.command("show")
def bundle_show(bundle: BundlePath) -> None:
    """Print what a bundle is made of, and from what."""
    from winnow.bundle.bundle import Bundle

    print_manifest(Bundle.open(bundle).manifest)


@bundle_app.command("verify")
def bundle_verify(bundle: BundlePath) -> None:
    """Check every file against the manifest, and that all parts belong together."""
    from winnow.engine.open_engine import open_engine

    engine = open_engine(bundle)
    console.print(
        f"{engine.name} is whole: every file is as it was written, and its {len(engine.catalogue)} items load."
    )
