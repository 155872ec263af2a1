"""`winnow demo`: the whole road from nothing to a shop that answers."""

import os
import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer

from winnow.cli.printing import console
from winnow.cli.shop_beside import shop_missing, start_shop


def demo(
    folder: Annotated[Path, typer.Option(help="Where the shop and the bundle are kept.")] = Path("demo"),
    port: Annotated[
        int, typer.Option(min=1, max=65_534, help="Port of the service; the shop takes the one above.")
    ] = 8080,
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve", help="Whether to serve at the end.")] = True,
) -> None:
    """Simulate a shop, train, evaluate and serve it, with its web pages: the whole road in one command.

    Example: `winnow demo`

    Example: `winnow demo --folder my-demo --port 9000`
    """
    from winnow.evaluation.report_text import report_text
    from winnow.ops.demo import prepare_demo, welcome
    from winnow.ops.progress_bars import progress_bars
    from winnow.serving.process.listening import open_socket
    from winnow.serving.settings.settings import read_settings

    missing = shop_missing()
    if serve_it:
        for each in (port,) if missing else (port, port + 1):
            open_socket(read_settings(options={"port": each})).close()
    with progress_bars(console) as progress:
        made = prepare_demo(folder, progress)
    console.print(report_text(made.report), markup=False, highlight=False, soft_wrap=True)
    if serve_it:
        visitors_key, key = secrets.token_urlsafe(12), secrets.token_urlsafe(12)
        shop = missing or f"The shop is on http://127.0.0.1:{port + 1}"
        console.print(welcome(made, port, key, shop), markup=False, highlight=False, soft_wrap=True)
        sys.stdout.flush()
        if not missing:
            start_shop(f"http://127.0.0.1:{port}", port + 1, (visitors_key, key), made.user_id)
        # A process of its own: the one that trained holds torch, which serving does not need.
        os.environ["WINNOW_API_KEYS"] = f"{key},read+events:{visitors_key}"
        os.environ.setdefault("WINNOW_MEDIA", str(made.picture.parent))
        arguments = ["-m", "winnow.cli.main", "serve", str(made.bundle), "--port", str(port)]
        os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - our own program
