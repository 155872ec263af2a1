"""`winnow ui`: the web pages of a service."""

import os
from typing import Annotated

import typer

from winnow.cli.printing import console


def ui(
    *,
    service: Annotated[str, typer.Option(help="Address of the service; WINNOW_UI_SERVICE by default.")] = "",
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen on; 0 takes any free one.")] = 8081,
    user: Annotated[
        list[str], typer.Option(help="A known user to offer, as often as you like; the first is who comes first.")
    ] = [],  # noqa: B006 - typer copies it
    operate: Annotated[
        bool,
        typer.Option("--operate", help="Let whoever reaches the pages swap, shadow, canary and roll back bundles."),
    ] = False,
    until_input_ends: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Show a service that runs as a shop, a glass house and its operations, in a browser.

    Keys come from the environment, and never reach a browser: WINNOW_UI_KEY reads and reports what visitors do,
    WINNOW_UI_ADMIN_KEY shows and deletes what is known of them and, with --operate, moves bundles. Whoever reaches the
    pages may do what these keys may.

    Example: `winnow ui --service http://127.0.0.1:8080 --user 42 --user 43`
    """
    from winnow.serving.process.listening import open_socket, url_of
    from winnow.serving.settings.settings import Settings as Listening
    from winnow.ui.run import run
    from winnow.ui.settings import read_settings

    settings = read_settings(os.environ, service=service, users=tuple(user), may_operate=operate)
    with open_socket(Listening(host=host, port=port)) as listening:
        console.print(f"The shop is on {url_of(listening)}, its service on {settings.service}.", highlight=False)
        run(settings, listening, until_input_ends=until_input_ends)
