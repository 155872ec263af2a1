"""`winnow finetune`: the ranker of a bundle, taught by what came of its own lists."""

from pathlib import Path
from typing import Annotated

import typer

from winnow.cli.bundle import BundlePath
from winnow.cli.data import Force
from winnow.cli.printing import console, print_manifest


def finetune(
    bundle: BundlePath,
    events: Annotated[
        Path,
        typer.Option(
            envvar="WINNOW_EVENTS", help="Folder of the event log, with the lists of the service and the events."
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder that the new bundle becomes.")],
    *,
    force: Force = False,
) -> None:
    """Weigh anew what the ranker reads, by what visitors chose of what it had put before them.

    It learns from what the service logged as the ranker read it, and only what proves to do better on later choices is
    used. Towers, index and all else stay, so that the new bundle can take the place of the old one at once.

    Example: `winnow finetune bundles/shop --events events/ --out bundles/tuned`
    """
    from winnow.ops.finetune import finetune as run
    from winnow.ops.progress_bars import progress_bars

    with progress_bars(console) as progress:
        tuned = run(bundle, events, out, progress, force=force)
    print_manifest(tuned.manifest)
    console.print(f"Next: winnow evaluate {out}, winnow serve {out}")
