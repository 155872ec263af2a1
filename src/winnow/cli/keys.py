"""`winnow keys`: API keys of a service."""

import secrets
from typing import Annotated

import typer

from winnow.cli.printing import console

KEY_BYTES = 32

keys_app = typer.Typer(
    no_args_is_help=True,
    help="""Make API keys of a service.

Example: `winnow keys new --role read --role events`""",
)


@keys_app.callback()
def keys() -> None:
    """Keeps `new` a word of its own, while it is the only one."""


@keys_app.command("new")
def keys_new(
    role: Annotated[
        list[str],
        typer.Option(help="read, events, or admin, which may do all; give it again for a key with several roles."),
    ],
) -> None:
    """Make a key. It is shown this once; the line for the keys file (WINNOW_KEYS_FILE) holds only its hash.

    Example: `winnow keys new --role read --role events`
    """
    from winnow.schema.errors import SettingsError
    from winnow.serving.access.key_file import key_line
    from winnow.serving.access.role import JOINED_BY, read_roles

    try:
        roles = read_roles(JOINED_BY.join(role))
    except ValueError as error:
        raise SettingsError(f"'{JOINED_BY.join(role)}' is {error}.") from error
    key = secrets.token_urlsafe(KEY_BYTES)
    for line in (f"key:  {key}", f"line: {key_line(roles, key)}"):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
